import { parsedUrl } from '../parsed-url';

/**
 * A path with a query, relative to a folder, in which a URL changes nothing: no dots that make up a segment, no characters that it
 * encodes, no query that is empty. A redirect's address is never taken for one.
 */
const PLAIN = /^[a-z_-]+\/(?:[\w/?=&:~-]|%(?!2e)|\.(?=[\w-]))*(?<!\?)$/i;

/** A path and query on the same origin, or the name of another one. */
export type ResolvedPath = { path: string } | { crossOrigin: string };

/**
 * Where an address leads, seen from a place. Another scheme or port is another host too: what speaks there may not be
 * VirusTotal, and the key goes along.
 */
export function resolvePath(from: URL, address: string): ResolvedPath {
  const to = parsedUrl(address, from);
  if (to === undefined) return { crossOrigin: 'a place that is no URL' };
  return to.origin === from.origin ? { path: to.pathname + to.search } : { crossOrigin: to.origin };
}

/** As `resolvePath`, for a path that this package has made: nearly all of them need no URL to be read. */
export function resolveOwn(from: URL, path: string): ResolvedPath {
  return from.pathname.endsWith('/') && PLAIN.test(path)
    ? { path: from.pathname + path }
    : resolvePath(from, path);
}

/** 300 and 304 to 306 have no place to go to. */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
