import type { Kind } from './finding';

/** What a request asks for, read from its path, query and form. */
export interface ParsedRequest {
  api: 'v2' | 'v3';
  what: What;
  kind: Kind;
  /** Empty when the request lacks it. For an analysis its id. */
  indicators: string[];
  key: string | undefined;
  /** v2 url/report with `scan=1`. */
  scan: boolean;
  /** Name of a relation, as `contacted_ips`; else empty. */
  relation: string;
  /** Of v3: what stands after `?`. */
  query: URLSearchParams;
  /** With the header `x-tool`. */
  tool: boolean;
  /** Below `/private/`: private scanning. */
  private: boolean;
}

/** `submit`, `upload`, `analyze`, `comment` and `vote` write. */
export type What =
  | 'report'
  | 'quotas'
  | 'mitre'
  | 'submit'
  | 'upload-url'
  | 'upload'
  | 'analysis'
  | 'item'
  | 'analyze'
  | 'related'
  | 'descriptors'
  | 'behavior'
  | 'stream'
  | 'comment'
  | 'vote'
  | 'nothing';

const WRITES: readonly What[] = ['submit', 'upload', 'analyze', 'comment', 'vote'];

export function writes({ what }: ParsedRequest): boolean {
  return WRITES.includes(what);
}

/** Whether the body of the request is a file in multipart form. */
export function uploads({ what, kind }: ParsedRequest): boolean {
  return what === 'upload' || (what === 'submit' && kind === 'file');
}
