/** Where a `location` leads: a path and query on the same origin, or another host. */
export type RedirectTarget = { path: string } | { otherHost: string };

/** Another scheme or port is another host too: what speaks there may not be VirusTotal, and the key goes along. */
export function redirectTarget(asked: URL, location: string): RedirectTarget {
  if (!URL.canParse(location, asked.href)) return { otherHost: 'a place that is no URL' };
  const target = new URL(location, asked);
  return target.origin === asked.origin
    ? { path: target.pathname + target.search }
    : { otherHost: target.origin };
}

/** 300 and 304 to 306 have no place to go to. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
