interface QuotaFigure {
  used: number;
  allowed: number;
}

/** What VirusTotal has counted. There is no figure for the minute: a public key's 4 a minute show as 240 an hour. */
export interface QuotaFigures {
  hourly?: QuotaFigure;
  daily?: QuotaFigure;
  monthly?: QuotaFigure;
}

/**
 * From the body of `overall_quotas`: `{data: {api_requests_daily: {user: {used, allowed}, group?: {used, allowed}}}}`.
 * Where a group is named both must have room, so the one with less room counts.
 */
export function quotaFigures(body: unknown): QuotaFigures {
  const data = field(body, 'data');
  const figures: QuotaFigures = {};
  for (const span of ['hourly', 'daily', 'monthly'] as const) {
    const quota = field(data, `api_requests_${span}`);
    const user = figure(field(quota, 'user'));
    const group = figure(field(quota, 'group'));
    const tighter =
      user !== undefined && group !== undefined ? (room(group) < room(user) ? group : user) : (user ?? group);
    if (tighter !== undefined) figures[span] = tighter;
  }
  return figures;
}

function room({ used, allowed }: QuotaFigure): number {
  return allowed - used;
}

function figure(value: unknown): QuotaFigure | undefined {
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
