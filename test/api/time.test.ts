import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

/** Far more than any of these tests lasts. */
const LONG = 60_000;

describe('The timeout of a request', () => {
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

  it('gives VT_TIMEOUT when no answer comes', async () => {
    standIn.script([{ delayMs: 'forever' }]);
    const error = await failureOf(client(80).getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_TIMEOUT', retryable: true });
    expect(error.message).to.include('80 ms');
  });

  it('gives VT_TIMEOUT when the body never ends', async () => {
    standIn.script([{ drip: { everyMs: 10 } }]);
    expect(await failureOf(client(120).getReport(DOMAIN))).to.include({ code: 'VT_TIMEOUT' });
  });

  it('ends one request and no other', async () => {
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

  describe('when the client is closed', () => {
    it('does not delay VT_CLOSED for requests in flight and later ones', async () => {
      standIn.script([{ delayMs: 'forever', times: Infinity }]);
      const api = client(LONG);
      const asked = Array.from({ length: 5 }, () => failureOf(api.getReport(DOMAIN)));
      await until(() => standIn.requests.length > 0);
      await api.close();
      for (const error of await Promise.all(asked)) expect(error.code).to.equal('VT_CLOSED');
      expect((await failureOf(api.getReport(DOMAIN))).code).to.equal('VT_CLOSED');
      expect(standIn.requests.length).to.be.at.most(5);
    });

    it('does not matter to a client that is closed twice', async () => {
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
