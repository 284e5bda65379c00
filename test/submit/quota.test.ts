import { expect } from 'chai';
import { Dispatcher } from 'undici';
import { VirusTotalService } from '../../src/lookup/service';
import { startSubmission } from '../../src/submit/submission';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { pass, startVirtualClock, type VirtualClock } from '../support/virtual-clock';

/** How long VirusTotal takes for an analysis. */
const ANALYSIS_MS = 90_000;

/** A VirusTotal on a virtual clock that knows nothing until its analysis is over; it counts what it is asked. */
class AnalyzingVirusTotal extends Dispatcher {
  readonly requests: { at: number; what: string }[] = [];
  readonly #sentAt = new Map<string, number>();

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const path = options.path.replace('/api/v3/', '');
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      abort: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    };
    handler.onRequestStart?.(controller, {});
    const [status, json] = this.#answer(options.method, path, options.body);
    queueMicrotask(() => {
      handler.onResponseStart?.(controller, status, { 'content-type': 'application/json' });
      handler.onResponseData?.(controller, Buffer.from(JSON.stringify(json)));
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }

  #answer(method: string, path: string, body: unknown): [number, unknown] {
    if (path.startsWith('users/')) return [403, {}];
    const [collection = '', id = '', part = ''] = path.split('/').map(decodeURIComponent);
    this.requests.push({ at: performance.now(), what: `${method} ${collection} ${part}`.trim() });
    if (method === 'POST') {
      const url = new URLSearchParams(String(body)).get('url') ?? '';
      const analysis = `u-${Buffer.from(url).toString('hex')}-1`;
      this.#sentAt.set(analysis, performance.now());
      return [200, { data: { type: 'analysis', id: analysis } }];
    }
    const analysis = collection === 'analyses' ? id : `u-${Buffer.from(id, 'base64url').toString('hex')}-1`;
    const age = performance.now() - (this.#sentAt.get(analysis) ?? Infinity);
    if (!(age >= 0)) return [404, { error: { code: 'NotFoundError', message: 'unknown' } }];
    const isOver = age >= ANALYSIS_MS;
    if (collection === 'analyses' && part === '')
      return [
        200,
        { data: { type: 'analysis', id, attributes: { status: isOver ? 'completed' : 'queued' } } },
      ];
    const attributes = isOver
      ? { last_analysis_stats: { malicious: 2, undetected: 60 }, last_analysis_date: Date.now() / 1000 }
      : {};
    return [200, { data: { type: 'url', id: 'a'.repeat(64), attributes } }];
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override destroy(): Promise<void> {
    return Promise.resolve();
  }
}

describe('The quota of a public key', () => {
  let clock: VirtualClock;
  let service: VirusTotalService;
  const vt = new AnalyzingVirusTotal();
  beforeEach(() => {
    clock = startVirtualClock();
    vt.requests.splice(0);
    service = new VirusTotalService({ apiKey: freshKey(), dispatcher: vt, maxQueue: 1000 });
  });
  afterEach(async () => {
    await service.close();
    clock.uninstall();
  });

  it('takes at most 3.5 requests for each of 50 unknown URLs that come together', async () => {
    const ends: string[] = [];
    for (let i = 0; i < 50; i++)
      startSubmission(service, { kind: 'url', url: `https://u${i}.example.com/` }).result.then(
        ({ report }) => ends.push(`${report?.positives} of ${report?.total}`),
        (error: Error) => ends.push(error.message),
      );
    for (let minute = 0; minute < 90 && ends.length < 50; minute++) await pass(clock, 60_000);
    expect(ends).to.deep.equal(new Array(50).fill('2 of 62'));
    expect(vt.requests.filter(({ what }) => what === 'POST urls')).to.have.length(50);
    expect(vt.requests.length / 50).to.be.at.most(3.5);
    vt.requests
      .slice(1)
      .forEach(({ at }, i) => expect(at - (vt.requests[i]?.at ?? 0)).to.be.at.least(14_999));
  });

  it('lets a lookup go before the polls of an analysis', async () => {
    const submission = startSubmission(service, { kind: 'url', url: 'https://one.example.com/' });
    await pass(clock, 31_000);
    const found = service.get({ type: 'url', value: 'https://other.example.com/' });
    let isFound = false;
    found.then(
      () => (isFound = true),
      () => undefined,
    );
    await pass(clock, 16_000);
    expect(isFound).to.equal(true);
    await pass(clock, 5 * 60_000);
    expect((await submission.result).report).to.include({ positives: 2 });
  });
});
