import type { NodeMessage } from 'node-red';
import { isObject } from '../src/report/narrow';
import type { ReportType } from '../src/report/report';

/** What a report is of. */
interface Named {
  type: ReportType | null;
  resource: string | null;
}

const TYPES: readonly unknown[] = ['file', 'url', 'domain', 'ip'] satisfies ReportType[];

/**
 * What a report doesn't say of itself, by `msg.virustotal`, where the VirusTotal node notes what it asked for: an OpenDXL service
 * answers with a bare v2 body, which for a domain or an IP address doesn't tell which one it is.
 */
export function orAsked({ type, resource }: Named, msg: NodeMessage): Named {
  const { virustotal } = msg as { virustotal?: unknown };
  if ((type !== null && resource !== null) || !isObject(virustotal)) return { type, resource };
  const { type: askedType, resource: asked } = virustotal;
  if (typeof asked !== 'string' || !TYPES.includes(askedType)) return { type, resource };
  if (type !== null && type !== askedType) return { type, resource };
  return { type: askedType as ReportType, resource: resource ?? asked };
}
