import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { MAX_CONNECTIONS } from '../../src/api/dispatcher';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';
import { domainBody, serve } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

/** Far more than any of these tests lasts. */
const LONG = 60_000;

describe('The time for an answer', () => {
  let standIn: StandIn;
  let apis: VirusTotalApi[];

  beforeEach(async () => {
    standIn = await startStandIn();
    apis = [];
  });
  afterEach(async () => {
    await Promise.all(apis.map((api) => api.close()));
    await standIn.close();
  });

  function client(timeout: number): VirusTotalApi {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: standIn.url('v3'), timeout });
    apis.push(api);
    return api;
  }

  it('ends in VT_TIMEOUT when nothing comes', async () => {
    standIn.script([{ delayMs: 'forever' }]);
    const error = await failureOf(client(80).getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_TIMEOUT', retryable: true });
    expect(error.message).to.include('80 ms');
  });

  it('ends in VT_TIMEOUT when the body drips without an end', async () => {
    standIn.script([{ drip: { everyMs: 10 } }]);
    expect(await failureOf(client(120).getReport(DOMAIN))).to.include({ code: 'VT_TIMEOUT' });
  });

  it('is over for one question only', async () => {
    standIn.script([{ delayMs: 'forever' }]);
    const api = client(LONG);
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const late = failureOf(api.getReport(DOMAIN));
      await until(() => standIn.requests.length > 0);
      clock.tick(LONG + 1_000);
      expect((await late).code).to.equal('VT_TIMEOUT');
      expect(await api.getReport(DOMAIN)).to.have.property('answer');
    } finally {
      clock.uninstall();
    }
  });

  it('does not run while all connections are in use', async () => {
    const held: (() => void)[] = [];
    const server = await serve((_request, response) => held.push(() => response.end(domainBody())));
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: server.origin, timeout: 1_000 });
      apis.push(api);
      const asked = Array.from({ length: MAX_CONNECTIONS + 3 }, () => api.getReport(DOMAIN));
      for (const waiting of [MAX_CONNECTIONS, 3]) {
        await until(() => held.length === waiting);
        clock.tick(900);
        for (const answer of held.splice(0)) answer();
      }
      for (const exchange of await Promise.all(asked)) expect(exchange).to.have.property('answer');
    } finally {
      clock.uninstall();
      await server.close();
    }
  });

  describe('when nobody waits any more', () => {
    it('ends with VT_CLOSED, and the connection with it', async () => {
      standIn.script([{ delayMs: 'forever' }]);
      const abort = new AbortController();
      const asked = client(LONG).getReport(DOMAIN, { signal: abort.signal });
      await until(() => standIn.requests.length > 0);
      abort.abort();
      expect(await failureOf(asked)).to.include({ code: 'VT_CLOSED', retryable: false });
    });

    it('asks nothing at all when that was so before', async () => {
      const error = await failureOf(client(LONG).getReport(DOMAIN, { signal: AbortSignal.abort() }));
      expect(error.code).to.equal('VT_CLOSED');
      expect(standIn.requests).to.deep.equal([]);
    });

    it('leaves no listener on the signal of a question that was answered', async () => {
      const { signal } = new AbortController();
      let listeners = 0;
      const counted = Object.assign(signal, {
        addEventListener: () => listeners++,
        removeEventListener: () => listeners--,
      });
      await client(LONG).getReport(DOMAIN, { signal: counted });
      expect(listeners).to.equal(0);
    });
  });

  describe('when the client is closed', () => {
    it('is over for what is under way, for what waits for a connection, and for what comes later', async () => {
      standIn.script([{ delayMs: 'forever', times: Infinity }]);
      const api = client(LONG);
      const asked = Array.from({ length: MAX_CONNECTIONS + 3 }, () => failureOf(api.getReport(DOMAIN)));
      await until(() => standIn.requests.length > 0);
      await api.close();
      for (const error of await Promise.all(asked)) expect(error.code).to.equal('VT_CLOSED');
      expect((await failureOf(api.getReport(DOMAIN))).code).to.equal('VT_CLOSED');
      expect(standIn.requests.length).to.be.at.most(MAX_CONNECTIONS);
    });

    it('may be so twice', async () => {
      const api = client(LONG);
      await api.getReport(DOMAIN);
      await api.close();
      await api.close();
    });
  });
});

async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setImmediate(resolve));
}
