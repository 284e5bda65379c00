import type { Fault } from '../../tools/fake-virustotal/faults';
import type { LoggedRequest } from '../../tools/fake-virustotal/request-log';

/** Bodies in the form in which VirusTotal answers questions for relations. All of it is made up. */

export const FILE = 'a1'.repeat(32);
export const DROPPED = 'b2'.repeat(32);

/** A type and an id, with what is said of the relation. */
export function descriptor(type: string, id: string, context?: object): object {
  return { type, id, ...(context ? { context_attributes: context } : {}) };
}

/** A page of a list. */
export function page(data: unknown, cursor?: string): object {
  return {
    data,
    links: { self: 'https://www.virustotal.com/api/v3/x' },
    meta: { count: 1, ...(cursor === undefined ? {} : { cursor }) },
  };
}

/** An object with relations inline. */
export function withRelations(relations: Record<string, object>, attributes: object = {}): object {
  return { data: { type: 'file', id: FILE, attributes, relationships: relations } };
}

/** Passive DNS: an address that a name had. */
export function resolution(ip: string, domain: string, date: number): object {
  return {
    type: 'resolution',
    id: ip + domain,
    attributes: {
      date,
      host_name: domain,
      ip_address: ip,
      resolver: 'VirusTotal',
      host_name_last_analysis_stats: { malicious: 1, harmless: 60 },
      ip_address_last_analysis_stats: { malicious: 3, harmless: 50 },
    },
  };
}

export const FORBIDDEN: Fault = {
  status: 403,
  body: {
    error: { code: 'ForbiddenError', message: 'You are not authorized to perform the requested operation' },
  },
};

/** Answers by the end of the path, query included; all else is as the stand-in answers. */
export function answering(
  routes: Record<string, object | Fault>,
): (request: LoggedRequest) => Fault | undefined {
  return ({ path }) => {
    const [, route] = Object.entries(routes).find(([end]) => path.endsWith(end)) ?? [];
    if (!route) return undefined;
    return 'data' in route ? { status: 200, body: route } : route;
  };
}
