import { Dispatcher } from 'undici';
import { hashesOf } from '../../tools/fake-virustotal/file-details';

/** What a request got: a report, or word that the allowance is used up. */
export type Outcome = 'report' | 'refused';

/** Of a report, by the path of its request. */
const TYPES: Record<string, string> = {
  files: 'file',
  urls: 'url',
  domains: 'domain',
  ip_addresses: 'ip_address',
};

/** A VirusTotal without a network, with the daily allowance of a free key. It knows everything it is asked for. */
export class DayOfVirusTotal extends Dispatcher {
  /** What was asked for with success, in its order. */
  readonly asked: string[] = [];
  refused = 0;
  readonly #daily: number;
  readonly #sha256Of: ReadonlyMap<string, string>;

  /** @param sha256Of of each hash of each file */
  constructor(daily: number, sha256Of: ReadonlyMap<string, string>) {
    super();
    this.#daily = daily;
    this.#sha256Of = sha256Of;
  }

  /** One lookup of a value, as any client makes it. */
  take(value: string): Outcome {
    if (this.asked.length >= this.#daily) {
      this.refused++;
      return 'refused';
    }
    this.asked.push(value);
    return 'report';
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { status, json } = this.#answer(options.path);
    const body = Buffer.from(JSON.stringify(json));
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      abort: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    };
    handler.onRequestStart?.(controller, {});
    queueMicrotask(() => {
      handler.onResponseStart?.(controller, status, { 'content-type': 'application/json' });
      handler.onResponseData?.(controller, body);
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  }

  #answer(path: string): { status: number; json: unknown } {
    const [what = '', id = ''] = path.replace('/api/v3/', '').split(/[/?]/);
    // What is used of the quotas costs nothing, and this key may not ask.
    if (what === 'users') return { status: 403, json: { error: { code: 'ForbiddenError', message: '' } } };
    const value = what === 'urls' ? Buffer.from(id, 'base64url').toString() : decodeURIComponent(id);
    if (this.take(value) === 'refused')
      return { status: 429, json: { error: { code: 'QuotaExceededError', message: 'Quota exceeded' } } };
    const sha256 = this.#sha256Of.get(value);
    const stats = { malicious: 3, suspicious: 0, harmless: 60, undetected: 7 };
    const attributes = { last_analysis_stats: stats, ...(sha256 === undefined ? {} : hashesOf(sha256)) };
    return { status: 200, json: { data: { id: sha256 ?? id, type: TYPES[what], attributes } } };
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override destroy(): Promise<void> {
    return Promise.resolve();
  }
}
