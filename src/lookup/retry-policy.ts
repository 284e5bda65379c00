import type { VirusTotalError } from '../errors';

/** What becomes of a request that failed. Policy only: the scheduler holds the waiting requests. */
export type Next =
  /** It ends with its error; nothing else is touched. */
  | { kind: 'fail' }
  /** It goes again, before all others, after a wait of its own. */
  | { kind: 'retry'; afterMs: number }
  /** The whole key pauses, then this request goes again first. */
  | { kind: 'pause'; ms: number }
  /** VirusTotal doesn't take the key: everything that waits fails. */
  | { kind: 'reject-key' };

/** Tries in all for a request that fails for a passing reason. */
const MAX_TRIES = 3;

/** "wait 30 to 60 seconds before retrying" (VirusTotal on answer 204); neither API says how long. */
const QUOTA_PAUSE_MS = 60_000;

const FIRST_BACKOFF_MS = 2_000;
/** A server that says it is down for longer is believed: the lookup fails instead of being silent for hours. */
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * @param tries how often the request has gone and failed for a passing reason, this time included
 * @param timeScale factor on the waits
 * @param random 0 up to 1: full jitter keeps clients that failed together from coming back together
 */
export function afterFailure(
  error: VirusTotalError,
  tries: number,
  timeScale: number,
  random: () => number = Math.random,
): Next {
  if (error.code === 'VT_QUOTA')
    return { kind: 'pause', ms: error.retryAfterMs ?? QUOTA_PAUSE_MS * timeScale };
  if (error.code === 'VT_AUTH') return { kind: 'reject-key' };
  const { retryable, retryAfterMs = 0 } = error;
  if (!retryable || tries >= MAX_TRIES || retryAfterMs > LONGEST_WAIT_MS) return { kind: 'fail' };
  const backoff = random() * FIRST_BACKOFF_MS * 2 ** (tries - 1) * timeScale;
  return { kind: 'retry', afterMs: Math.max(backoff, retryAfterMs) };
}
