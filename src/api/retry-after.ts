/** All quotas but the month's have turned by then; a longer wait is a mistake of the sender's. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/** "At once" would be refused as well. */
const SHORTEST_MS = 1000;

/**
 * The header Retry-After, seconds or a date, as milliseconds from `now`; undefined without one that can be read.
 * VirusTotal has never been seen to send it; proxies do.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  // A header that is sent twice comes as a list.
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : /[a-z]/i.test(text) ? Date.parse(text) - now : NaN;
  // A date that is past says nothing: one of the clocks is wrong.
  if (Number.isNaN(wait) || wait < 0) return undefined;
  return Math.min(Math.max(wait, SHORTEST_MS), LONGEST_MS);
}
