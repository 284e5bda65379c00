import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { Queued } from './fair-queue';
import type { Lease } from './limiter-backend';

/** For a job that nobody waits for: it is never shown to anybody. */
export const ABANDONED = new VirusTotalError('VT_CLOSED', 'Dropped: nobody waits for this lookup any more');

/** A request that waits for its turn. */
export interface Job extends Queued {
  /** Nobody waits for it any more. */
  readonly abandoned: boolean;
  /** Set while it waits in the queue; a place in the queue of a job that isn't waiting (any more) is passed over. */
  queued: boolean;
  readonly onQuota: 'fail' | 'wait';
  /** How often it has failed for a passing reason. */
  failures: number;
  /** One exchange with VirusTotal. Throws VirusTotalError; a redirect goes through the queue again. */
  attempt(progress: Progress): Promise<'settled' | 'redirected'>;
  /** The lease that makes it one request for all instances. */
  readonly lease: Lease | undefined;
  /** Another instance has the report, or holds the lease for it. */
  waitForPeer(): Promise<'settled' | 'retry'>;
  fail(error: VirusTotalError): void;
}
