import { expect } from 'chai';
import { runQueue } from './queue';

const MESSAGES = 100_000;

describe('A queue of 100,000 messages that wait for a key', function () {
  this.timeout(600_000);

  it('continues after a full deploy and ends with VT_CLOSED when its node is deleted', async () => {
    const { waiting, refused, heap, handed, lost, closed, dropping } = await runQueue(MESSAGES);
    expect({ waiting, refused, handed, lost, closed }).to.deep.equal({
      waiting: MESSAGES,
      refused: 1,
      handed: MESSAGES,
      lost: 0,
      closed: MESSAGES,
    });
    expect(heap, 'bytes of heap with Node-RED and the messages themselves').to.be.below(400e6);
    // In one go the event loop would come round once or twice, however fast the machine. How long it takes is measured by `npm run soak`.
    expect(dropping.turns, 'turns of the event loop while the messages are dropped').to.be.above(50);
  });
});
