import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Kind } from './finding';
import type { ReportCatalog } from './report-catalog';

/** What a request asks for, read from its path, query and form. */
export interface ParsedRequest {
  api: 'v2' | 'v3';
  what: 'report' | 'quotas' | 'mitre' | 'nothing';
  kind: Kind;
  /** Empty when the request lacks it. */
  indicators: string[];
  key: string | undefined;
  /** v2 url/report with `scan=1`. */
  scan: boolean;
}

const V2_KINDS: Readonly<Record<string, Kind>> = {
  'file/report': 'file',
  'url/report': 'url',
  'domain/report': 'domain',
  'ip-address/report': 'ip',
};
const V3_KINDS: Readonly<Record<string, Kind>> = {
  files: 'file',
  urls: 'url',
  domains: 'domain',
  ip_addresses: 'ip',
};

/** The documented limit of v2 with the standard request rate. The surplus is dropped without a word. */
const V2_BATCH = 4;

export function parseRequest(request: IncomingMessage, form: string, catalog: ReportCatalog): ParsedRequest {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const v2 = /\/vtapi\/v2\/(.*)$/.exec(path);
  if (v2) return readV2(request.method ?? 'GET', v2[1] ?? '', new URLSearchParams(form || query));
  return readV3(path.split('/api/v3/').at(-1) ?? '', request.headers['x-apikey'], catalog);
}

function readV2(method: string, endpoint: string, fields: URLSearchParams): ParsedRequest {
  const kind = V2_KINDS[endpoint.replace(/\/$/, '')];
  const post = method === 'POST';
  const readable = kind !== undefined && (method === 'GET' || (post && (kind === 'file' || kind === 'url')));
  const text = fields.get(kind === 'domain' ? 'domain' : kind === 'ip' ? 'ip' : 'resource') ?? '';
  const separator = kind === 'file' ? /\s*,\s*/ : kind === 'url' ? /\r?\n/ : undefined;
  return {
    api: 'v2',
    what: readable ? 'report' : 'nothing',
    kind: kind ?? 'file',
    indicators: (separator ? text.split(separator) : [text]).filter((item) => item !== '').slice(0, V2_BATCH),
    key: fields.get('apikey') ?? undefined,
    scan: fields.get('scan') === '1',
  };
}

function readV3(
  endpoint: string,
  header: string | string[] | undefined,
  catalog: ReportCatalog,
): ParsedRequest {
  const [collection = '', rawId = '', part] = endpoint.split('/').map(decoded);
  const kind = V3_KINDS[collection];
  const parsed: ParsedRequest = {
    api: 'v3',
    what: 'nothing',
    kind: kind ?? 'file',
    indicators: [],
    key: typeof header === 'string' ? header : undefined,
    scan: false,
  };
  if (collection === 'users' && part === 'overall_quotas') {
    return { ...parsed, what: 'quotas', indicators: [rawId] };
  }
  if (kind === undefined || rawId === '') return parsed;
  if (kind === 'file' && part === 'behaviour_mitre_trees')
    return { ...parsed, what: 'mitre', indicators: [rawId] };
  if (part !== undefined && part !== '') return parsed;
  const indicator = kind === 'url' ? urlOf(rawId, catalog) : rawId;
  return { ...parsed, what: 'report', indicators: [indicator] };
}

/** A URL's id is unpadded base64url of the URL, or an SHA-256 that v3 gave out before. */
function urlOf(id: string, catalog: ReportCatalog): string {
  if (/^[0-9a-f]{64}$/i.test(id)) return catalog.urlOfId(id.toLowerCase()) ?? id;
  // Padding and the standard alphabet are the classic client bug: VirusTotal finds nothing then.
  return /^[A-Za-z0-9_-]+$/.test(id) ? Buffer.from(id, 'base64url').toString('utf8') : id;
}

/** Whether VirusTotal would take the text for an indicator of that kind. */
export function wellFormed(kind: Kind, indicator: string): boolean {
  switch (kind) {
    case 'file':
      return /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(indicator);
    case 'url':
      return URL.canParse(indicator) || URL.canParse(`http://${indicator}`);
    case 'domain':
      return /^(?=.{3,253}$)([\p{L}\p{N}_]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]*$/iu.test(
        indicator,
      );
    case 'ip':
      return isIP(indicator) !== 0;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
