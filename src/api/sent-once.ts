import { VirusTotalError } from '../errors';

/**
 * What a request that must not arrive twice failed with. Once it has been on a connection, only an answer that refuses it (4xx but for 408) says that it
 * has not arrived: everything else may have, and is no reason to send it again.
 *
 * @param dispatched whether it was on a connection
 */
export function sentOnceFailure(error: unknown, dispatched: boolean): unknown {
  if (!(error instanceof VirusTotalError) || !dispatched) return error;
  const { code, message, status, retryAfterMs, reason } = error;
  if (code === 'VT_QUOTA') return error;
  const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 408;
  return new VirusTotalError(code, message, {
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(reason === undefined ? {} : { reason }),
    retryable: false,
    mayHaveArrived: !isRefused && code !== 'VT_INVALID_IOC',
  });
}
