import type { SkippedIoc } from '../src/ioc/ioc';
import type { LookupMetadata } from './lookup-metadata';

/** A log of a firewall may hold more private addresses than anybody reads, or a message should carry. */
const LISTED = 1000;

/** What was not sent, for `msg.virustotal`: all counted, the first of them listed. */
export function listSkipped(
  skipped: readonly SkippedIoc[],
): Pick<LookupMetadata, 'skipped' | 'skippedCount'> {
  return skipped.length === 0
    ? { skipped: [] }
    : { skipped: skipped.slice(0, LISTED), skippedCount: skipped.length };
}
