import { VirusTotalError, type ErrorDetails } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { PendingAnalysis } from './result';

/** An error of the network says less than what may have happened by it. */
export function notArrived(error: VirusTotalError, { type, value }: Indicator): VirusTotalError {
  return new VirusTotalError(
    error.code,
    [
      error.message,
      `The ${type === 'file' ? 'upload' : 'submission'} may have arrived all the same and is not sent again: VirusTotal has no new report of ${value} yet, look it up later`,
    ].join('. '),
    { ...detailsOf(error), retryable: false, mayHaveArrived: true },
  );
}

/** The process ended while something was sent, and VirusTotal has no new report of it. */
export function lost({ value }: Indicator): VirusTotalError {
  return new VirusTotalError(
    'VT_NETWORK',
    `Interrupted: Node.js ended while ${value} was sent, and VirusTotal has no new report of it. It may have arrived all the same and is not sent again: look it up later`,
    { retryable: false, mayHaveArrived: true },
  );
}

/** The error with what is known of what was sent. */
export function withPending(error: unknown, pending: PendingAnalysis | undefined): unknown {
  if (!(error instanceof VirusTotalError) || pending === undefined) return error;
  const { analysisId } = pending;
  if (analysisId === undefined && error.code !== 'VT_CLOSED') return error;
  return new VirusTotalError(error.code, error.message, {
    ...detailsOf(error),
    ...(analysisId === undefined ? { mayHaveArrived: true } : { analysisId }),
  });
}

function detailsOf(error: VirusTotalError): ErrorDetails {
  const { status, retryable, retryAfterMs, reason, mayHaveArrived } = error;
  return {
    retryable,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(reason === undefined ? {} : { reason }),
    ...(mayHaveArrived === undefined ? {} : { mayHaveArrived }),
  };
}
