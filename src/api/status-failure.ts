import type { IncomingHttpHeaders } from 'node:http';
import { oneLine } from '../errors';
import type { ErrorInit } from './error-init';
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

/** An answer that is not what was asked for. */
export interface RefusedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** VirusTotal's own words for it, by `apiError`, without secrets. */
  said: { code: string; message: string } | undefined;
  /** What a 403 means, where it isn't that a report may not be read. */
  forbidden?: string | undefined;
}

/** Makes the error for an answer whose status says that it is not a report. */
export function statusFailure(
  version: ApiVersion,
  { status, headers, said, forbidden }: RefusedAnswer,
): ErrorInit {
  const failure = byStatus(version, status, said?.code);
  if (failure.code === 'VT_FORBIDDEN' && forbidden !== undefined) failure.message = forbidden;
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

/**
 * Maps a status to a code of ours. `retryable` is set where the same request may succeed later without a change.
 * The order matters: v2 and v3 use 204 and 403 differently, and 404 gets here only for a path that does not exist (an unknown indicator
 * is read as a report before).
 */
function byStatus(version: ApiVersion, status: number, code: string | undefined): ErrorInit {
  // v2 answers 204 with an empty body when the minute, the day or the month is spent, and does not say which.
  if (status === 429 || (version === 'v2' && status === 204)) {
    return {
      code: 'VT_QUOTA',
      message:
        "Too many requests: the API key's rate limit or quota is used up, and VirusTotal accepts no more for now",
      retryable: true,
      reason: 'rate',
    };
  }
  if (status === 401 || (version === 'v2' && status === 403)) {
    return {
      code: 'VT_AUTH',
      message: 'Key refused: VirusTotal refuses the API key. Check it in the VirusTotal config',
    };
  }
  if (status === 403)
    return {
      code: 'VT_FORBIDDEN',
      message: 'Not allowed: the API key may not read this report. It may need a premium key',
    };
  if (status === 407) {
    return {
      code: 'VT_NETWORK',
      message: 'Proxy login needed: the proxy requires a user name and a password. Check the proxy settings',
    };
  }
  if (status === 408)
    return {
      code: 'VT_TIMEOUT',
      message: 'Timeout: the server gave up waiting for the request',
      retryable: true,
    };
  if (status === 400 && code === 'NotAvailableYet') {
    return {
      code: 'VT_REQUEST',
      message: 'Not available yet: VirusTotal is still working on this',
      retryable: true,
    };
  }
  if (status === 424) {
    return {
      code: 'VT_REQUEST',
      message: 'Failed at VirusTotal: another request that this one depends on failed',
      retryable: true,
    };
  }
  if (status === 404) {
    return { code: 'VT_REQUEST', message: 'No such page: check the API URL and the API version' };
  }
  if (status >= 500)
    return {
      code: 'VT_SERVER',
      message: 'Server error: VirusTotal, or a proxy in front of it, failed',
      retryable: true,
    };
  if (status >= 400) return { code: 'VT_REQUEST', message: 'Request refused: VirusTotal does not accept it' };
  return { code: 'VT_BAD_RESPONSE', message: 'No report: the answer contains none' };
}
