type NodeDef = Record<string, unknown> & { id: string; type: string };

/** VirusTotal's minute in a run, in ms: its other waits are as much shorter. */
export const MINUTE_MS = 300;

/** How the runs are limited: by both ways to limit, or not at all. */
export const LIMITS = {
  window: { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 100 },
  spacing: { rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 3 },
  none: { rateLimit: false },
} as const;

export type LimitName = keyof typeof LIMITS;

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

/** A node of each kind, on two configs of one key: one over API v3, one over v2. Errors go to one Catch node. */
export function flowsUnderTest(
  urls: { v2: string; v3: string },
  apiKey: string,
  limit: LimitName,
): NodeDef[] {
  const config = {
    type: 'virustotal-config',
    ...LIMITS[limit],
    timeScale: MINUTE_MS / 60_000,
    timeout: 400,
    // More than there is room for come at once now and then.
    maxQueue: 120,
    cacheSize: 350,
    dailyQuota: 1_000_000,
    monthlyQuota: 10_000_000,
    credentials: { apiKey },
  };
  let y = 0;
  const placed = (node: NodeDef): NodeDef => ({ z: 'tab', x: 100, y: (y += 40), ...node });
  return [
    { id: 'tab', type: 'tab', label: 'faults' },
    { id: 'vt', ...config, apiVersion: 'v3', apiUrl: urls.v3 },
    // The limit of the key is the stricter one, also while a deploy takes that config away.
    { id: 'vt2', ...config, apiVersion: 'v2', apiUrl: urls.v2, rateLimitCount: 500 },
    ...Object.entries(LOOKUPS).map(([id, def]) =>
      placed({ id, type: 'virustotal', server: 'vt', wires: [['end']], ...def }),
    ),
    placed({ id: 'end', type: 'change', rules: [], wires: [[]] }),
    placed({ id: 'catch', type: 'catch', scope: null, wires: [['end']] }),
  ];
}

/** Nodes whose messages are counted. */
export const LOOKUP_NODES: ReadonlySet<string> = new Set(Object.keys(LOOKUPS));
