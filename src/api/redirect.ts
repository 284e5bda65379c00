/** A path and query on the same origin, or the name of another one. */
export type Resolved = { path: string } | { otherHost: string };

/**
 * Where an address leads, seen from a place. Another scheme or port is another host too: what speaks there may not be
 * VirusTotal, and the key goes along.
 */
export function resolvePath(from: URL, address: string): Resolved {
  if (!URL.canParse(address, from.href)) return { otherHost: 'a place that is no URL' };
  const to = new URL(address, from);
  return to.origin === from.origin ? { path: to.pathname + to.search } : { otherHost: to.origin };
}

/** 300 and 304 to 306 have no place to go to. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
