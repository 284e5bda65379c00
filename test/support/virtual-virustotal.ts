import type { IncomingMessage } from 'node:http';
import { Dispatcher } from 'undici';
import { deniedAnswer, quotasAnswer, refusedAnswer, type Answer } from '../../tools/fake-virustotal/answer';
import type { ParsedRequest } from '../../tools/fake-virustotal/api-request';
import { parseRequest } from '../../tools/fake-virustotal/parsed-request';
import { VirusTotalState } from '../../tools/fake-virustotal/state';
import { submittalOf } from '../../tools/fake-virustotal/submission-answer';
import { answerTo, costOf, type FullRequest } from '../../tools/fake-virustotal/v3-service';
import { Quota, type QuotaOptions } from '../../tools/fake-virustotal/quota';

/** What goes wrong with one request. Left out: the right answer. */
export interface Trouble {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  /** The code of a network error in place of an answer. */
  network?: string;
  /** Milliseconds until it answers; Infinity: never. */
  delayMs?: number;
  /** Milliseconds until it leaves: there was no connection yet. */
  connectMs?: number;
}

export interface VirtualRequest {
  indicator: string;
  method: string;
  path: string;
  /** Milliseconds of the monotonic clock at which it left. */
  at: number;
  /** 0: none, or not yet. */
  status: number;
  /** Which of the requests for reports it is, from 1; 0 for a question about the quota. */
  number: number;
}

/**
 * A VirusTotal without a network, for tests on a virtual clock: undici's dispatcher as the lookup service takes it, behind which the
 * report catalog of the stand-in answers and its strict sliding window counts.
 */
export class VirtualVirusTotal extends Dispatcher {
  readonly requests: VirtualRequest[] = [];
  /** Questions about the quota. They cost nothing. */
  readonly quotaQuestions: VirtualRequest[] = [];
  /** What goes wrong; gets the questions about the quota too. */
  trouble: (request: VirtualRequest) => Trouble | undefined = () => undefined;
  /** Milliseconds from a request's start to its answer. */
  latencyMs = 0;
  /** Reports of all engines are large: thousands of lookups do with the counts alone. */
  brief = false;
  readonly state = new VirusTotalState(clock);
  readonly catalog = this.state.catalog;
  readonly quota: Quota;
  readonly #apiKey: string;

  constructor(apiKey: string, quota: QuotaOptions = {}) {
    super();
    this.#apiKey = apiKey;
    this.quota = new Quota(quota, clock);
  }

  /** The indicators it was asked for, in order. */
  get asked(): string[] {
    return this.requests.map(({ indicator }) => indicator);
  }

  get starts(): number[] {
    return this.requests.map(({ at }) => at);
  }

  get refused(): VirtualRequest[] {
    return this.requests.filter(({ status }) => status === 429 || status === 204);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { path, method } = options;
    const headers = options.headers as Record<string, string>;
    const incoming = { url: path, method, headers } as unknown as IncomingMessage;
    const parsed = parseRequest(incoming, '', this.catalog);
    const free = parsed.what === 'quotas';
    const request: VirtualRequest = {
      indicator: parsed.indicators[0] ?? '',
      method,
      path,
      at: performance.now(),
      status: 0,
      number: free ? 0 : this.requests.length + 1,
    };
    (free ? this.quotaQuestions : this.requests).push(request);
    const { connectMs = 0, ...trouble } = this.trouble(request) ?? {};
    const leave = (): void => {
      request.at = performance.now();
      this.#take(this.#fullRequest(parsed, options), request, trouble, handler);
    };
    if (connectMs > 0) setTimeout(leave, connectMs);
    else leave();
    return true;
  }

  /** With a form or JSON as its body; files are for the stand-in over HTTP. */
  #fullRequest(parsed: ParsedRequest, { body, headers }: Dispatcher.DispatchOptions): FullRequest {
    const text = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body).toString() : '';
    if (parsed.what !== 'submit') return { parsed, text };
    const contentType = (headers as Record<string, string>)['content-type'] ?? '';
    return { parsed, text, submittal: submittalOf(parsed, { kind: 'text', text, contentType }, this.state) };
  }

  /** @param isReplaced whether the report is replaced: making one takes longer than all else that a lookup does */
  #right(full: FullRequest, request: VirtualRequest, isReplaced: boolean): Answer {
    const { parsed } = full;
    if (parsed.key !== this.#apiKey) return deniedAnswer(parsed);
    if (request.number === 0) return quotasAnswer(parsed, this.quota);
    if (!this.quota.take(costOf(full, this.state))) return refusedAnswer(parsed);
    if (parsed.what === 'report') this.state.advanceOf(parsed.kind, parsed.indicators);
    if ((this.brief || isReplaced) && parsed.what === 'report') {
      // As a whole report would: from now on it knows the file by all of its hashes.
      for (const indicator of parsed.indicators) this.catalog.find(parsed.kind, indicator);
      return briefAnswer(request.indicator);
    }
    return answerTo(full, this.#apiKey, this.state, 'https://www.virustotal.com');
  }

  #take(
    full: FullRequest,
    request: VirtualRequest,
    trouble: Trouble,
    handler: Dispatcher.DispatchHandler,
  ): void {
    const { network, delayMs = this.latencyMs } = trouble;
    const right = this.#right(full, request, network !== undefined || trouble.status !== undefined);
    let over = false;
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      abort(reason: Error) {
        if (over) return;
        over = true;
        queueMicrotask(() => handler.onResponseError?.(controller, reason));
      },
      pause: () => undefined,
      resume: () => undefined,
    };
    const answer = (): void => {
      if (over) return;
      over = true;
      if (network !== undefined) {
        handler.onResponseError?.(controller, Object.assign(new Error(network), { code: network }));
        return;
      }
      request.status = trouble.status ?? right.status;
      const json = 'json' in trouble ? trouble.json : trouble.status === undefined ? right.json : {};
      handler.onResponseStart?.(controller, request.status, {
        'content-type': 'application/json',
        ...trouble.headers,
      });
      if (json !== undefined) handler.onResponseData?.(controller, Buffer.from(JSON.stringify(json)));
      handler.onResponseEnd?.(controller, {});
    };
    handler.onRequestStart?.(controller, {});
    if (delayMs === 0) queueMicrotask(answer);
    else if (delayMs !== Infinity) setTimeout(answer, delayMs);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  override destroy(): Promise<void> {
    return Promise.resolve();
  }
}

function briefAnswer(id: string): Answer {
  return {
    status: 200,
    json: { data: { id, attributes: { last_analysis_stats: { malicious: 1, harmless: 69 } } } },
  };
}

/** The clock that cannot be set, as a time of the day. */
function clock(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
