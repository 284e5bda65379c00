/** All quotas but the month's have turned by then; a longer wait is a mistake of the sender's. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * The header Retry-After, seconds or a date, as milliseconds from `now`; undefined without one that can be read.
 * VirusTotal has never been seen to send it; proxies do.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : /[a-z]/i.test(text) ? Date.parse(text) - now : NaN;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_MS);
}
