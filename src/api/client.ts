import { quote, VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import { OPTIONS } from '../options';
import type { Report } from '../report/report';
import { AnswerReader } from './answer-reader';
import { MAX_BODY_BYTES } from './body';
import { ClientErrors } from './client-errors';
import { createDispatcher, proxyCredentials, proxyFromEnvironment } from './dispatcher';
import { checkedApiKey, checkedApiUrl, checkedCount, type ApiOptions, type ApiVersion } from './options';
import { parseQuotaUsage, type QuotaUsage } from './quota-usage';
import { readBudget } from './read-budget';
import { Redactor } from './redact';
import type {
  AnswerOrRedirect,
  ApiRequest,
  ApiResponse,
  IndicatorQuery,
  ReportResponse,
  RequestOptions,
} from './request';
import { RequestPlaces } from './request-places';
import { Transport } from './transport';
import { v2Path } from './v2';
import { mitreTreesPath, overallQuotasPath, v3Path } from './v3';

export type { ApiRequest };

/**
 * VirusTotal's API. Each method makes one HTTP call, without rate limit, retry, cache or limit of parallel calls: the key's scheduler is
 * responsible for those.
 */
export class VirusTotalApi {
  readonly apiVersion: ApiVersion;
  /**
   * One HTTP call. The transport's own function, so that it is no frame more on a message's way.
   * @throws VirusTotalError for every failure, without the key or another secret in it
   */
  readonly send: Transport['send'];
  readonly #apiKey: string;
  readonly #redactor: Redactor;
  readonly #transport: Transport;
  readonly #reader: AnswerReader;

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
    const base = checkedApiUrl(this.apiVersion, options.apiUrl);
    const limits = {
      timeout: checkedCount('timeout', options.timeout, OPTIONS['virustotal-config'].timeout.default),
      maxBytes: checkedCount('maxBytes', options.maxBytes, MAX_BODY_BYTES),
      budget: readBudget,
    };
    const proxy = options.dispatcher ? undefined : (options.proxy ?? proxyFromEnvironment(base, process.env));
    const credentials = proxy && proxyCredentials(proxy);
    this.#redactor = new Redactor([
      this.#apiKey,
      credentials?.password,
      // As it stands in Proxy-Authorization.
      credentials?.password ? `${credentials.username}:${credentials.password}` : undefined,
      options.tls?.passphrase,
      ...(options.secrets ?? []),
    ]);
    const { host } = base;
    const { apiVersion } = this;
    const redactor = this.#redactor;
    const errors = new ClientErrors(host, redactor);
    const keyRedactor = new Redactor([this.#apiKey]);
    this.#reader = new AnswerReader({ apiVersion, host, redactor, keyRedactor, errors });
    this.#transport = new Transport({
      dispatcher: options.dispatcher ?? createDispatcher(options.tls, proxy),
      ownsDispatcher: options.dispatcher === undefined,
      limits,
      host,
      places: new RequestPlaces({ apiVersion, apiKey: this.#apiKey, base, redactor, errors }),
      reader: this.#reader,
      errors,
    });
    this.send = this.#transport.send.bind(this.#transport);
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
  close(): Promise<void> {
    return this.#transport.close();
  }

  /** How long what is under way may take at most, in ms: uploads take longer than all else. */
  get longestCallMs(): number {
    return this.#transport.longestCallMs;
  }

  /** See `Transport.drain`. */
  drain(timeoutMs: number): Promise<void> {
    return this.#transport.drain(timeoutMs);
  }

  /**
   * An answer as JSON.
   * @throws VirusTotalError `VT_BAD_RESPONSE`
   */
  json(response: ApiResponse): unknown {
    return this.#reader.json(response);
  }

  /**
   * An answer as the report of an indicator.
   * @param parse reads it; default: as the API version has it
   * @throws VirusTotalError `VT_BAD_RESPONSE`
   */
  toReport(
    indicator: Indicator,
    response: ApiResponse,
    parse?: (indicator: Indicator, body: unknown) => Report,
  ): ReportResponse {
    return this.#reader.toReport(indicator, response, parse);
  }
}
