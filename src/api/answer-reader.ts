import type { Indicator } from '../ioc/ioc';
import { ReportShapeError } from '../report/narrow';
import { parseBody } from '../report/parse-body';
import { parseReport } from '../report/parse-report';
import type { Report } from '../report/report';
import { isPlainUtf8, textOf } from './body';
import type { ClientErrors } from './client-errors';
import type { HttpResponse } from './http-call';
import type { ApiVersion } from './options';
import { Redactor } from './redact';
import type { ApiRequest, ApiResponse, ReportResponse } from './request';
import { apiError, statusFailure } from './status-failure';

/** What answers are read with. */
export interface AnswerReaderParts {
  apiVersion: ApiVersion;
  /** Of the API, as errors name it. */
  host: string;
  /** For errors. */
  redactor: Redactor;
  /** For reports: a short password of a proxy may stand in them by chance, and its removal would break them. */
  keyRedactor: Redactor;
  errors: ClientErrors;
}

/** Reads the answers of VirusTotal: neither the key nor another secret gets into a report or an error by what it echoes. */
export class AnswerReader {
  readonly #apiVersion: ApiVersion;
  readonly #host: string;
  readonly #redactor: Redactor;
  readonly #keyRedactor: Redactor;
  readonly #errors: ClientErrors;

  constructor({ apiVersion, host, redactor, keyRedactor, errors }: AnswerReaderParts) {
    this.#apiVersion = apiVersion;
    this.#host = host;
    this.#redactor = redactor;
    this.#keyRedactor = keyRedactor;
    this.#errors = errors;
  }

  /** @throws VirusTotalError for a status that says that there is nothing to read */
  toResponse(
    { accepts = [], forbidden, secret }: Pick<ApiRequest<unknown>, 'accepts' | 'forbidden' | 'secret'>,
    { status, headers, body }: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
  ): ApiResponse {
    const contentType = headers['content-type'];
    const text = textOf(body, contentType);
    if (!isSuccess(status) && !accepts.includes(status)) {
      const said = apiError(text);
      if (this.#apiVersion === 'v2' || status !== 404 || said?.code !== 'NotFoundError') {
        // Before it is quoted: in a text that was cut a part of the key could be left.
        const redactor = secret === undefined ? undefined : new Redactor([secret]);
        const redact = (quoted: string): string => this.#redactor.redact(redactor?.redact(quoted) ?? quoted);
        const clean = said && { code: redact(said.code), message: redact(said.message) };
        throw this.#errors.error(
          statusFailure(this.#apiVersion, { status, headers, said: clean, forbidden }),
        );
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
      parseReport(this.#apiVersion, of, body),
  ): ReportResponse {
    const value = this.json(response);
    let report: Report;
    try {
      report = parse(indicator, value);
    } catch (error) {
      if (!(error instanceof ReportShapeError)) throw error;
      throw this.#errors.badResponse(response.status, `Not a report: ${error.message}`);
    }
    if (this.#apiVersion === 'v3' && response.status !== 404 && report.response_code === 0) {
      throw this.#errors.badResponse(
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
        throw this.#errors.badResponse(
          status,
          `Not a report: the answer of ${this.#host}, as ${error.message}`,
        );
      const looks =
        text === '' ? 'is empty' : text.trimStart().startsWith('<') ? 'is a web page' : 'is not whole JSON';
      throw this.#errors.badResponse(
        status,
        `Not a report: the answer of ${this.#host} ${looks}. A proxy or a login page may have answered: check the API URL`,
      );
    }
  }
}

/** Over v2 a 204, which HTTP counts among the successes, has no body and means a spent quota. */
function isSuccess(status: number): boolean {
  return status >= 200 && status < 300 && status !== 204;
}
