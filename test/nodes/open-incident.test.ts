import { expect } from 'chai';
import type { NodeMessage } from 'node-red';
import { OpenIncident } from '../../nodes/open-incident';
import type { Received } from '../../nodes/received';
import { approximateSize } from '../../src/summary/approximate-size';

const LIMIT = 64 * 1024 * 1024;

function sizeOf(msg: NodeMessage & Record<string, unknown>): number {
  const received: Received = {
    msg,
    send: () => undefined,
    error: () => undefined,
    whenRunning: () => undefined,
    ended: false,
  };
  return approximateSize(new OpenIncident(received, { fromCatch: false }), LIMIT);
}

describe('An open incident', () => {
  it('takes the memory of its message, for the limit of all', () => {
    expect(sizeOf({ _msgid: 'a', payload: Buffer.alloc(1_000_000) })).to.be.above(1_000_000);
  });

  it('does not count the HTTP request that the message came with', () => {
    const req = { socket: { server: 'x'.repeat(1_000_000) } };
    expect(sizeOf({ _msgid: 'a', payload: 'b', req, res: req })).to.be.below(10_000);
  });
});
