import { parsedUrl } from '../parsed-url';

/** What RFC 3986 lets a URI consist of, square brackets apart: they may stand around an IPv6 host only. */
const NOT_IN_URI = /[^\w\-.~:/?#@!$&'()*+,;=%]|%(?![0-9a-fA-F]{2})/gu;
const LEGAL = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@[\]]*@)?(?:\[[0-9a-fA-F:.]+\])?[\w\-.~:/?#@!$&'()*+,;=%]*$/i;

/**
 * A URL as STIX wants it, a URI by RFC 3986: unchanged when it is one, else with what doesn't belong there encoded. Undefined
 * when it is no URL with a host.
 */
export function uri(text: string): string | undefined {
  const url = parsedUrl(text);
  if (url === undefined) return undefined;
  if (LEGAL.test(text) && !/%(?![0-9a-fA-F]{2})/.test(text)) return text;
  if (url.host === '') return undefined;
  const [origin, rest] = [`${url.protocol}//${url.host}`, `${url.pathname}${url.search}${url.hash}`];
  return origin + rest.replace(NOT_IN_URI, encodeURIComponent); // all ASCII: a URL's own spelling is
}
