import type { IncomingHttpHeaders } from 'node:http';
import { oneLine } from '../one-line';
import type { Failure } from './failure';
import type { ApiVersion } from './options';
import { retryAfterMs } from './retry-after';

/** VirusTotal's own words in an error body of v3: `{error: {code, message}}`. Other bodies have none. */
export function apiError(text: string): { code: string; message: string } | undefined {
  if (!text.startsWith('{') && !text.trimStart().startsWith('{')) return undefined;
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } | null };
    if (typeof error?.code !== 'string') return undefined;
    return { code: error.code, message: typeof error.message === 'string' ? error.message : '' };
  } catch {
    return undefined;
  }
}

/** An answer whose status says that it is no report, in words. */
export function statusFailure(
  version: ApiVersion,
  status: number,
  headers: IncomingHttpHeaders,
  text: string,
): Failure {
  const said = apiError(text);
  const failure = byStatus(version, status, said?.code);
  const wait = retryAfterMs(headers['retry-after'], Date.now());
  const own =
    said === undefined
      ? ''
      : `: ${oneLine(`${said.code}${said.message === '' ? '' : `, ${said.message}`}`, 200)}`;
  return {
    ...failure,
    message: `${failure.message} (${status}${own})`,
    status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

function byStatus(version: ApiVersion, status: number, code: string | undefined): Failure {
  // v2 answers 204 with an empty body when the minute, the day or the month is spent, and does not say which.
  if (status === 429 || (version === 'v2' && status === 204)) {
    return {
      code: 'VT_QUOTA',
      message: "The API key's quota is spent, or requests come too fast",
      retryable: true,
    };
  }
  if (status === 401 || (version === 'v2' && status === 403)) {
    return { code: 'VT_AUTH', message: 'VirusTotal refuses the API key: check it in the configuration' };
  }
  if (status === 403) return { code: 'VT_FORBIDDEN', message: 'The API key has no right to this' };
  if (status === 407) {
    return {
      code: 'VT_NETWORK',
      message: 'A proxy wants a user name and a password: check the proxy settings',
    };
  }
  if (status === 408)
    return { code: 'VT_TIMEOUT', message: 'The server gave up waiting for the request', retryable: true };
  if (status === 400 && code === 'NotAvailableYet') {
    return { code: 'VT_REQUEST', message: 'VirusTotal does not have this yet', retryable: true };
  }
  if (status === 424) {
    return {
      code: 'VT_REQUEST',
      message: 'VirusTotal could not do this: another request failed',
      retryable: true,
    };
  }
  if (status === 404) {
    return { code: 'VT_REQUEST', message: 'There is no such page: check the API URL and the API version' };
  }
  if (status >= 500)
    return { code: 'VT_SERVER', message: 'VirusTotal or a proxy before it has a fault', retryable: true };
  if (status >= 400) return { code: 'VT_REQUEST', message: 'VirusTotal does not accept the request' };
  return { code: 'VT_BAD_RESPONSE', message: 'The answer has no report' };
}
