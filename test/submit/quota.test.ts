import { expect } from 'chai';
import { Dispatcher } from 'undici';
import { VirusTotalService } from '../../src/lookup/service';
import { startSubmission } from '../../src/submit/submission';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { pass, startVirtualClock, type VirtualClock } from '../support/virtual-clock';

const SUBMISSIONS = 50;

/**
 * How long VirusTotal takes for an analysis, in ms: a URL often some seconds, a file 1 to 5 minutes, as its users and clients tell. The times
 * that differ from one analysis to the next are the same in each run.
 */
const ANALYSES: Record<string, (n: number) => number> = {
  'of 20 s': () => 20_000,
  'of 90 s': () => 90_000,
  'of 30 s to 5 min': (n) => 30_000 + ((n * 0.618_034) % 1) * 270_000,
};

/** A VirusTotal on a virtual clock that knows nothing until its analysis is over; it counts what it is asked. */
class AnalyzingVirusTotal extends Dispatcher {
  readonly requests: { at: number; what: string }[] = [];
  readonly #sentAt = new Map<string, number>();
  readonly #takes = new Map<string, number>();
  /** Of the analysis with this number, in ms. */
  duration: (n: number) => number = () => 90_000;

  /** The word that analyses end with in place of a report. */
  failed: string | undefined;

  /** From the end of an analysis to this time, in ms. */
  lateness(url: string, at: number): number {
    const analysis = `u-${Buffer.from(url).toString('hex')}-1`;
    return at - (this.#sentAt.get(analysis) ?? 0) - (this.#takes.get(analysis) ?? 0);
  }

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
      this.#takes.set(analysis, this.duration(this.#takes.size));
      return [200, { data: { type: 'analysis', id: analysis } }];
    }
    const analysis = collection === 'analyses' ? id : `u-${Buffer.from(id, 'base64url').toString('hex')}-1`;
    const age = performance.now() - (this.#sentAt.get(analysis) ?? Infinity);
    if (!(age >= 0)) return [404, { error: { code: 'NotFoundError', message: 'unknown' } }];
    if (collection === 'analyses' && part === '' && this.failed !== undefined)
      return [200, { data: { type: 'analysis', id, attributes: { status: this.failed } } }];
    const isOver = this.failed === undefined && age >= (this.#takes.get(analysis) ?? 0);
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
  let vt: AnalyzingVirusTotal;
  beforeEach(() => {
    clock = startVirtualClock();
    vt = new AnalyzingVirusTotal();
    service = new VirusTotalService({ apiKey: freshKey(), dispatcher: vt, maxQueue: 1000 });
  });
  afterEach(async () => {
    await service.close();
    clock.uninstall();
  });

  for (const [times, duration] of Object.entries(ANALYSES)) {
    for (const [arrivals, everyMs] of [
      ['together', 0],
      ['at the pace that the key can keep', 53_000],
      ['every 10 minutes', 600_000],
    ] as const) {
      it(`takes at most 3.5 requests for each of ${SUBMISSIONS} unknown URLs that come ${arrivals}, with analyses ${times}`, async () => {
        vt.duration = duration;
        const ends: string[] = [];
        const lateness: number[] = [];
        const submit = (i: number): void => {
          const url = `https://u${i}.example.com/`;
          startSubmission(service, { kind: 'url', url }, { timeoutMs: 3_600_000 }).result.then(
            ({ report }) => {
              ends.push(`${report?.positives} of ${report?.total}`);
              lateness.push(vt.lateness(url, performance.now()));
            },
            (error: Error) => ends.push(error.message),
          );
        };
        for (let i = 0; i < SUBMISSIONS; i++) {
          submit(i);
          if (everyMs > 0) await pass(clock, everyMs);
        }
        for (let minute = 0; minute < 90 && ends.length < SUBMISSIONS; minute++) await pass(clock, 60_000);
        // It costs some patience: the report comes a little later than the end of its analysis.
        if (everyMs === 600_000) expect(Math.max(...lateness)).to.be.at.most(5 * 60_000);
        expect(ends).to.deep.equal(new Array(SUBMISSIONS).fill('2 of 62'));
        expect(vt.requests.filter(({ what }) => what === 'POST urls')).to.have.length(SUBMISSIONS);
        expect(vt.requests.length / SUBMISSIONS).to.be.at.most(3.5);
        vt.requests
          .slice(1)
          .forEach(({ at }, i) => expect(at - (vt.requests[i]?.at ?? 0)).to.be.at.least(14_999));
      });
    }
  }

  it('polls the first analyses after 30 s, and then at intervals that grow to 60 s', async () => {
    vt.duration = () => 310_000;
    service = new VirusTotalService({ apiKey: freshKey(), dispatcher: vt, rateLimit: false });
    for (const name of ['one', 'two']) {
      vt.requests.splice(0);
      startSubmission(service, { kind: 'url', url: `https://${name}.example.com/` });
      await pass(clock, 400_000);
      const [, sent, ...later] = vt.requests;
      const polls = later.filter(({ what }) => what === 'GET analyses').slice(0, 6);
      expect(polls.map(({ at }) => Math.round((at - (sent?.at ?? 0)) / 1000))).to.deep.equal([
        30, 70, 120, 180, 240, 300,
      ]);
    }
  });

  it('tells of an analysis that failed although those before gave reports', async () => {
    service = new VirusTotalService({ apiKey: freshKey(), dispatcher: vt, rateLimit: false });
    startSubmission(service, { kind: 'url', url: 'https://one.example.com/' });
    await pass(clock, 200_000);
    vt.failed = 'corrupted file';
    const failed = startSubmission(service, { kind: 'url', url: 'https://two.example.com/' });
    await pass(clock, 400_000);
    const error: unknown = await failed.result.catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message').that.includes('corrupted file');
  });

  it('lets a lookup go before the polls of an analysis', async () => {
    vt.duration = () => 90_000;
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
