import { VirusTotalError } from '../errors';
import type { ErrorInit } from './error-init';
import type { Redactor } from './redact';

/** The errors of a connection to VirusTotal, without the key or another secret in them. */
export class ClientErrors {
  readonly #host: string;
  readonly #redactor: Redactor;

  /** @param host of the API, as errors name it */
  constructor(host: string, redactor: Redactor) {
    this.#host = host;
    this.#redactor = redactor;
  }

  /** @param init its text may have secrets in it */
  error({ code, message, ...details }: ErrorInit): VirusTotalError {
    return new VirusTotalError(code, this.#redactor.redact(message), details);
  }

  /** @param isDrained another service goes on with what was under way */
  closed(isDrained: boolean): VirusTotalError {
    if (isDrained)
      return this.error({
        code: 'VT_NETWORK',
        message: 'Flows stopped: the request was canceled before its answer arrived',
        retryable: true,
      });
    return this.error({ code: 'VT_CLOSED', message: 'Closed: the connection to VirusTotal is closed' });
  }

  /** An answer that can't be read. */
  badResponse(status: number, message: string): VirusTotalError {
    return this.error({ code: 'VT_BAD_RESPONSE', message, status });
  }

  /** What is sent once would be sent again. */
  redirectedPost(status: number): VirusTotalError {
    return this.error({
      code: 'VT_BAD_RESPONSE',
      message: `Redirect refused: ${this.#host} redirects what is sent only once (${status}). Check the API URL`,
    });
  }

  /** A file goes to VirusTotal alone. */
  uploadRefused(origin: string): VirusTotalError {
    return this.error({
      code: 'VT_BAD_RESPONSE',
      message: `Upload refused: ${this.#host} gave an upload address at ${origin}, where no file is sent. Check the API URL`,
    });
  }

  /** The key goes to the API alone. */
  crossOrigin(host: string, status?: number): VirusTotalError {
    return this.error({
      code: 'VT_BAD_RESPONSE',
      message: `Redirect refused: ${this.#host} redirects to ${host}, where the API key is not sent. Check the API URL`,
      ...(status === undefined ? {} : { status }),
    });
  }
}
