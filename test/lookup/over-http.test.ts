import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { Agent, type Dispatcher } from 'undici';
import { VirusTotalService } from '../../src/lookup/service';
import { domainBody, serve } from '../api/local-server';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { LEFT_AT, StrictServer } from '../../tools/fake-virustotal/strict-server';

/** How long the minute takes here, in ms, how many starts it has, and how many lookups there are. */
const WINDOW_MS = Number(process.env['SOAK_WINDOW_MS'] ?? 1500);
const PER_WINDOW = 250;
const LOOKUPS = 1000;

describe('A queue of 1,000 lookups over HTTP with a shortened minute', () => {
  let server: StrictServer;
  let service: VirusTotalService;
  let agent: Dispatcher;

  beforeEach(async () => {
    server = await new StrictServer(PER_WINDOW, WINDOW_MS).listen();
    agent = new Agent({ connections: 64 }).compose((dispatch) => (options, handler) => {
      const headers = { ...(options.headers as object), [LEFT_AT]: String(performance.now()) };
      return dispatch({ ...options, headers }, handler);
    });
    service = new VirusTotalService({
      apiUrl: server.url,
      apiKey: freshKey(),
      dispatcher: agent,
      rateLimitMode: 'window',
      rateLimitCount: PER_WINDOW,
      dailyQuota: 0,
      monthlyQuota: 0,
      timeScale: WINDOW_MS / 60_000,
    });
  });
  afterEach(async () => {
    await service.close();
    await agent.close();
    await server.close();
  });

  it('starts each request soon after the limit allows it and is never refused by a strict sliding window', async () => {
    const asked = Array.from({ length: LOOKUPS }, (_, i) =>
      service.lookup({ type: 'domain', value: `d${i}.example.com` }),
    );
    await Promise.all(asked);

    const { accepted, refused } = server;
    expect({ refused, accepted: accepted.length }).to.deep.equal({ refused: 0, accepted: LOOKUPS });
    const ages = accepted.slice(PER_WINDOW).map((at, i) => at - (accepted[i] as number));
    // A busy machine is late now and then, but not with each of hundreds.
    expect(Math.min(...ages)).to.be.within(WINDOW_MS, 1.5 * WINDOW_MS);
  });
});

describe('Lookups that wait for one of 64 connections', () => {
  it('get their full time-out once they start', async () => {
    const held: (() => void)[] = [];
    const server = await serve((_request, response) => held.push(() => response.end(domainBody())));
    const service = new VirusTotalService({
      apiKey: freshKey(),
      apiUrl: server.origin,
      rateLimit: false,
      dailyQuota: 0,
      monthlyQuota: 0,
      timeout: 1_000,
    });
    const clock = install({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const asked = Array.from({ length: 64 + 3 }, (_, i) =>
        service.lookup({ type: 'domain', value: `d${i}.example.com` }),
      );
      for (const underWay of [64, 3]) {
        while (held.length < underWay) await new Promise(setImmediate);
        expect(held.length).to.equal(underWay);
        clock.tick(900);
        for (const answer of held.splice(0)) answer();
      }
      for (const report of await Promise.all(asked)) expect(report).to.include({ positives: 3 });
    } finally {
      clock.uninstall();
      await service.close();
      await server.close();
    }
  });
});
