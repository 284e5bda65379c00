const DAY = 86_400_000;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?/;

/** Days since the scan, from "YYYY-MM-DD HH:MM:SS" in UTC (VirusTotal writes no zone). Undefined when that is no date. */
export function ageInDays(scanDate: unknown, now: number): number | undefined {
  const parts = typeof scanDate === 'string' ? DATE.exec(scanDate) : null;
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  const time = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  return Number.isNaN(time) ? undefined : (now - time) / DAY;
}
