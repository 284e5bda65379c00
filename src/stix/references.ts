import type { JsonObject } from '../report/narrow';
import { uri } from './uri';

/** VirusTotal's page for people, as `external_references`; nothing when there is none. */
export function permalinkReference({ permalink }: JsonObject): { external_references?: object[] } {
  const url = typeof permalink === 'string' && /^https?:/i.test(permalink) ? uri(permalink) : undefined;
  return url === undefined ? {} : { external_references: [{ source_name: 'VirusTotal', url }] };
}
