import type { Dispatcher } from 'undici';
import type { Indicator } from '../ioc/ioc';
import { ReportShapeError } from '../report/narrow';
import { parseBody } from '../report/parse-body';
import { parseReport } from '../report/parse-report';
import type { Report } from '../report/report';
import { decompress, isPlainUtf8, MAX_BODY_BYTES, textOf } from './body';
import { createDispatcher, proxyCredentials, proxyFromEnvironment } from './dispatcher';
import { quote, VirusTotalError } from '../errors';
import { OPTIONS } from '../options';
import {
  HttpCall,
  limitsForBody,
  type CallLimits,
  type HttpRequest,
  type HttpResponse,
  type RequestObserver,
} from './http-call';
import type { ErrorInit } from './error-init';
import { networkFailure } from './network-failure';
import { checkedApiKey, checkedApiUrl, checkedCount, type ApiOptions, type ApiVersion } from './options';
import { parseQuotaUsage, type QuotaUsage } from './quota-usage';
import { readBudget } from './read-budget';
import { isRedirect, resolveOwn, resolvePath } from './redirect';
import type { RequestBody } from './request-body';
import { sentOnceFailure } from './sent-once';
import { uploadPlace } from './upload-url';
import { Redactor } from './redact';
import { apiError, statusFailure } from './status-failure';
import { v2Path, withoutV2Key, withV2Key } from './v2';
import { mitreTreesPath, overallQuotasPath, v3Path } from './v3';

/** VirusTotal's front end serves gzip only to a user agent that says so. */
const USER_AGENT = '@nr-threat-intel/node-red-virustotal (gzip)';

/** Who asks, for VirusTotal's own statistics of the tools that use it. */
const TOOL = 'node-red-virustotal';

export type { RequestObserver };

/** A report with the body that it was made from. */
export interface ReportResponse {
  report: Report;
  /** VirusTotal's body, without gzip, in UTF-8. */
  body: Buffer;
}

/** A request to the API: its path, and how to read its answer. */
export interface ApiRequest<T> {
  /** Relative to the base URL, without the key. */
  readonly path: string;
  /** Reads the answer; its bytes keep their room in the budget until then. */
  readonly read: (response: ApiResponse) => T;
  /** `POST`: what is never sent twice; see `sentOnceFailure`. Default `GET`. */
  readonly method?: 'POST';
  /** Makes the body of a POST, separately for each try. Default: none. */
  readonly body?: (() => RequestBody) | undefined;
  /** An address that VirusTotal gave for one upload, in place of `path`. */
  readonly uploadUrl?: string | undefined;
  /** Gets the bytes of the body that have left. Must not throw. */
  readonly onSent?: ((sent: number, length: number) => void) | undefined;
  /** What a 403 means here, in a sentence without the last stop. Default: the report may not be read. */
  readonly forbidden?: string | undefined;
  /** What is sent and no error may quote, as the password of an archive. */
  readonly secret?: string | undefined;
  /** Further statuses that `read` reads, as 409. A 404 of VirusTotal's own is always one. */
  readonly accepts?: readonly number[] | undefined;
}

/** A question about an indicator that is not for its report. API v3 only. */
export interface IndicatorQuery<T> {
  readonly indicator: Indicator;
  /** What follows the path of the indicator's report, as `/comments?limit=10`. */
  readonly path: string;
  /** Narrows the body; undefined: VirusTotal does not know it (404). Its result is plain JSON, and must not throw. */
  readonly read: (body: unknown) => T;
}

/** A redirect is on the same origin: a path for `get`, to be followed when the quota allows another request. */
export type AnswerOrRedirect<T> = { answer: T } | { redirect: string };

/** What differs from one call of the same request to the next. */
export interface RequestOptions {
  /** The redirect that the last call gave, requested in place of the request's own path. */
  redirect?: string | undefined;
  /** Callbacks for the request's progress. */
  observer?: RequestObserver;
}

/** An answer with a body to read: a 2xx, v3's word that it does not know, or what the request accepts. */
export interface ApiResponse {
  status: number;
  text: string;
  body: Buffer;
}

/**
 * VirusTotal's API. Each method makes one HTTP call, without rate limit, retry, cache or limit of parallel calls: the key's scheduler is
 * responsible for those.
 */
