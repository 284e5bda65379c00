import { createSecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import { VirusTotalError } from '../errors';
import type { ProxyOptions, TlsOptions } from './options';
import { proxyPool } from './proxy-tunnel';
import { undici } from './undici';
import { parsedUrl } from '../parsed-url';

/** A connection that is idle for so long is closed: longer than the 15 s between two requests of a public key. */
const KEEP_ALIVE_MS = 60_000;

/**
 * undici's dispatcher for a client. HTTP/1.1 on undici 7 and 8 alike, one request at a time
 * on each connection.
 *
 * @throws VirusTotalError VT_CONFIG for certificates or a proxy URL that can't be used
 */
export function createDispatcher(tls: TlsOptions | undefined, proxy: ProxyOptions | undefined): Dispatcher {
  const { ca, rejectUnauthorized } = tls ?? {};
  // Each request has a connection of its own: waiting for one would use up its time. The scheduler limits how many there are.
  const agent = { allowH2: false, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS };
  const targetTls = { ...checkedTls(tls), allowH2: false };
  if (proxy === undefined) return new (undici().Agent)({ ...agent, connect: targetTls });

  const url = checkedProxyUrl(proxy.url);
  const { username, password } = proxyCredentials(proxy);
  url.username = url.password = '';
  return new (undici().EnvHttpProxyAgent)({
    ...agent,
    connect: targetTls,
    requestTls: targetTls,
    proxyTls: {
      ...(ca ? { ca: ca as string | Buffer } : {}),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
      allowH2: false,
    },
    httpProxy: url.href,
    httpsProxy: url.href,
    noProxy: (proxy.noProxy ?? []).join(','),
    // undici 8 would send plain http in another way than 7.
    proxyTunnel: true,
    ...(username === ''
      ? {}
      : { token: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }),
    clientFactory: (origin: URL, options: object) => proxyPool(origin, options),
  });
}

/**
 * The proxy that the environment names for a URL, by the rules that undici and curl share. A loopback address is never
 * asked through it: no proxy could reach it.
 */
export function proxyFromEnvironment(target: URL, environment: NodeJS.ProcessEnv): ProxyOptions | undefined {
  if (/^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(target.hostname)) return undefined;
  const http = environment['http_proxy'] ?? environment['HTTP_PROXY'];
  const https = environment['https_proxy'] ?? environment['HTTPS_PROXY'];
  const url = target.protocol === 'https:' ? https || http : http;
  if (!url) return undefined;
  const noProxy = (environment['no_proxy'] ?? environment['NO_PROXY'] ?? '').split(/[,\s]+/).filter(Boolean);
  return { url, noProxy };
}

/** User name and password of the options, or those in the URL; empty when there are none. */
export function proxyCredentials(proxy: ProxyOptions): { username: string; password: string } {
  const url = checkedProxyUrl(proxy.url);
  return {
    username: proxy.username || unescaped(url.username),
    password: proxy.password || unescaped(url.password),
  };
}

function checkedProxyUrl(text: string): URL {
  const whole = text.includes('://') ? text : `http://${text}`;
  const url = parsedUrl(whole);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    // Not quoted: a password may stand in it.
    throw new VirusTotalError('VT_CONFIG', 'Proxy URL not valid: it must be as http://proxy.example:3128');
  }
  return url;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Only what is set: undici and Node take `undefined` for a value in places. */
function checkedTls(tls: TlsOptions | undefined): object {
  const { ca, cert, key, passphrase, servername, rejectUnauthorized } = tls ?? {};
  const context = {
    ...(ca ? { ca: ca as string | Buffer } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(passphrase ? { passphrase } : {}),
  };
  try {
    createSecureContext(context);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new VirusTotalError(
      'VT_CONFIG',
      `TLS config not usable: its certificates or its key can't be read (${code})`,
    );
  }
  return {
    ...context,
    ...(servername ? { servername } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}
