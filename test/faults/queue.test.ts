import { expect } from 'chai';
import { runQueue, type QueueFindings } from './queue';

const MESSAGES = 100_000;

describe('A queue of 100,000 messages that wait for a key', function () {
  this.timeout(600_000);

  let found: QueueFindings;
  before(async () => {
    found = await runQueue(MESSAGES);
  });

  it('accepts all of them and refuses one more at once', () => {
    expect(found.waiting).to.equal(MESSAGES);
    expect(found.refused).to.equal(1);
  });

  it('takes less than 400 MB of heap with Node-RED and the messages themselves', () => {
    expect(found.heap).to.be.below(400e6);
  });

  it('continues with all of them after a full deploy', () => {
    expect([found.handed, found.lost]).to.deep.equal([MESSAGES, 0]);
  });

  it('ends each with VT_CLOSED when their node is deleted', () => {
    expect(found.closed).to.equal(MESSAGES);
  });

  it('yields to the event loop while the messages are dropped', () => {
    // In one go it would come round once or twice, however fast the machine. How long it takes is measured by `npm run soak`.
    expect(found.dropping.turns).to.be.above(50);
  });
});
