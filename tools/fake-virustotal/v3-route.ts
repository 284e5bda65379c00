import type { Kind } from './finding';
import type { ParsedRequest, What } from './api-request';
import type { ReportCatalog } from './report-catalog';
import { UPLOAD_PATH } from './upload-urls';

const KINDS: Readonly<Record<string, Kind>> = {
  files: 'file',
  urls: 'url',
  domains: 'domain',
  ip_addresses: 'ip',
};

/** What a request to v3 asks for, by its method and path. */
export function readV3(
  method: string,
  path: string,
  key: string | string[] | undefined,
  catalog: ReportCatalog,
): ParsedRequest {
  const parsed: ParsedRequest = {
    api: 'v3',
    what: 'nothing',
    kind: 'file',
    indicators: [],
    key: typeof key === 'string' ? key : undefined,
    scan: false,
    private: false,
  };
  if (path.startsWith(UPLOAD_PATH)) return { ...parsed, what: method === 'POST' ? 'upload' : 'nothing' };
  const parts = (path.split('/api/v3/').at(-1) ?? '').split('/').map(decoded);
  if (parts.at(-1) === '') parts.pop();
  if (parts[0] === 'private') {
    const own = route(method, parts.slice(1), parsed, catalog);
    return PRIVATE.includes(own.what) ? { ...own, private: true } : parsed;
  }
  return route(method, parts, parsed, catalog);
}

const PRIVATE: readonly What[] = ['submit', 'upload-url', 'analysis', 'item', 'report', 'analyze'];

function route(
  method: string,
  [collection = '', id, part, ...more]: string[],
  parsed: ParsedRequest,
  catalog: ReportCatalog,
): ParsedRequest {
  if (more.length > 0) return parsed;
  const get = method === 'GET';
  if (collection === 'users') {
    return get && id !== undefined && part === 'overall_quotas'
      ? { ...parsed, what: 'quotas', indicators: [id] }
      : parsed;
  }
  if (collection === 'analyses') {
    if (!get || id === undefined || (part !== undefined && part !== 'item')) return parsed;
    return { ...parsed, what: part === 'item' ? 'item' : 'analysis', indicators: [id] };
  }
  const kind = KINDS[collection];
  if (kind === undefined) return parsed;
  if (id === undefined) {
    const submits = method === 'POST' && (kind === 'file' || kind === 'url');
    return submits ? { ...parsed, what: 'submit', kind } : parsed;
  }
  if (kind === 'file' && id === 'upload_url' && part === undefined)
    return get ? { ...parsed, what: 'upload-url' } : parsed;
  const what = partOf(method, kind, part);
  if (what === undefined) return parsed;
  return { ...parsed, what, kind, indicators: [kind === 'url' ? urlOf(id, catalog) : id] };
}

function partOf(method: string, kind: Kind, part: string | undefined): What | undefined {
  if (method === 'GET') {
    if (part === undefined) return 'report';
    if (part === 'comments' || part === 'votes') return part;
    return kind === 'file' && part === 'behaviour_mitre_trees' ? 'mitre' : undefined;
  }
  if (method !== 'POST') return undefined;
  return part === 'analyse'
    ? 'analyze'
    : part === 'comments'
      ? 'comment'
      : part === 'votes'
        ? 'vote'
        : undefined;
}

/** A URL's id is unpadded base64url of the URL, or an SHA-256 that v3 gave out before. */
function urlOf(id: string, catalog: ReportCatalog): string {
  if (/^[0-9a-f]{64}$/i.test(id)) return catalog.urlOfId(id.toLowerCase()) ?? id;
  // Padding and the standard alphabet are the classic client bug: VirusTotal finds nothing then.
  return /^[A-Za-z0-9_-]+$/.test(id) ? Buffer.from(id, 'base64url').toString('utf8') : id;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
