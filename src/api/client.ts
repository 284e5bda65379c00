import type { Dispatcher } from 'undici';
import type { Indicator } from '../ioc/ioc';
import { ReportShapeError } from '../report/narrow';
import { reportFrom } from '../report/read';
import type { Report } from '../report/report';
import { decompressed, isPlainUtf8, textOf } from './body';
import { createDispatcher, MAX_CONNECTIONS, proxyCredentials, proxyFromEnvironment } from './dispatcher';
import { VirusTotalError } from './errors';
import { HttpExchange, type ExchangeLimits, type HttpAnswer } from './http-exchange';
import { quoted, type Failure } from './failure';
import { networkFailure } from './network-failure';
import { checkedApiKey, checkedApiUrl, checkedCount, type ApiOptions, type ApiVersion } from './options';
import { quotaFigures, type QuotaFigures } from './quota-figures';
import { isRedirect, resolvePath } from './redirect';
import { Redactor } from './redact';
import { apiError, statusFailure } from './status-failure';
import { Turns } from './turns';
import { v2Path, withoutV2Key, withV2Key } from './v2';
import { mitreTreesPath, overallQuotasPath, v3Path } from './v3';

/** VirusTotal's front end serves gzip only to a user agent that says so. */
const USER_AGENT = '@nr-threat-intel/node-red-virustotal (gzip)';

const MAX_BYTES = 32 * 1024 * 1024;

export interface Answer {
  report: Report;
  /** VirusTotal's body, without gzip, in UTF-8. */
  body: Buffer;
}

/** A redirect is on the same origin: a path for `ask`, to be followed when the quota allows another request. */
export type Exchange = { answer: Answer } | { redirect: string };

export interface AskOptions {
  signal?: AbortSignal;
  /** What the last exchange gave, to be asked in place of the indicator's own address. */
  redirect?: string | undefined;
  /** Called when the request leaves, which it does only once it has a connection. */
  left?: () => void;
}

/** An answer with a body to read: a 2xx, or v3's word that it does not know. */
interface Page {
  status: number;
  text: string;
  body: Buffer;
}

/**
 * VirusTotal's API, one exchange for each call: no pace, no retry, no cache. At most 64 run at once; those that wait for
 * one of them to end do so before their time starts to run.
 */
export class VirusTotalApi {
  readonly apiVersion: ApiVersion;
  readonly #apiKey: string;
  readonly #base: URL;
  readonly #limits: ExchangeLimits;
  readonly #headers: Record<string, string>;
  readonly #dispatcher: Dispatcher;
  readonly #ownsDispatcher: boolean;
  readonly #redactor: Redactor;
  /** For reports: a short password of a proxy may stand in them by chance, and its removal would break them. */
  readonly #keyRedactor: Redactor;
  readonly #turns = new Turns(MAX_CONNECTIONS);
  readonly #running = new Set<HttpExchange>();
  #closed = false;

