import { parsedUrl } from '../parsed-url';

/** An address that VirusTotal gave for one upload, and whether the key may go along. */
export interface UploadPlace {
  origin: string;
  /** Path and query. */
  path: string;
  /** Only to the origin that the key is meant for. */
  withKey: boolean;
}

/**
 * Where a large file goes. The address comes out of an answer, and the file goes there: it is either of the API's own origin, or https and a host of
 * VirusTotal's. For any other the origin is returned as `refused`.
 */
export function uploadPlace(base: URL, address: string): UploadPlace | { refused: string } {
  const url = parsedUrl(address);
  const isOwn = url?.origin === base.origin;
  const isVirusTotals =
    url?.protocol === 'https:' && url.port === '' && /(^|\.)virustotal\.com$/.test(url.hostname);
  if (url === undefined || url.username !== '' || url.password !== '' || !(isOwn || isVirusTotals))
    return { refused: url?.origin ?? 'a place that is no URL' };
  return { origin: url.origin, path: url.pathname + url.search, withKey: isOwn };
}
