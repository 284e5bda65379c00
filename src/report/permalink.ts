import type { ReportType } from './report';

const PAGES: Record<ReportType, string> = { file: 'file', url: 'url', domain: 'domain', ip: 'ip-address' };

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * VirusTotal's page for people. A URL's page needs the SHA-256 by which VirusTotal knows it (`data.id`): how VirusTotal
 * makes a URL canonical before hashing is not published, so it is never computed here.
 */
export function permalink(type: ReportType, value: string, id: unknown): string | undefined {
  const page = `https://www.virustotal.com/gui/${PAGES[type]}/`;
  if (typeof id === 'string' && SHA256.test(id) && (type === 'file' || type === 'url')) return page + id;
  return type === 'url' ? undefined : page + encodeURIComponent(value).replaceAll('%3A', ':');
}

/** Without what ends an address, an attribute or a link in any markup. */
const PAGE = /^https:\/\/(www\.)?virustotal\.com\/[\w/.~%:?=&#+-]{1,500}$/;

/** Whether a value, which may be of any origin, is the address of a page of VirusTotal's. */
export function isPermalink(value: unknown): value is string {
  return typeof value === 'string' && PAGE.test(value);
}
