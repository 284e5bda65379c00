import type { VirusTotalError } from '../api/errors';
import type { Queued } from './fair-queue';

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
  attempt(): Promise<'settled' | 'redirected'>;
  fail(error: VirusTotalError): void;
}
