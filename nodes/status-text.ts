import { VirusTotalError } from '../src/errors';
import lookup from './locales/en-US/virustotal.json';

/**
 * What stands below the nodes, in English: Node-RED sends one text to every editor and to Status nodes, and doesn't know in which
 * language an editor is. The editor's part in virustotal.html says the same in its own language, by the texts in the catalogue.
 */
const TEXTS = lookup.status;

export type StatusKey = keyof typeof TEXTS;

/** Parts of a status are told apart by this. */
export const BETWEEN = ' · ';

export function statusText(key: StatusKey, values?: Record<string, string | number>): string {
  if (!values) return TEXTS[key];
  return TEXTS[key].replace(/__(\w+?)__/g, (blank, name: string) => String(values[name] ?? blank));
}

const BY_CODE: Record<VirusTotalError['code'], StatusKey> = {
  VT_CONFIG: 'settings',
  VT_INVALID_IOC: 'invalid',
  VT_AUTH: 'keyRefused',
  VT_FORBIDDEN: 'forbidden',
  VT_QUOTA: 'quotaUsed',
  VT_TIMEOUT: 'timeout',
  VT_NETWORK: 'network',
  VT_SERVER: 'server',
  VT_BAD_RESPONSE: 'badReport',
  VT_QUEUE_FULL: 'queueFull',
  VT_CLOSED: 'dropped',
  VT_REQUEST: 'refused',
};

const BY_REASON: Record<NonNullable<VirusTotalError['reason']>, StatusKey> = {
  'no-key': 'noKey',
  'no-config': 'noConfig',
  'no-consent': 'noConsent',
  rate: 'slowDown',
  day: 'dayUsed',
  month: 'monthUsed',
  reserve: 'reserved',
  submissions: 'submissionsUsed',
};

/** What an error comes to, in a few words. */
export function failureText(error: unknown): string {
  if (!(error instanceof VirusTotalError)) return statusText('error');
  return statusText(error.reason ? BY_REASON[error.reason] : BY_CODE[error.code]);
}

const BY_TROUBLE: Readonly<Record<string, StatusKey>> = {
  REDIS_DOWN: 'redisDown',
  REDIS_SLOW: 'redisSlow',
  REDIS_AUTH: 'redisAuth',
  REDIS_FULL: 'redisFull',
  REDIS_READ_ONLY: 'redisReadOnly',
};

/** Why the state of a key isn't shared. */
export function troubleText(code: string): string {
  return statusText(Object.hasOwn(BY_TROUBLE, code) ? (BY_TROUBLE[code] as StatusKey) : 'redis');
}

export function waitText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 100) return statusText('seconds', { count: seconds });
  const minutes = Math.round(seconds / 60);
  return minutes < 100
    ? statusText('minutes', { count: minutes })
    : statusText('hours', { count: Math.round(minutes / 60) });
}
