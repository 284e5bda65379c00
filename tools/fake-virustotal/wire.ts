import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './faults';
import type { ParsedRequest } from './api-request';

/** A body ready to be sent; the gzip form is made once, when it is first asked for. */
export class RenderedBody {
  #gzip: Buffer | undefined;

  constructor(
    readonly status: number,
    readonly type: string,
    readonly plain: Buffer,
  ) {}

  get gzip(): Buffer {
    return (this.#gzip ??= gzipSync(this.plain, { level: 1 }));
  }
}

/** v3 writes JSON with four spaces, v2 on one line; an answer without JSON is an empty HTML document. */
export function render(api: 'v2' | 'v3', status: number, json: unknown): RenderedBody {
  // Requests that are too large end at a front end, which knows no JSON.
  if (status === 413) return new RenderedBody(status, 'text/html; charset=utf-8', Buffer.from(TOO_LARGE));
  if (json === undefined) return new RenderedBody(status, 'text/html; charset=utf-8', Buffer.alloc(0));
  const text = api === 'v3' ? JSON.stringify(json, null, 4) : JSON.stringify(json);
  return new RenderedBody(status, 'application/json; charset=utf-8', Buffer.from(text));
}

const TOO_LARGE = '<!DOCTYPE html><html><title>Error 413</title><p>The request is too large.</p></html>';

/** VirusTotal serves gzip only to clients that ask for it and name it in their User-Agent, and never for errors. */
function wantsGzip(request: IncomingMessage): boolean {
  return (
    String(request.headers['accept-encoding'] ?? '').includes('gzip') &&
    (request.headers['user-agent'] ?? '').includes('gzip')
  );
}

export function sendRight(request: IncomingMessage, response: ServerResponse, body: RenderedBody): void {
  const gzip = body.status === 200 && wantsGzip(request);
  const bytes = gzip ? body.gzip : body.plain;
  // 204 has no body and no length; everything else says how long it is.
  if (body.status === 204) response.writeHead(204);
  else {
    response.writeHead(body.status, {
      'content-type': body.type,
      'content-length': bytes.length,
      vary: 'Accept-Encoding',
      ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    });
  }
  response.end(bytes);
}

/** Plays a fault in place of the right body, or on top of it. Ends when the answer, or the connection, has ended. */
export async function sendFaulty(
  request: IncomingMessage,
  response: ServerResponse,
  right: RenderedBody,
  fault: Fault,
  parsed: ParsedRequest,
): Promise<void> {
  if (fault.delayMs !== undefined && !(await pause(response, fault.delayMs))) return;
  if (fault.cut === 'before' || fault.cutBody !== undefined) return void response.socket?.destroy();
  const body = faultyBody(right, fault, parsed);
  const headers: Record<string, string | number> = { 'content-type': body.type };
  let bytes = body.plain;
  if (fault.gzipBomb !== undefined) bytes = bomb(fault.gzipBomb);
  else if (fault.gzip === true || (fault.gzip === undefined && body.status === 200 && wantsGzip(request)))
    bytes = body.gzip;
  if (bytes !== body.plain || fault.gzip === 'claimed') headers['content-encoding'] = 'gzip';
  if (fault.redirect !== undefined) headers['location'] = fault.redirect;
  if (body.status !== 204) headers['content-length'] = bytes.length;
  response.writeHead(body.status, { ...headers, ...fault.headers });
  if (fault.cut === 'half') {
    response.write(bytes.subarray(0, Math.max(1, bytes.length >> 1)), () => response.socket?.destroy());
  } else if (fault.drip) await drip(response, bytes, fault.drip);
  else response.end(bytes);
}

function faultyBody(right: RenderedBody, fault: Fault, parsed: ParsedRequest): RenderedBody {
  const status =
    fault.status ?? (fault.echoKey ? (parsed.api === 'v2' ? 403 : 401) : fault.redirect ? 302 : right.status);
  const json = 'application/json; charset=utf-8';
  const html = 'text/html; charset=utf-8';
  const as = (type: string, text: string): RenderedBody => new RenderedBody(status, type, Buffer.from(text));
  if (fault.html !== undefined && fault.html !== false) {
    const page = `<!DOCTYPE html><html><head><title>Error ${status}</title></head><body><h1>Error: Server Error</h1></body></html>`;
    return as(html, fault.html === true ? page : fault.html);
  }
  if (fault.body !== undefined) {
    return as(json, typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body));
  }
  if (fault.echoKey) {
    const message = `Wrong API key: ${parsed.key ?? ''}`;
    if (parsed.api === 'v2') return as(html, `<html><body>${message}</body></html>`);
    return as(json, JSON.stringify({ error: { code: 'WrongCredentialsError', message } }));
  }
  if (fault.nested !== undefined) {
    const levels = `"nested":${'['.repeat(fault.nested)}${']'.repeat(fault.nested)}`;
    return as(
      json,
      right.plain.toString('utf8').replace(/"attributes":\{|\{/, (start) => `${start}${levels},`),
    );
  }
  if (fault.brokenJson) {
    const text = right.plain.toString('utf8');
    return as(json, text.slice(0, Math.max(1, text.length >> 1)));
  }
  if (fault.redirect !== undefined || status === 204) return as(html, '');
  return status === right.status ? right : as(json, JSON.stringify(errorBody(parsed, status)));
}

const V3_CODES: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'WrongCredentialsError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  429: 'QuotaExceededError',
  503: 'TransientError',
  504: 'DeadlineExceededError',
};

function errorBody(parsed: ParsedRequest, status: number): unknown {
  if (parsed.api === 'v2') return {};
  return { error: { code: V3_CODES[status] ?? 'ServerError', message: `Scripted ${status}` } };
}

/** Gzip of blanks, 64 KiB at a time: members may be put one after another, so a big bomb costs little to make. */
function bomb(size: number): Buffer {
  const piece = 65_536;
  const member = gzipSync(Buffer.alloc(piece, ' '), { level: 9 });
  return Buffer.concat(Array.from({ length: Math.ceil(size / piece) }, () => member));
}

// Taken before any test puts a false clock in its place: delays are on the wire, not in the program under test.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** False when the connection closed meanwhile. */
function pause(response: ServerResponse, ms: number | 'forever'): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = ms === 'forever' || ms === Infinity ? undefined : startTimer(() => end(true), ms);
    const closed = (): void => end(false);
    const end = (open: boolean): void => {
      stopTimer(timer);
      response.off('close', closed);
      resolve(open);
    };
    if (response.destroyed) end(false);
    else response.once('close', closed);
  });
}

async function drip(
  response: ServerResponse,
  bytes: Buffer,
  { everyMs, bytes: size = 1 }: NonNullable<Fault['drip']>,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    if (!(await pause(response, everyMs))) return;
  }
  response.end();
}