export class VirusTotalApi {
  readonly apiVersion: ApiVersion;
  readonly #apiKey: string;
  readonly #base: URL;
  readonly #limits: CallLimits;
  readonly #headers: Record<string, string>;
  readonly #dispatcher: Dispatcher;
  readonly #ownsDispatcher: boolean;
  readonly #redactor: Redactor;
  /** For reports: a short password of a proxy may stand in them by chance, and its removal would break them. */
  readonly #keyRedactor: Redactor;
  readonly #running = new Set<HttpCall>();
  #closed = false;
  #isDrained = false;
  #onIdle: (() => void)[] = [];

  /** @throws VirusTotalError VT_CONFIG */
  constructor(options: ApiOptions) {
    this.apiVersion = options.apiVersion ?? 'v3';
    if (this.apiVersion !== 'v3' && this.apiVersion !== 'v2') {
      throw new VirusTotalError(
        'VT_CONFIG',
        `API version not valid: ${quote(this.apiVersion)}; it must be v2 or v3`,
      );
    }
    this.#apiKey = checkedApiKey(options.apiKey);
    this.#base = checkedApiUrl(this.apiVersion, options.apiUrl);
    this.#limits = {
      timeout: checkedCount('timeout', options.timeout, OPTIONS['virustotal-config'].timeout.default),
      maxBytes: checkedCount('maxBytes', options.maxBytes, MAX_BODY_BYTES),
      budget: readBudget,
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
    this.#headers = {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': USER_AGENT,
      'x-tool': TOOL,
    };
    if (this.apiVersion === 'v3') this.#headers['x-apikey'] = this.#apiKey;
  }

  /** One report. What VirusTotal does not know is a report with `response_code` 0. */
  report(indicator: Indicator): ApiRequest<ReportResponse> {
    const path = this.apiVersion === 'v3' ? v3Path(indicator) : v2Path(indicator);
    return { path, read: (response) => this.toReport(indicator, response) };
  }

  /**
   * The MITRE ATT&CK techniques that sandboxes saw in a file; undefined when VirusTotal has none.
   * @throws VirusTotalError VT_CONFIG with API v2
   */
  mitreTrees(sha256: string): ApiRequest<unknown> {
    if (this.apiVersion === 'v2')
      throw new VirusTotalError('VT_CONFIG', 'API v3 needed: v2 has no MITRE ATT&CK techniques');
    return {
      path: mitreTreesPath(sha256),
      read: (response) => (response.status === 404 ? undefined : this.json(response)),
    };
  }

  /**
   * Anything else that VirusTotal knows of an indicator.
   * @throws VirusTotalError VT_CONFIG with API v2
   */
  query<T>({ indicator, path, read }: IndicatorQuery<T>): ApiRequest<T> {
    if (this.apiVersion === 'v2')
      throw new VirusTotalError('VT_CONFIG', 'API v3 needed: v2 has no relationships');
    return {
      path: v3Path(indicator) + path,
      read: (response) => read(response.status === 404 ? undefined : this.json(response)),
    };
  }

  /**
   * What VirusTotal has counted for this key. Costs no quota. Undefined where the key may not know (403), and with API v2,
   * which has no such page.
   */
  async overallQuotas(): Promise<QuotaUsage | undefined> {
    if (this.apiVersion === 'v2') return undefined;
    try {
      const requested = await this.send({
        path: overallQuotasPath(this.#apiKey),
        read: (response) => (response.status === 404 ? undefined : parseQuotaUsage(this.json(response))),
      });
      return 'redirect' in requested ? undefined : requested.answer;
    } catch (error) {
      if (error instanceof VirusTotalError && error.code === 'VT_FORBIDDEN') return undefined;
      throw error;
    }
  }

  /** As `send`, for one report. */
  getReport(indicator: Indicator, options?: RequestOptions): Promise<AnswerOrRedirect<ReportResponse>> {
    return this.send(this.report(indicator), options);
  }

  /** The text without the API key and the other secrets, however they are encoded. */
  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  /** Ends what is under way with VT_CLOSED, and the connections, unless the dispatcher was handed in. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const call of this.#running) call.cancel();
    if (this.#ownsDispatcher) await this.#dispatcher.destroy();
  }

  /** How long what is under way may take at most, in ms: uploads take longer than all else. */
  get longestCallMs(): number {
    return Math.max(0, ...[...this.#running].map(({ maxMs }) => maxMs));
  }

  /**
   * Resolves when no request is under way any more, and ends the connections. What takes longer is given up and fails as by the network, so
   * that it goes again where another service takes over.
   */
  async drain(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    const idle = new Promise<void>((resolve) => {
      if (this.#running.size === 0) resolve();
      else this.#onIdle.push(resolve);
    });
    await Promise.race([idle, limit]);
    clearTimeout(timer);
    this.#isDrained = true;
    await this.close();
  }

  /**
   * One HTTP call.
   * @throws VirusTotalError for every failure, without the key or another secret in it
   */
  async send<T>(
    request: ApiRequest<T>,
    { redirect, observer }: RequestOptions = {},
  ): Promise<AnswerOrRedirect<T>> {
    if (this.#closed) throw this.#closedError();
    const { body, ...place } = this.#place(request, redirect);
    const limits = body === undefined ? this.#limits : limitsForBody(this.#limits, body.length);
    const call = new HttpCall(limits, observer);
    const sent = call.send(this.#dispatcher, { ...place, body }, (bytes) =>
      request.onSent?.(bytes, body?.length ?? 0),
    );
    this.#running.add(call);
    const reserved: (() => void)[] = [];
    try {
      const { status, headers, body } = await this.#receive(sent, reserved, limits);
      if (isRedirect(status) && headers.location !== undefined) {
        if (request.method === 'POST') throw this.#redirectedPostError(status);
        return { redirect: this.#redirect(place.path, headers.location, status) };
      }
      return { answer: request.read(this.#toResponse(request, { status, headers, body })) };
    } catch (error) {
      throw request.method === 'POST' ? sentOnceFailure(error, call.wasDispatched) : error;
    } finally {
      for (const release of reserved) release();
      this.#running.delete(call);
      if (this.#running.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  /** Where a request goes, with the headers for there. */
  #place(request: ApiRequest<unknown>, redirect: string | undefined): HttpRequest {
    const { method = 'GET' } = request;
    const body = request.body?.();
    if (request.uploadUrl !== undefined) {
      const upload = uploadPlace(this.#base, request.uploadUrl);
      if ('refused' in upload) throw this.#uploadRefusedError(upload.refused);
      const { 'x-apikey': _key, ...bare } = this.#headers;
      const { origin, path } = upload;
      return { origin, path, method, body, headers: upload.withKey ? this.#headers : bare };
    }
    const place =
      redirect === undefined ? resolveOwn(this.#base, request.path) : resolvePath(this.#base, redirect);
    if ('crossOrigin' in place) throw this.#crossOriginError(place.crossOrigin);
    const path = this.apiVersion === 'v2' ? withV2Key(place.path, this.#apiKey) : place.path;
    return { origin: this.#base.origin, path, method, body, headers: this.#headers };
  }

  /** The answer with its body unpacked. @param reserved gets what frees the memory that the answer has taken of the budget */
  async #receive(
    sent: Promise<HttpResponse>,
    reserved: (() => void)[],
    limits: CallLimits,
  ): Promise<HttpResponse> {
    const { maxBytes, budget } = limits;
    try {
      const answer = await sent;
      reserved.push(answer.release);
      const unpacked = decompress(answer.body, maxBytes, answer.isReserved ? undefined : budget);
      const { plain, done } = unpacked instanceof Promise ? await unpacked : unpacked;
      reserved.push(done);
      answer.body = plain;
      return answer;
    } catch (error) {
      if (this.#isDrained) throw this.#closedError();
      throw this.#error(networkFailure(error, this.#base.host, limits));
    }
  }

  #redirect(from: string, location: string, status: number): string {
    const target = resolvePath(new URL(this.#base.origin + from), location);
    if ('crossOrigin' in target) throw this.#crossOriginError(target.crossOrigin, status);
    // The key is added again when the path is requested.
    return this.redact(withoutV2Key(target.path));
  }

  /** @throws VirusTotalError for a status that says that there is nothing to read */
  #toResponse(
    { accepts = [], forbidden, secret }: Pick<ApiRequest<unknown>, 'accepts' | 'forbidden' | 'secret'>,
    { status, headers, body }: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
  ): ApiResponse {
    const contentType = headers['content-type'];
    const text = textOf(body, contentType);
    if (!isSuccess(status) && !accepts.includes(status)) {
      const said = apiError(text);
      if (this.apiVersion === 'v2' || status !== 404 || said?.code !== 'NotFoundError') {
        // Before it is quoted: in a text that was cut a part of the key could be left.
        const redactor = secret === undefined ? undefined : new Redactor([secret]);
        const redact = (quoted: string): string => this.redact(redactor?.redact(quoted) ?? quoted);
        const clean = said && { code: redact(said.code), message: redact(said.message) };
        throw this.#error(statusFailure(this.apiVersion, { status, headers, said: clean, forbidden }));
      }
    }
    const bytes = isPlainUtf8(body, contentType) ? body : Buffer.from(text);
    if (!this.#keyRedactor.mayContainSecret(bytes)) return { status, text, body: bytes };
    const clean = this.#withoutKey(text);
    return clean === text ? { status, text, body: bytes } : { status, text: clean, body: Buffer.from(clean) };
  }

  /** Parsed and serialized again, because the key may be in escape codes that only parsing resolves. */
  #withoutKey(text: string): string {
    let value: unknown;
    try {
      value = parseBody(text);
    } catch {
      return this.#keyRedactor.redact(text);
    }
    const clean = this.#keyRedactor.redactValue(value);
    return clean === value ? text : JSON.stringify(clean);
  }

  /**
   * An answer as the report of an indicator.
   * @param parse reads it; default: as the API version has it
   * @throws VirusTotalError `VT_BAD_RESPONSE`
   */
  toReport(
    indicator: Indicator,
    response: ApiResponse,
    parse: (indicator: Indicator, body: unknown) => Report = (of, body) =>
      parseReport(this.apiVersion, of, body),
  ): ReportResponse {
    const value = this.json(response);
    let report: Report;
    try {
      report = parse(indicator, value);
    } catch (error) {
      if (!(error instanceof ReportShapeError)) throw error;
      throw this.#badResponse(response.status, `Not a report: ${error.message}`);
    }
    if (this.apiVersion === 'v3' && response.status !== 404 && report.response_code === 0) {
      throw this.#badResponse(
        response.status,
        'Not a report: the answer is an error with the status of a success',
      );
    }
    return { report, body: response.body };
  }

  /**
   * An answer as JSON.
   * @throws VirusTotalError `VT_BAD_RESPONSE`
   */
  json({ text, status }: ApiResponse): unknown {
    try {
      return parseBody(text);
    } catch (error) {
      if (error instanceof ReportShapeError)
        throw this.#badResponse(
          status,
          `Not a report: the answer of ${this.#base.host}, as ${error.message}`,
        );
      const looks =
        text === '' ? 'is empty' : text.trimStart().startsWith('<') ? 'is a web page' : 'is not whole JSON';
      throw this.#badResponse(
        status,
        `Not a report: the answer of ${this.#base.host} ${looks}. A proxy or a login page may have answered: check the API URL`,
      );
    }
  }

  #closedError(): VirusTotalError {
    if (this.#isDrained)
      return this.#error({
        code: 'VT_NETWORK',
        message: 'Flows stopped: the request was canceled before its answer arrived',
        retryable: true,
      });
    return this.#error({ code: 'VT_CLOSED', message: 'Closed: the connection to VirusTotal is closed' });
  }

  #badResponse(status: number, message: string): VirusTotalError {
    return this.#error({ code: 'VT_BAD_RESPONSE', message, status });
  }

  #redirectedPostError(status: number): VirusTotalError {
    return this.#error({
      code: 'VT_BAD_RESPONSE',
      message: `Redirect refused: ${this.#base.host} redirects what is sent only once (${status}). Check the API URL`,
    });
  }

  #uploadRefusedError(origin: string): VirusTotalError {
    return this.#error({
      code: 'VT_BAD_RESPONSE',
      message: `Upload refused: ${this.#base.host} gave an upload address at ${origin}, where no file is sent. Check the API URL`,
    });
  }

  #crossOriginError(host: string, status?: number): VirusTotalError {
    return this.#error({
      code: 'VT_BAD_RESPONSE',
      message: `Redirect refused: ${this.#base.host} redirects to ${host}, where the API key is not sent. Check the API URL`,
      ...(status === undefined ? {} : { status }),
    });
  }

  #error({ code, message, ...details }: ErrorInit): VirusTotalError {
    return new VirusTotalError(code, this.redact(message), details);
  }
}

/** Over v2 a 204, which HTTP counts among the successes, has no body and means a spent quota. */
function isSuccess(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204;
}
