import type { IncomingHttpHeaders } from 'node:http';
import type { Kind } from './finding';
import type { ParsedRequest, What } from './api-request';
import type { ReportCatalog } from './report-catalog';
import { relationsOf } from './relations';
import { UPLOAD_PATH } from './upload-urls';

const KINDS: Readonly<Record<string, Kind>> = {
  files: 'file',
  urls: 'url',
  domains: 'domain',
  ip_addresses: 'ip',
};

const BASE_PATH = '/api/v3/';

/** What a request to v3 asks for, by its method and path. */
export function readV3(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  catalog: ReportCatalog,
): ParsedRequest {
  const key = headers['x-apikey'];
  const parsed: ParsedRequest = {
    api: 'v3',
    what: 'nothing',
    kind: 'file',
    indicators: [],
    key: typeof key === 'string' ? key : undefined,
    scan: false,
    relation: '',
    query,
    tool: typeof headers['x-tool'] === 'string' && headers['x-tool'] !== '',
    private: false,
  };
  if (path.startsWith(UPLOAD_PATH)) return { ...parsed, what: method === 'POST' ? 'upload' : 'nothing' };
  if (!path.startsWith(BASE_PATH)) return parsed;
  const parts = path.slice(BASE_PATH.length).split('/').map(decoded);
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
  const get = method === 'GET';
  if (more.length > 0 && (part !== 'relationships' || more.length > 1)) return parsed;
  if (collection === 'ioc_stream' && id === undefined && get) return { ...parsed, what: 'stream' };
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
  const relation = part === 'relationships' ? (more[0] ?? '') : (part ?? '');
  const what = partOf(method, kind, part, relation);
  if (what === undefined) return parsed;
  const indicators = [kind === 'url' ? urlOf(id, catalog) : id];
  return {
    ...parsed,
    what,
    kind,
    indicators,
    relation: what === 'related' || what === 'descriptors' ? relation : '',
  };
}

function partOf(method: string, kind: Kind, part: string | undefined, relation: string): What | undefined {
  if (method === 'GET') {
    if (part === undefined) return 'report';
    if (kind === 'file' && part === 'behaviour_mitre_trees') return 'mitre';
    if (kind === 'file' && part === 'behaviour_summary') return 'behavior';
    if (!relationsOf(kind).has(relation)) return undefined;
    return part === 'relationships' ? 'descriptors' : 'related';
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

/**
 * A URL's id is unpadded base64url of the URL, or an SHA-256 that v3 gave out before. Anything else, such as base64 with its padding or in
 * its standard alphabet, is the id of no URL; an id stands for itself then.
 */
function urlOf(id: string, catalog: ReportCatalog): string {
  if (/^[0-9a-f]{64}$/i.test(id)) return catalog.urlOfId(id.toLowerCase()) ?? id;
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.toString('base64url') !== id) return id;
  const url = bytes.toString('utf8');
  return Buffer.from(url, 'utf8').equals(bytes) ? url : id;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
