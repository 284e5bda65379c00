interface UsageFigure {
  used: number;
  allowed: number;
}

/** What VirusTotal has counted. There is no figure for the minute: a public key's 4 a minute show as 240 an hour. */
export interface QuotaUsage {
  hourly?: UsageFigure;
  daily?: UsageFigure;
  monthly?: UsageFigure;
}

/**
 * From the body of `overall_quotas`: `{data: {api_requests_daily: {user: {used, allowed}, group?: {used, allowed}}}}`.
 * Where a group is named both must have room, so the one with less room counts.
 */
export function parseQuotaUsage(body: unknown): QuotaUsage {
  const data = field(body, 'data');
  const usage: QuotaUsage = {};
  for (const span of ['hourly', 'daily', 'monthly'] as const) {
    const quota = field(data, `api_requests_${span}`);
    const user = parseUsage(field(quota, 'user'));
    const group = parseUsage(field(quota, 'group'));
    const tighter =
      user !== undefined && group !== undefined
        ? remaining(group) < remaining(user)
          ? group
          : user
        : (user ?? group);
    if (tighter !== undefined) usage[span] = tighter;
  }
  return usage;
}

function remaining({ used, allowed }: UsageFigure): number {
  return allowed - used;
}

function parseUsage(value: unknown): UsageFigure | undefined {
  const used = field(value, 'used');
  const allowed = field(value, 'allowed');
  return isAmount(used) && isAmount(allowed) ? { used, allowed } : undefined;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
