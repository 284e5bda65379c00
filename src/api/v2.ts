import type { Indicator, IocType } from '../ioc/ioc';

const ENDPOINTS: Record<IocType, readonly [path: string, parameter: string]> = {
  file: ['file/report', 'resource'],
  url: ['url/report', 'resource'],
  domain: ['domain/report', 'domain'],
  ip: ['ip-address/report', 'ip'],
};

/** Path and query of a report, relative to the base URL and without the key. `scan=1`, which would submit, is never sent. */
export function v2Path({ type, value }: Indicator): string {
  const [path, parameter] = ENDPOINTS[type];
  return `${path}?${parameter}=${encodeURIComponent(value)}`;
}

/** API v2 takes the key as a parameter only. */
export function withV2Key(path: string, apiKey: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}apikey=${encodeURIComponent(apiKey)}`;
}

/** The path that a redirect gives, without the key that it echoes. */
export function withoutV2Key(path: string): string {
  return path.replace(/([?&])apikey=[^&#]*(&|$)/g, (_all, before: string, after: string) =>
    after === '' ? '' : before,
  );
}