  /** @throws VirusTotalError VT_CONFIG */
  constructor(options: ApiOptions) {
    this.apiVersion = options.apiVersion ?? 'v3';
    if (this.apiVersion !== 'v3' && this.apiVersion !== 'v2') {
      throw new VirusTotalError(
        'VT_CONFIG',
        `The API version must be v2 or v3, not ${quoted(String(this.apiVersion))}`,
      );
    }
    this.#apiKey = checkedApiKey(options.apiKey);
    this.#base = checkedApiUrl(this.apiVersion, options.apiUrl);
    this.#limits = {
      timeout: checkedCount('timeout', options.timeout, 30_000),
      maxBytes: checkedCount('maxBytes', options.maxBytes, MAX_BYTES),
    };
    const proxy = options.dispatcher
      ? undefined
      : (options.proxy ?? proxyFromEnvironment(this.#base, process.env));
    const credentials = proxy && proxyCredentials(proxy);
    this.#keyRedactor = new Redactor([this.#apiKey]);
    this.#redactor = new Redactor([
      this.#apiKey,
      credentials?.password,
      // As it stands in Proxy-Authorization.
      credentials?.password ? `${credentials.username}:${credentials.password}` : undefined,
      options.tls?.passphrase,
      ...(options.secrets ?? []),
    ]);
    this.#ownsDispatcher = options.dispatcher === undefined;
    this.#dispatcher = options.dispatcher ?? createDispatcher(options.tls, proxy);
    this.#headers = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': USER_AGENT };
    if (this.apiVersion === 'v3') this.#headers['x-apikey'] = this.#apiKey;
  }

  /**
   * Asks for one report. What VirusTotal does not know is a report with `response_code` 0.
   *
   * @throws VirusTotalError for every failure, without the key or another secret in it
   */
  async ask(indicator: Indicator, options: AskOptions = {}): Promise<Exchange> {
    const v3 = this.apiVersion === 'v3';
    const page = await this.#get(v3 ? v3Path(indicator) : v2Path(indicator), options);
    if ('redirect' in page) return page;
    const value = this.#json(page);
    let report: Report;
    try {
      report = reportFrom(this.apiVersion, indicator, value);
    } catch (error) {
      if (!(error instanceof ReportShapeError)) throw error;
      throw this.#badResponse(page.status, `VirusTotal's answer is no report: ${error.message}`);
    }
    if (v3 && page.status !== 404 && report.response_code === 0) {
      throw this.#badResponse(page.status, "VirusTotal's answer is an error with the status of a success");
    }
    return { answer: { report, body: page.body } };
  }

  /**
   * What VirusTotal has counted for this key. Costs no quota. Undefined where the key may not know (403), and with API v2,
   * which has no such page.
   */
  async overallQuotas(signal?: AbortSignal): Promise<QuotaFigures | undefined> {
    if (this.apiVersion === 'v2') return undefined;
    try {
      const page = await this.#get(overallQuotasPath(this.#apiKey), signal === undefined ? {} : { signal });
      return 'redirect' in page || page.status === 404 ? undefined : quotaFigures(this.#json(page));
    } catch (error) {
      if (error instanceof VirusTotalError && error.code === 'VT_FORBIDDEN') return undefined;
      throw error;
    }
  }

  /** The MITRE ATT&CK techniques that sandboxes saw in a file; `body` is undefined when VirusTotal has none. v3 only. */
  async behaviourMitreTrees(
    sha256: string,
    options: AskOptions = {},
  ): Promise<{ body: unknown } | { redirect: string }> {
    if (this.apiVersion === 'v2') {
      throw new VirusTotalError('VT_CONFIG', 'MITRE ATT&CK techniques need API v3');
    }
    const page = await this.#get(mitreTreesPath(sha256), options);
    if ('redirect' in page) return page;
    return { body: page.status === 404 ? undefined : this.#json(page) };
  }

  /** The text without the API key and the other secrets, however they are encoded. */
  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  /** Ends what is under way with VT_CLOSED, and the connections, unless the dispatcher was handed in. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#turns.end();
    for (const exchange of this.#running) exchange.cancel();
    if (this.#ownsDispatcher) await this.#dispatcher.destroy();
  }

  async #get(path: string, { signal, redirect, left }: AskOptions): Promise<Page | { redirect: string }> {
    if (this.#closed) throw this.#closedError();
    const asked = resolvePath(this.#base, redirect ?? path);
    if ('otherHost' in asked) throw this.#otherHost(asked.otherHost);
    const { answer, body } = await this.#exchange(asked.path, signal, left);
    const { status, headers } = answer;
    if (isRedirect(status) && headers.location !== undefined) {
      const target = resolvePath(new URL(this.#base.origin + asked.path), headers.location);
      if ('otherHost' in target) throw this.#otherHost(target.otherHost, status);
      // The key is added anew when the path is asked.
      return { redirect: this.redact(withoutV2Key(target.path)) };
    }
    const contentType = headers['content-type'];
    const text = textOf(body, contentType);
    if (!isReport(status) || this.#keyRedactor.isIn(text)) {
      // Before anything is quoted: in a text that was cut a part of the key could be left.
      const clean = isReport(status) ? this.#keyRedactor.redact(text) : this.redact(text);
      const unknown = this.apiVersion === 'v3' && status === 404 && apiError(clean)?.code === 'NotFoundError';
      if (!unknown && !isReport(status))
        throw this.#error(statusFailure(this.apiVersion, status, headers, clean));
      return { status, text: clean, body: Buffer.from(clean) };
    }
    return { status, text, body: isPlainUtf8(body, contentType) ? body : Buffer.from(text) };
  }

  async #exchange(
    asked: string,
    signal: AbortSignal | undefined,
    left: (() => void) | undefined,
  ): Promise<{ answer: HttpAnswer; body: Buffer }> {
    const path = this.apiVersion === 'v2' ? withV2Key(asked, this.#apiKey) : asked;
    const turn = this.#turns.take();
    if (turn !== true && !(await turn)) throw this.#closedError();
    const request = { origin: this.#base.origin, path, headers: this.#headers };
    const exchange = new HttpExchange(this.#limits, signal, left);
    this.#running.add(exchange);
    try {
      const answer = await exchange.send(this.#dispatcher, request);
      return { answer, body: await decompressed(answer.body, this.#limits.maxBytes) };
    } catch (error) {
      throw this.#error(networkFailure(error, this.#base.host, this.#limits));
    } finally {
      this.#running.delete(exchange);
      this.#turns.give();
    }
  }

  #json({ text, status }: Page): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      const looks =
        text === '' ? 'is empty' : text.trimStart().startsWith('<') ? 'is a web page' : 'is not whole JSON';
      throw this.#badResponse(
        status,
        `The answer of ${this.#base.host} ${looks}: is a proxy or a login page in the way?`,
      );
    }
  }

  #closedError(): VirusTotalError {
    return this.#error({ code: 'VT_CLOSED', message: 'The connection to VirusTotal is closed' });
  }

  #badResponse(status: number, message: string): VirusTotalError {
    return this.#error({ code: 'VT_BAD_RESPONSE', message, status });
  }

  #otherHost(host: string, status?: number): VirusTotalError {
    return this.#error({
      code: 'VT_BAD_RESPONSE',
      message: `${this.#base.host} redirects to ${host}, where the API key is not sent: check the API URL`,
      ...(status === undefined ? {} : { status }),
    });
  }

  #error({ code, message, ...details }: Failure): VirusTotalError {
    return new VirusTotalError(code, this.redact(message), details);
  }
}

/** Over v2 a 204, which HTTP counts among the successes, has no body and means a spent quota. */
function isReport(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204;
}
