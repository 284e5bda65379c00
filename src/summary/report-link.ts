import { isPermalink, permalink } from '../report/permalink';
import type { ReportType } from '../report/report';

/**
 * VirusTotal's page of an indicator; undefined for a URL whose report names none. A page that isn't VirusTotal's is left out: a
 * summary must not lead anybody to another site.
 *
 * @param value cleaned: half a surrogate pair has no place in an address
 */
export function reportLink(
  type: ReportType | null,
  value: string | null,
  given: unknown,
): string | undefined {
  if (isPermalink(given)) return given;
  if (type === null || type === 'url' || value === null) return undefined;
  const page = permalink(type, value, undefined);
  return isPermalink(page) ? page : undefined;
}
