import { VirusTotalError } from '../errors';
import type { Queued } from './fair-queue';
import type { Reservation } from './dispatch-log';
import type { Candidate } from './rate-limiter';

/** Ends a request for which no lookup waits any more; no caller sees it. */
export const ABANDONED = new VirusTotalError(
  'VT_CLOSED',
  'Dropped: no lookup waits for this request any more',
);

/** A request as the scheduler of its key sees it. */
export interface QueuedRequest extends Queued, Candidate {
  /** No lookup waits for it any more. */
  readonly abandoned: boolean;
  /** Set while it waits in the queue; an entry of the queue whose request isn't waiting (any more) is passed over. */
  queued: boolean;
  readonly onQuota: 'fail' | 'wait';
  /** How often it has failed for a passing reason. */
  failures: number;
  /** One exchange with VirusTotal. Throws VirusTotalError; a redirect goes through the queue again. */
  attempt(reservation: Reservation): Promise<'settled' | 'redirected'>;
  /** Waits for the report that another instance has or asks for. */
  waitForPeer(): Promise<'settled' | 'retry'>;
  fail(error: VirusTotalError): void;
}
