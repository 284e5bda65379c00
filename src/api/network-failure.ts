import { BodyTooLarge } from './body';
import { BodyUnreadable } from './request-body';
import { CallAborted, type CallLimits } from './http-call';
import { oneLine, VirusTotalError } from '../errors';
import type { ErrorInit } from './error-init';
import { ProxyRefusal } from './proxy-tunnel';

/**
 * The error for a call without a readable response, as a sentence that names the host, the cause and the way out.
 *
 * Whether it is `retryable` decides if the lookup is tried again: yes for what may pass by itself (time-outs, connections refused or cut, a name
 * server that does not answer, a 5xx of the proxy), no for what stays until somebody changes a setting or a certificate.
 *
 * @param error what undici, Node's net and tls, or our own abort has thrown
 * @param host the API's, with its port
 */
export function networkFailure(
  error: unknown,
  host: string,
  limits: Pick<CallLimits, 'timeout' | 'maxBytes'>,
): ErrorInit {
  if (error instanceof CallAborted || error instanceof BodyTooLarge) return abortFailure(error, host, limits);
  if (error instanceof ProxyRefusal) return proxyFailure(error, host);
  if (error instanceof BodyUnreadable) return unreadableFailure(error.cause);
  return connectFailure(error, host);
}

/** Explains why a file could not be sent to its end. What was sent of it is no whole upload. */
function unreadableFailure(cause: unknown): ErrorInit {
  if (cause instanceof VirusTotalError) return { code: cause.code, message: cause.message };
  return {
    code: 'VT_INVALID_IOC',
    message: `File not readable: it could not be read to its end (${codeOf(cause) || 'unknown'})`,
  };
}

/** Explains a call that we aborted ourselves: it was canceled, too large or too slow. */
function abortFailure(
  error: CallAborted | BodyTooLarge,
  host: string,
  limits: Pick<CallLimits, 'timeout' | 'maxBytes'>,
): ErrorInit {
  const reason = error instanceof BodyTooLarge ? 'too-large' : error.reason;
  if (reason === 'cancelled')
    return { code: 'VT_CLOSED', message: 'Dropped: the request was canceled before its answer arrived' };
  if (reason === 'too-large') {
    return {
      code: 'VT_BAD_RESPONSE',
      message: `Answer too large: ${host} sent more than ${limits.maxBytes} bytes`,
    };
  }
  return {
    code: 'VT_TIMEOUT',
    message: `Timeout: no complete answer from ${host} within ${limits.timeout} ms`,
    retryable: true,
  };
}

/** Explains why the proxy opened no tunnel. A 5xx of the proxy is retryable; 407 and other refusals need a change of its settings. */
function proxyFailure(error: ProxyRefusal, host: string): ErrorInit {
  if (error.status === undefined) return connectFailure(error.reason, `the proxy ${error.proxy}`);
  if (error.status === 407) {
    return {
      code: 'VT_NETWORK',
      message: `Proxy login refused: ${error.proxy} requires a user name and a password, or refuses those it received (407). Check the proxy settings`,
    };
  }
  return {
    code: 'VT_NETWORK',
    message: `Refused by the proxy: ${error.proxy} does not connect to ${host} (${error.status}). Allow this host in the proxy`,
    retryable: error.status >= 500,
  };
}

const TIMEOUT_CODES = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const DISCONNECT_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_ABORTED',
]);
const UNTRUSTED_CERT_CODES = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/**
 * Explains an error of undici or of Node's sockets by its code. A failure that only a change of settings can repair (a certificate, TLS,
 * an invalid argument) is not retryable; all others may pass.
 */
function connectFailure(error: unknown, host: string): ErrorInit {
  const code = codeOf(error);
  const network = (message: string, retryable = true): ErrorInit => ({
    code: 'VT_NETWORK',
    message,
    retryable,
  });
  if (TIMEOUT_CODES.has(code)) {
    return { code: 'VT_TIMEOUT', message: `No connection in time: ${host} (${code})`, retryable: true };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return network(
      `Name not found: ${host} (${code}). Check the API URL, DNS, and whether a proxy is needed`,
    );
  }
  if (code === 'ECONNREFUSED') {
    return network(
      `Connection refused by ${host}: no service listens there, or a firewall blocks the connection`,
    );
  }
  if (UNTRUSTED_CERT_CODES.has(code)) {
    return network(
      `Certificate not trusted: an unknown authority signed the certificate of ${host} (${code}). If a proxy or a test server signs it, enter its CA in the TLS config`,
      false,
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return network(
      `Wrong certificate name: ${host} has a certificate for another name. Check the API URL, or the server name in the TLS config`,
      false,
    );
  }
  if (code.startsWith('CERT_')) {
    return network(
      `Certificate not valid: ${host} (${code}). Check the clock, or renew the certificate`,
      false,
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return network(
      `TLS failed: no secure connection to ${host} (${code}). Check https and the port in the API URL`,
      false,
    );
  }
  if (DISCONNECT_CODES.has(code))
    return network(`Connection cut: ${host} closed it before the answer was complete (${code})`);
  if (
    isParseError(error) ||
    code.startsWith('HPE_') ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    code.startsWith('Z_')
  ) {
    return { code: 'VT_BAD_RESPONSE', message: `Broken answer: ${host} (${code || 'no HTTP'})` };
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return { code: 'VT_CLOSED', message: 'Closed: the connection to VirusTotal is closed' };
  }
  const said = error instanceof Error ? oneLine(error.message, 200) : '';
  const permanent = code === 'UND_ERR_INVALID_ARG';
  return network(
    `No answer: nothing came from ${host}${code === '' ? '' : ` (${code})`}${said === '' ? '' : `: ${said}`}`,
    !permanent,
  );
}

/** undici's error for what is no HTTP; its code, after llhttp's reasons, may be missing. */
function isParseError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

/** The code of an error, or of what is behind it: undici wraps a TLS error of a proxy. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const inner = cause === undefined ? '' : codeOf(cause);
  return inner !== '' ? inner : typeof code === 'string' ? code : '';
}
