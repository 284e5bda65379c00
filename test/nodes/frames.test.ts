import { join, sep } from 'node:path';
import { expect } from 'chai';
import { Agent } from 'undici';
import { withStandIn } from '../support/with-stand-in';

const ROOT = join(__dirname, '..', '..') + sep;
/** A frame of this package: where a person who follows one message has to read. */
const OWN = new RegExp(`${ROOT.replaceAll(/[\\.]/g, '\\$&')}((?:src|nodes)[^:]*)`);

describe('The call stack from the input of a VirusTotal node to its request', () => {
  const fixture = withStandIn();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with `apply`
  const { dispatch } = Agent.prototype;
  const limit = Error.stackTraceLimit;
  let files: (string | undefined)[];

  beforeEach(() => {
    files = [];
    Agent.prototype.dispatch = function (this: Agent, ...request) {
      Error.stackTraceLimit = Infinity;
      const frames = (new Error('here').stack ?? '').split('\n').slice(1);
      Error.stackTraceLimit = limit;
      // The first request; after it VirusTotal is asked for its quota.
      if (files.length === 0) files = frames.map((frame) => OWN.exec(frame)?.[1]).filter(Boolean);
      return dispatch.apply(this, request);
    };
  });
  afterEach(() => {
    Agent.prototype.dispatch = dispatch;
  });

  it('has at most twelve frames and no await between them', async () => {
    fixture.vt.know('parcel-redelivery.com', 7);
    const flow = await fixture.deploy({ node: { action: 'domain' }, config: { rateLimit: false } });
    flow.send({ payload: 'parcel-redelivery.com' });
    await flow.ended(1);
    expect(flow.out[0]?.payload).to.include({ positives: 7 });
    expect(files.at(-1)).to.equal(join('nodes', 'on-input.ts'));
    expect(files[0]).to.equal(join('src', 'api', 'http-call.ts'));
    expect(files.length, files.join('\n')).to.be.at.most(12);
  });

  it('has at most six frames after a wait for the limiter', async () => {
    const flow = await fixture.deploy({
      node: { action: 'domain' },
      config: { rateLimit: true, rateLimitMs: 15_000 },
    });
    flow.send({ payload: 'parcel-redelivery.com' });
    await flow.ended(1);
    expect(files[0]).to.equal(join('src', 'api', 'http-call.ts'));
    expect(files.length, files.join('\n')).to.be.at.most(6);
  });
});
