import type { NodeMessage } from 'node-red';
import { isObject } from '../src/report/narrow';
import type { ReportType } from '../src/report/report';

/** What a report is of. */
interface ReportIdentity {
  type: ReportType | null;
  resource: string | null;
}

const TYPES: readonly unknown[] = ['file', 'url', 'domain', 'ip'] satisfies ReportType[];

/** What the VirusTotal node asked for, as it notes it in `msg.virustotal`. */
export function requestedIndicator(msg: NodeMessage): { type?: ReportType; value?: string } {
  const { virustotal } = msg as { virustotal?: unknown };
  if (!isObject(virustotal)) return {};
  const { type, resource } = virustotal;
  return typeof resource === 'string' && TYPES.includes(type)
    ? { type: type as ReportType, value: resource }
    : {};
}

/**
 * What a report doesn't say of itself, by `msg.virustotal`: an OpenDXL service answers with a bare v2 body, which for a domain or an IP
 * address doesn't tell which one it is.
 */
export function withRequestedIdentity({ type, resource }: ReportIdentity, msg: NodeMessage): ReportIdentity {
  if (type !== null && resource !== null) return { type, resource };
  const requested = requestedIndicator(msg);
  if (requested.type === undefined || requested.value === undefined) return { type, resource };
  if (type !== null && type !== requested.type) return { type, resource };
  return { type: requested.type, resource: resource ?? requested.value };
}
