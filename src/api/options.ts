import type { Dispatcher } from 'undici';
import { quote, VirusTotalError } from '../errors';
import { parsedUrl } from '../parsed-url';

/** A version of VirusTotal's API. Reports of both have the same shape. */
export type ApiVersion = 'v2' | 'v3';

/** What to trust and how to identify towards the API's server; the fields of Node's `tls.connect`. */
export interface TlsOptions {
  /** The certificate authorities to trust in place of Node's own list, as PEM. */
  ca?: string | Buffer | readonly (string | Buffer)[];
  /** The client certificate, as PEM. */
  cert?: string | Buffer;
  /** The private key of the client certificate, as PEM. */
  key?: string | Buffer;
  /** The passphrase of the private key. */
  passphrase?: string;
  /** The name that the server's certificate must have, when it isn't that of the URL. */
  servername?: string;
  /** Whether a server whose certificate is not trusted is refused. Default true. */
  rejectUnauthorized?: boolean;
}

/** The HTTP proxy that requests go through. */
export interface ProxyOptions {
  /** The address, as `http://` or `https://` with the port. User name and password may stand in it. */
  url: string;
  /** The user name for the proxy, in place of the one in `url`. */
  username?: string;
  /** The password for the proxy, in place of the one in `url`. */
  password?: string;
  /** Hosts (with their subdomains) that are reached without the proxy, each perhaps with `:port`; `*` for all. */
  noProxy?: readonly string[];
}

/** How to reach VirusTotal's API, and with which key. */
export interface ApiOptions {
  apiKey: string;
  /** Default `v3`. */
  apiVersion?: ApiVersion;
  /** Base URL, with or without `/` at the end. Default: VirusTotal's own of that version. */
  apiUrl?: string;
  /** Milliseconds for a whole exchange, from connecting to the last byte of the body. Default 30,000. */
  timeout?: number;
  /** Limit of a body as it comes and after decompression, in bytes. Default 8 MiB. */
  maxBytes?: number;
  tls?: TlsOptions;
  /** Default: what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. */
  proxy?: ProxyOptions;
  /** Sends the requests in place of our own; `tls` and `proxy` are then its matter, and closing it too. */
  dispatcher?: Dispatcher;
  /** Further texts that `redact` takes out. */
  secrets?: readonly string[];
}

const DEFAULT_URLS: Record<ApiVersion, string> = {
  v2: 'https://www.virustotal.com/vtapi/v2/',
  v3: 'https://www.virustotal.com/api/v3/',
};

/** The key, checked. @throws VirusTotalError VT_CONFIG; the message never quotes the key. */
export function checkedApiKey(apiKey: unknown): string {
  if (typeof apiKey !== 'string' || apiKey.trim() === '') {
    throw new VirusTotalError('VT_CONFIG', 'No API key: enter it in the VirusTotal config', {
      reason: 'no-key',
    });
  }
  const variable = /^\$[{(]([^})]*)[})]$/.exec(apiKey.trim())?.[1];
  if (variable !== undefined) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `No API key: the environment variable ${variable} is not set. Set it for Node-RED, or enter the key in the VirusTotal config`,
      { reason: 'no-key' },
    );
  }
  // Visible ASCII is what fits in a header, and keys are 64 hex digits.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new VirusTotalError(
      'VT_CONFIG',
      'API key not valid: it contains a space, a line break or another character that no key contains. Copy it again from your VirusTotal profile',
    );
  }
  return apiKey;
}

/** The base URL, ending in `/`. @throws VirusTotalError VT_CONFIG */
export function checkedApiUrl(apiVersion: ApiVersion, apiUrl: string | undefined): URL {
  const text = apiUrl === undefined || apiUrl.trim() === '' ? DEFAULT_URLS[apiVersion] : apiUrl.trim();
  const url = parsedUrl(text);
  const problem =
    url === undefined || !['http:', 'https:'].includes(url.protocol)
      ? 'it must begin with https:// or http://'
      : url.username !== '' || url.password !== ''
        ? 'it must not contain a user name or a password'
        : url.search !== '' || url.hash !== ''
          ? 'it must not contain ? or #'
          : undefined;
  if (url === undefined || problem !== undefined) {
    throw new VirusTotalError('VT_CONFIG', `API URL not valid: ${problem}`);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** @throws VirusTotalError VT_CONFIG that quotes the value with its type. */
export function checkedCount(name: string, value: number | undefined, preset: number): number {
  const count: unknown = value ?? preset;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1) {
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: ${name} is ${quote(count)} (${typeof count}); it must be a whole number above 0`,
    );
  }
  return count;
}
