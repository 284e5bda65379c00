import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ParsedRequest } from './api-request';
import type { Kind } from './finding';
import type { ReportCatalog } from './report-catalog';
import { readV3 } from './v3-route';

const V2_KINDS: Readonly<Record<string, Kind>> = {
  'file/report': 'file',
  'url/report': 'url',
  'domain/report': 'domain',
  'ip-address/report': 'ip',
};
/** The documented limit of v2 with the standard request rate. The surplus is dropped without a word. */
const V2_BATCH = 4;

export function parseRequest(request: IncomingMessage, form: string, catalog: ReportCatalog): ParsedRequest {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const v2 = /^\/vtapi\/v2\/(.*)$/.exec(path);
  if (v2) return readV2(request.method ?? 'GET', v2[1] ?? '', new URLSearchParams(form || query));
  return readV3(request.method ?? 'GET', path, request.headers, new URLSearchParams(query), catalog);
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
    relation: '',
    query: new URLSearchParams(),
    tool: false,
    private: false,
  };
}

/** Names that are reserved for tests and for the machine itself. `.example` is as well, and taken here, for domains that belong to no one. */
const RESERVED = /\.(test|invalid|localhost)$/i;

/** Whether VirusTotal would take the text for an indicator of that kind. */
export function wellFormed(kind: Kind, indicator: string): boolean {
  switch (kind) {
    case 'file':
      return /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(indicator);
    case 'url':
      // A host has a dot, or is an address; an id of no URL has neither.
      return [indicator, `http://${indicator}`].some(
        (url) => URL.canParse(url) && /[.:]/.test(new URL(url).hostname),
      );
    case 'domain':
      if (RESERVED.test(indicator)) return false;
      return /^(?=.{3,253}$)([\p{L}\p{N}_]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]*$/iu.test(
        indicator,
      );
    case 'ip':
      return isIP(indicator) !== 0;
  }
}
