import type { Indicator } from '../ioc/ioc';
import type { Report } from '../report/report';
import type { RequestObserver } from './http-call';
import type { RequestBody } from './request-body';

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
