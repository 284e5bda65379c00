import { expect } from 'chai';
import { Agent, type Dispatcher } from 'undici';
import { VirusTotalService } from '../../src/lookup/service';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { LEFT_AT, StrictServer } from '../../tools/fake-virustotal/strict-server';

/** How long the minute takes here, in ms, how many starts it has, and how many lookups there are. */
const WINDOW_MS = Number(process.env['SOAK_WINDOW_MS'] ?? 1500);
const PER_WINDOW = 250;
const LOOKUPS = 1000;

describe('A queue of 1,000 lookups over HTTP, with a minute that is shortened', () => {
  let server: StrictServer;
  let service: VirusTotalService;
  let agent: Dispatcher;

  before(async () => {
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
    const asked = Array.from({ length: LOOKUPS }, (_, i) =>
      service.lookup({ type: 'domain', value: `d${i}.example.com` }),
    );
    await Promise.all(asked);
  });
  after(async () => {
    await service.close();
    await agent.close();
    await server.close();
  });

  it('is refused nothing by a server that enforces a strict sliding window', () => {
    expect(server.refused).to.equal(0);
    expect(server.accepted.length).to.equal(LOOKUPS);
  });

  it('goes again soon after it may', () => {
    const { accepted } = server;
    const ages = accepted.slice(PER_WINDOW).map((at, i) => at - (accepted[i] as number));
    // A busy machine is late now and then, but not with each of hundreds.
    expect(Math.min(...ages)).to.be.within(WINDOW_MS, 1.5 * WINDOW_MS);
  });
});
