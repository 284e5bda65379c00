type NodeDef = Record<string, unknown> & { id: string; type: string };

/** VirusTotal's minute in a run, in ms: its other waits are as much shorter. */
export const MINUTE_MS = 300;

interface Limit {
  rateLimit: boolean;
  rateLimitMode?: 'window' | 'spacing';
  rateLimitCount?: number;
  rateLimitMs?: number;
}

export type LimitName = 'window' | 'spacing' | 'mixed' | 'strict' | 'none';

/** How the runs are limited: the configs of the key over API v3 and over v2. Each limit holds for the requests of both. */
const LIMITS: Record<LimitName, readonly [v3: Limit, v2: Limit]> = {
  window: [
    { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 100 },
    { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 500 },
  ],
  spacing: [
    { rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 3 },
    { rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 2 },
  ],
  // The one is the stricter in bursts, the other over a minute.
  mixed: [
    { rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 1 },
    { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 80 },
  ],
  // So few that some always wait for it, also where reports are shared.
  strict: [
    { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 12 },
    { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 20 },
  ],
  none: [{ rateLimit: false }, { rateLimit: false }],
};

/** Where quota and cache are shared, if they are. */
export interface Sharing {
  redisUrl: string;
  /** How many share the key. */
  instances: number;
}

/** At most this number of requests in any window of this length, in ms. */
export interface Allowance {
  config: 'vt' | 'vt2' | 'vt3';
  count: number;
  ms: number;
}

/** Of a config without nodes: it is in force for longer than it takes to start Node-RED again. */
export const LASTING: Allowance = { config: 'vt3', count: 240, ms: 4000 };

/** For each of the limits. */
export function allowances(name: LimitName): Allowance[] {
  return LIMITS[name].flatMap(({ rateLimit, rateLimitMode, rateLimitCount = 1, rateLimitMs = 0 }, at) => {
    const config = at === 0 ? 'vt' : 'vt2';
    if (!rateLimit) return [];
    return rateLimitMode === 'window'
      ? { config, count: rateLimitCount, ms: MINUTE_MS }
      : { config, count: 1, ms: rateLimitMs };
  });
}

const LOOKUPS: Record<string, Record<string, unknown>> = {
  domain: { action: 'domain' },
  file: { action: 'file' },
  ip: { action: 'ip' },
  url: { action: 'url' },
  'file-v2': { action: 'file', server: 'vt2' },
  report: { action: 'domain', onError: 'report' },
  search: { action: 'search' },
  array: { action: 'search', emit: 'array' },
};

/**
 * A node of each kind, on two configs of one key: one over API v3, one over v2. Errors go to one Catch node. What comes to `end` and
 * `caught`, behind all others, is told to the function `arrived` of the global context, by nodes that are deployed as all are.
 */
export function flowsUnderTest(
  urls: { v2: string; v3: string },
  apiKey: string,
  limit: LimitName,
  { sharing, lasting = false }: { sharing?: Sharing; lasting?: boolean } = {},
): NodeDef[] {
  const [v3, v2] = LIMITS[limit];
  const config = {
    type: 'virustotal-config',
    timeScale: MINUTE_MS / 60_000,
    timeout: 400,
    // More than there is room for come at once now and then.
    maxQueue: 120,
    cacheSize: 350,
    dailyQuota: 1_000_000,
    monthlyQuota: 10_000_000,
    ...(sharing ? { store: 'redis', instances: sharing.instances } : {}),
    credentials: { apiKey, ...(sharing ? { redisUrl: sharing.redisUrl } : {}) },
  };
  let y = 0;
  const placed = (node: NodeDef): NodeDef => ({ z: 'tab', x: 100, y: (y += 40), ...node });
  return [
    { id: 'tab', type: 'tab', label: 'faults' },
    // First: the last of them says how long VirusTotal's minute is.
    ...(lasting ? [{ id: LASTING.config, ...config, ...v3, ...lastingLimit() }] : []),
    { id: 'vt', ...config, ...v3, apiVersion: 'v3', apiUrl: urls.v3 },
    { id: 'vt2', ...config, ...v2, apiVersion: 'v2', apiUrl: urls.v2 },
    ...Object.entries(LOOKUPS).map(([id, def]) =>
      placed({ id, type: 'virustotal', server: 'vt', wires: [['end']], ...def }),
    ),
    placed({ id: 'end', type: 'arrived', wires: [] }),
    placed({ id: 'catch', type: 'catch', scope: null, wires: [['caught']] }),
    placed({ id: 'caught', type: 'arrived', wires: [] }),
  ];
}

function lastingLimit(): Record<string, unknown> {
  const { count, ms } = LASTING;
  return {
    ...{ rateLimit: true, rateLimitMode: 'window', rateLimitCount: count, timeScale: ms / 60_000 },
    apiUrl: 'http://127.0.0.1:9/',
  };
}

/** Nodes that get messages. */
export const LOOKUP_NODES: ReadonlySet<string> = new Set(Object.keys(LOOKUPS));
