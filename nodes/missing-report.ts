import type { NodeMessage } from 'node-red';
import { isCount, isObject, type JsonObject } from '../src/report/narrow';
import { oneLine } from '../src/errors';
import { statusText } from './status-text';

/** Where the VirusTotal node looks unless it is told another place. */
export const USUAL_PLACE = 'msg.payload';
const ON_ALLOW_LIST = 'on the allow list';

/**
 * Why a message has no report, by what the VirusTotal node notes in `msg.virustotal`: it found nothing to look up, or nothing that may be
 * sent. Undefined where that doesn't say it.
 */
export function whyMissing(msg: NodeMessage): string | undefined {
  const { virustotal } = msg as { virustotal?: unknown };
  if (!isObject(virustotal) || virustotal.found !== 0) return undefined;
  const { skipped, source } = virustotal;
  if (!Array.isArray(skipped)) return undefined;
  if (skipped.length > 0) return whySkipped(skipped, virustotal);
  return statusText('missingNothing', {
    place: typeof source === 'string' ? oneLine(source, 80) : USUAL_PLACE,
  });
}

function whySkipped(skipped: readonly unknown[], { skippedCount }: JsonObject): string {
  // Of very many only the first are listed.
  const count = isCount(skippedCount) ? Math.max(skippedCount, skipped.length) : skipped.length;
  const allowed = skipped.filter((each) => isObject(each) && each.reason === ON_ALLOW_LIST).length;
  if (allowed === 0) return statusText('missingPrivate', { count });
  return statusText(allowed === skipped.length ? 'missingAllowed' : 'missingSkipped', { count });
}
