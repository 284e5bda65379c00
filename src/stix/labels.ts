import { isObject, type JsonObject } from '../report/narrow';

/** More than this is noise, from a report as long as its sender likes. */
const MOST = 50;
const LONGEST = 200;

/**
 * The words that vendors and VirusTotal put to it: `categories` (a list in v2, by vendor in v3), v2's "<Vendor> category", and
 * `tags`. Each once, whatever its case.
 */
export function labels(report: JsonObject): { labels?: string[] } {
  const { categories, tags } = report;
  const words = [
    ...listed(categories),
    ...Object.keys(report).map((name) => (name.endsWith(' category') ? report[name] : undefined)),
    ...listed(tags),
  ];
  const found = new Map<string, string>();
  for (const word of words) {
    const label = typeof word === 'string' ? word.trim() : '';
    if (label === '' || label.length > LONGEST || found.size >= MOST) continue;
    if (!found.has(label.toLowerCase())) found.set(label.toLowerCase(), label);
  }
  return found.size === 0 ? {} : { labels: [...found.values()] };
}

function listed(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}
