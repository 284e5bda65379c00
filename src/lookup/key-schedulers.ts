import { createHash } from 'node:crypto';
import { KeyScheduler } from './key-scheduler';

const schedulers = new Map<string, KeyScheduler>();

/**
 * The one scheduler of an API key in this process: VirusTotal counts by key, whichever node asks and however often it is
 * redeployed. The key itself is not kept here.
 */
export function schedulerFor(apiKey: string): KeyScheduler {
  const fingerprint = createHash('sha256').update(apiKey).digest('base64');
  let scheduler = schedulers.get(fingerprint);
  if (!scheduler) {
    scheduler = new KeyScheduler();
    schedulers.set(fingerprint, scheduler);
  }
  return scheduler;
}
