import type { DetectingEngine } from './count';
import type { EngineCounts } from './engine-counts';
import { countText, pluralize, truncate } from './messages';
import type { ReportContext } from './report-context';

const MOST_ENGINES = 3;

/**
 * What the engines found, as an analyst would note it: "trojan.madeup: 8 of 97 engines detect it (BitDefender, ESET, Google
 * Safebrowsing: phishing), 59 rate it harmless, 30 have no opinion".
 */
export function foundText(counts: EngineCounts, { threatLabel }: ReportContext): string {
  const { positives, total, harmless, silent, engines } = counts;
  const parts = [`${countText(positives, total)}${enginesText(engines)}`];
  if (harmless > 0) parts.push(`${harmless} ${harmless === 1 ? 'rates' : 'rate'} it harmless`);
  if (silent > 0) parts.push(`${silent} ${silent === 1 ? 'has' : 'have'} no opinion`);
  const label = threatLabel === null ? '' : `${truncate(threatLabel, 100)}: `;
  return label + parts.join(', ');
}

/** " (BitDefender, ESET: phishing; Sophos: malware)": those that call it the same stand together. */
function enginesText(engines: readonly DetectingEngine[]): string {
  if (engines.length === 0) return '';
  const byResult = new Map<string, string>();
  for (const { name, result } of engines.slice(0, MOST_ENGINES)) {
    const said = result === null ? '' : truncate(result, 60);
    const names = byResult.get(said);
    byResult.set(said, (names === undefined ? '' : `${names}, `) + truncate(name, 40));
  }
  const groups: string[] = [];
  for (const [result, names] of byResult) groups.push(result === '' ? names : `${names}: ${result}`);
  return ` (${groups.join('; ')})`;
}

/**
 * "scanned 3 days ago (2025-07-20)"
 * @param time of `scanDate`, in ms since 1970
 */
export function scannedText(scanDate: unknown, time: number | undefined, now: number): string {
  if (time === undefined) return 'scan date unknown';
  const day = String(scanDate).slice(0, 10);
  const days = Math.floor((now - time) / 86_400_000);
  // A clock that is behind VirusTotal's makes no age.
  if (days < 0) return `scanned on ${day}`;
  return days === 0 ? `scanned today (${day})` : `scanned ${pluralize(days, 'day')} ago (${day})`;
}
