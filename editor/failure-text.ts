import { line, note } from './box';
import { englishPattern, type Texts } from './texts';

/** A failed test of the key, or what keeps a running instance from working. */
export interface Failure {
  code?: string | undefined;
  /** In English, of this very case. */
  message?: string | undefined;
  /** Why there is no answer before a deploy. */
  why?: string | undefined;
  /** Which quota is used up. */
  reason?: string | undefined;
}

/** These say more than the code. */
const BY_REASON: Readonly<Record<string, string>> = {
  environment: 'test.environment',
  notRunning: 'test.notRunning',
  rate: 'test.slowDown',
  day: 'test.dayUsed',
  month: 'test.monthUsed',
};

const BY_CODE: Readonly<Record<string, string>> = {
  VT_AUTH: 'test.wrongKey',
  VT_FORBIDDEN: 'test.forbidden',
  VT_QUOTA: 'test.quotaSpent',
  VT_NETWORK: 'test.network',
  VT_TIMEOUT: 'test.timeout',
  VT_SERVER: 'test.server',
  VT_BAD_RESPONSE: 'test.badResponse',
  VT_CONFIG: 'test.config',
};

/** Where a proxy is between, it is the first to look at. */
const BEHIND_PROXY: Readonly<Record<string, string>> = {
  ...BY_CODE,
  VT_NETWORK: 'test.proxy',
  VT_TIMEOUT: 'test.proxy',
};

/** What Node-RED says of this very case begins as the English text of one of these. */
const DETAILS = [
  'detail.nameNotFound',
  'detail.connectionRefused',
  'detail.noConnection',
  'detail.timeout',
  'detail.untrusted',
  'detail.otherName',
  'detail.certificate',
  'detail.tls',
  'detail.cut',
  'detail.broken',
  'detail.noAnswer',
  'detail.proxyLogin',
  'detail.proxyRefused',
  'detail.tooLarge',
  'detail.redirect',
  'detail.apiUrl',
  'detail.variableOfKey',
  'detail.badKey',
  'detail.proxyUrl',
  'detail.tlsConfig',
  'detail.noTls',
  'detail.noProxy',
  'detail.notDeployed',
  'detail.notRunning',
  'detail.variable',
  'detail.notValid',
];

/** In the reader's language what to do, and below it what Node-RED knows of this very case. */
export function failure(
  t: Texts,
  { code = '', message, why, reason }: Failure,
  isBehindProxy = false,
): JQuery[] {
  const byCode = isBehindProxy ? BEHIND_PROXY : BY_CODE;
  const key = valueOf(BY_REASON, why ?? reason ?? '') ?? valueOf(byCode, code) ?? 'test.failed';
  const detail = detailOf(t, { code, message });
  return detail === '' ? [line(t(key))] : [line(t(key)), note(detail)];
}

/** What Node-RED knows of this very case. Of a refused key only what VirusTotal itself says: the line above it says the rest. */
export function detailOf(t: Texts, { code = '', message = '' }: Failure): string {
  return code === 'VT_AUTH' ? quoted(message) : inOwnWords(t, message || code);
}

function valueOf(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** In the reader's language; what VirusTotal itself says, as "(401: WrongCredentialsError, Wrong API key)", stays as it is. */
export function inOwnWords(t: Texts, message: string): string {
  // The reader has that dialog open.
  if (/^en/.test(RED.i18n.lang())) return message.replace(' in the VirusTotal config', ' here');
  for (const key of DETAILS) {
    const { source, names } = englishPattern(t, key);
    const values = new RegExp(`^${source}(?=\\.?(?:\\s|$))`).exec(message)?.slice(1);
    if (values) return t(key, Object.fromEntries(names.map((name, index) => [name, values[index]])));
  }
  return quoted(message) || message;
}

/** VirusTotal's own words in the message of an error, or an empty text. */
function quoted(message: string): string {
  const [, said] = / \((\d{3}.*)\)$/.exec(message) ?? [];
  return said ? `VirusTotal: ${said}` : '';
}
