import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { deniedAnswer, quotasAnswer, refusedAnswer, reportAnswer } from './answer';
import { FaultQueue, type FaultScript } from './faults';
import type { ReportOverrides, ReportOverride } from './finding';
import { ReportCatalog } from './report-catalog';
import { type ParsedRequest, parseRequest } from './parsed-request';
import { Quota, type QuotaOptions } from './quota';
import { type Counts, type LoggedRequest, RequestLog } from './request-log';
import { type RenderedBody, render, sendFaulty, sendRight } from './wire';

/** The key that the stand-in takes unless it is told another. */
export const STAND_IN_KEY = '5ta4d1n0'.repeat(8);

export interface StandInOptions {
  /** The keys it takes. Default `STAND_IN_KEY`. Each has a quota of its own, shared by v2 and v3. */
  apiKey?: string | readonly string[];
  /** Default: none is limited. */
  quota?: QuotaOptions;
  /** What it knows of which indicator; the rest follows from the indicator itself, the same each time. */
  catalogue?: ReportOverrides;
  script?: FaultScript;
  /** Clock of quota and log, in milliseconds. Default `Date.now`. */
  now?: () => number;
  /** Default 0: a free port. */
  port?: number;
  /** PEM key and certificate: speak https. */
  tls?: { key: string; cert: string };
  /** Gets each request first; true: it was answered there. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Rendered bodies are kept up to this many bytes, so that a benchmark measures the client and not the stand-in. */
const KEPT_BYTES = 256 * 1024 * 1024;

/**
 * A VirusTotal on loopback: a real HTTP server that speaks v2 and v3, checks the key, counts the quota as VirusTotal does
 * and plays scripted faults. Its data are made up, in the shapes of VirusTotal's own answers.
 */
export class StandIn {
  readonly #server: Server;
  readonly #log = new RequestLog();
  readonly #catalog = new ReportCatalog();
  readonly #faults = new FaultQueue();
  readonly #rendered = new Map<string, RenderedBody>();
  #renderedBytes = 0;
  #quotas = new Map<string, Quota>();
  readonly #now: () => number;
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  constructor(readonly options: StandInOptions) {
    this.#now = options.now ?? Date.now;
    this.reset(options);
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      if (!options.before?.(request, response)) this.#take(request, response);
    };
    this.#server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
    // The usual five seconds would close connections under a client that waits for its rate limit.
    this.#server.keepAliveTimeout = 120_000;
    this.#server.on('connection', (socket: Socket) => this.#connections.set(socket, ++this.#connectionCount));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.options.port ?? 0, '127.0.0.1', resolve);
    });
    return this;
  }

  /** `http://127.0.0.1:PORT` */
  get origin(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  }

  /** The base URL to configure: as VirusTotal's own, with a `/` at its end. */
  url(api: 'v2' | 'v3'): string {
    return `${this.origin}${api === 'v3' ? '/api/v3/' : '/vtapi/v2/'}`;
  }

  /** Every request in the order of arrival, quota questions too. */
  get requests(): readonly LoggedRequest[] {
    return this.#log.requests;
  }

  counts(): Counts {
    return this.#log.counts();
  }

  /** Tells it an indicator: `know('a.example', 12)`, `know(hash, 'unknown')`, `know(url, { malicious: 3, engines: 80 })`. */
  know(indicator: string, override: ReportOverride): void {
    this.#catalog.set({ [indicator]: override });
    this.#forgetRendered();
  }

  /** Puts a script of faults in the place of the one before; an empty list ends it. */
  script(script: FaultScript): void {
    this.#faults.load(script);
  }

  /** Empties log and quotas; catalogue, quota and script are replaced where given. */
  reset({ quota, catalogue, script }: Pick<StandInOptions, 'quota' | 'catalogue' | 'script'> = {}): void {
    this.#log.clear();
    const limits = quota ?? [...this.#quotas.values()][0]?.options ?? {};
    const keys = this.options.apiKey ?? STAND_IN_KEY;
    this.#quotas = new Map(
      (typeof keys === 'string' ? [keys] : keys).map((key) => [key, new Quota(limits, this.#now)]),
    );
    if (catalogue) this.#catalog.set(catalogue);
    if (script) this.#faults.load(script);
    this.#forgetRendered();
  }

  /** Ends every connection, answered or not. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET') return this.#answer(request, response, '');
    let form = '';
    request.setEncoding('utf8').on('data', (text: string) => (form += form.length < 1_000_000 ? text : ''));
    request.on('end', () => this.#answer(request, response, form));
  }

  #answer(request: IncomingMessage, response: ServerResponse, form: string): void {
    const parsed = parseRequest(request, form, this.#catalog);
    const logged: LoggedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      indicator: parsed.indicators[0] ?? '',
      indicators: parsed.indicators,
      at: this.#now(),
      status: 0,
      outcome: 'denied',
      faulty: false,
      connection: this.#connections.get(request.socket) ?? 0,
      tool: String(request.headers['x-tool'] ?? ''),
    };
    this.#log.requests.push(logged);
    const right = this.#right(parsed, logged);
    const fault = this.#faults.next(logged);
    logged.faulty = fault !== undefined && Object.keys(fault).length > 0;
    if (!fault) sendRight(request, response, right);
    else void sendFaulty(request, response, right, fault, parsed).finally(() => noteStatus(response, logged));
    noteStatus(response, logged);
  }

  #right(parsed: ParsedRequest, logged: LoggedRequest): RenderedBody {
    const quota = parsed.key === undefined ? undefined : this.#quotas.get(parsed.key);
    if (!quota) return render(parsed.api, ...pair(deniedAnswer(parsed)));
    if (parsed.what === 'quotas') {
      logged.outcome = 'free';
      return render('v3', ...pair(quotasAnswer(parsed, quota)));
    }
    // A batch counts as one request for each resource in it.
    if (!quota.take(Math.max(1, parsed.indicators.length))) {
      logged.outcome = 'refused';
      return render(parsed.api, ...pair(refusedAnswer(parsed)));
    }
    logged.outcome = 'accepted';
    const { api, what, kind, scan, indicators } = parsed;
    const key = `${api} ${what} ${kind} ${scan} ${indicators.join('\n')}`;
    const kept = this.#rendered.get(key);
    if (kept) return kept;
    const body = render(api, ...pair(reportAnswer(parsed, this.#catalog)));
    if (this.#renderedBytes > KEPT_BYTES) this.#forgetRendered();
    this.#rendered.set(key, body);
    this.#renderedBytes += body.plain.length * 1.3;
    return body;
  }

  #forgetRendered(): void {
    this.#rendered.clear();
    this.#renderedBytes = 0;
  }
}

/** Starts a stand-in on a free loopback port. */
export function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  return new StandIn(options).listen();
}

function pair({ status, json }: { status: number; json: unknown }): [number, unknown] {
  return [status, json];
}

function noteStatus(response: ServerResponse, logged: LoggedRequest): void {
  if (response.headersSent) logged.status = response.statusCode;
}
