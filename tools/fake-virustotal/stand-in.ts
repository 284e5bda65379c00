import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { AnalysisPlan } from './analyses';
import { FaultQueue, type FaultScript } from './faults';
import type { ReportOverrides, ReportOverride } from './finding';
import type { Notification } from './ioc-stream';
import { Privileges, type Privilege } from './privileges';
import { Quota, type QuotaOptions } from './quota';
import { type Counts, type LoggedRequest, type LoggedSubmission, RequestLog } from './request-log';
import type { RelatedSetting } from './related-items';
import { RequestHandler } from './request-handler';
import { VirusTotalState } from './state';

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
  /** What becomes of submissions. Default: queued, in progress, completed, one request each. */
  analyses?: AnalysisPlan;
  /** What its keys may do beyond a free one. Default: nothing. */
  privileges?: readonly Privilege[];
  /** What it says of every indicator that `catalogue` lacks, such as `unknown`. Default: what follows from the indicator itself. */
  unlisted?: ReportOverride;
  /** Clock of quota and log, in milliseconds. Default `Date.now`. */
  now?: () => number;
  /** Default 0: a free port. */
  port?: number;
  /** PEM key and certificate: speak https. */
  tls?: { key: string; cert: string };
  /** Gets each request first; true: it was answered there. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** What `reset` replaces. */
export type Changes = Pick<
  StandInOptions,
  'quota' | 'catalogue' | 'script' | 'analyses' | 'privileges' | 'unlisted'
>;

/**
 * A VirusTotal on loopback: a real HTTP server that speaks v2 and v3, checks the key, counts the quota as VirusTotal does
 * and plays scripted faults. Its data are made up, in the shapes of VirusTotal's own answers.
 */
export class StandIn {
  readonly #server: Server;
  readonly #requestLog = new RequestLog();
  readonly #state: VirusTotalState;
  readonly #faults = new FaultQueue();
  readonly #now: () => number;
  readonly #handler: RequestHandler;

  constructor(readonly options: StandInOptions) {
    this.#now = options.now ?? Date.now;
    this.#state = new VirusTotalState(this.#now);
    this.#handler = new RequestHandler(this.#state, this.#faults, this.#requestLog, this.#now);
    this.reset(options);
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      if (!options.before?.(request, response)) this.#handler.take(request, response);
    };
    this.#server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
    // The usual five seconds would close connections under a client that waits for its rate limit.
    this.#server.keepAliveTimeout = 120_000;
    this.#server.on('connection', (socket: Socket) => this.#handler.connected(socket));
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
    return this.#requestLog.requests;
  }

  counts(): Counts {
    return this.#requestLog.counts();
  }

  /** Tells it an indicator: `know('a.example', 12)`, `know(hash, 'unknown')`, `know(url, { malicious: 3, engines: 80 })`. */
  know(indicator: string, override: ReportOverride): void {
    this.#state.catalog.set({ [indicator]: override });
    this.#handler.forgetRendered();
  }

  /** Puts a script of faults in the place of the one before; an empty list ends it. */
  script(script: FaultScript): void {
    this.#faults.load(script);
  }

  /** What becomes of the submissions that follow: of all, or of one URL or file (by its SHA-256). */
  planAnalyses(plan: AnalysisPlan, indicator?: string): void {
    this.#state.analyses.plan(plan, indicator);
  }

  /** Ends the analysis of that id, or all that are not ended: the next request for it is answered with its last status. */
  completeAnalyses(id?: string): void {
    this.#state.analyses.complete(id);
  }

  /** What a relation of an indicator gives: `relate('a.net', 'resolutions', ['21.84.193.7'])`, or a number of made-up items. */
  relate(indicator: string, relation: string, items: RelatedSetting): void {
    this.#state.related.set(indicator, relation, items);
  }

  /** Puts a notification into the IoC stream, which takes the privilege `gti` to read. Returns its id. */
  notify(notification: Notification): string {
    return this.#state.stream.add(notification);
  }

  /** The URLs and files that arrived, in order, also those that a fault kept VirusTotal from taking. */
  get submissions(): readonly LoggedSubmission[] {
    return this.#requestLog.requests.flatMap(({ submission }) => submission ?? []);
  }

  /** Empties log and quotas; what is given is replaced. */
  reset({ quota, catalogue, script, analyses, privileges, unlisted }: Changes = {}): void {
    this.#requestLog.clear();
    const limits = quota ?? [...this.#handler.quotas.values()][0]?.options ?? {};
    const keys = this.options.apiKey ?? STAND_IN_KEY;
    this.#handler.quotas = new Map(
      (typeof keys === 'string' ? [keys] : keys).map((key) => [key, new Quota(limits, this.#now)]),
    );
    if (catalogue) this.#state.catalog.set(catalogue);
    if (script) this.#faults.load(script);
    if (analyses) this.#state.analyses.plan(analyses);
    if (privileges) this.#state.privileges = new Privileges(privileges);
    if (unlisted !== undefined) this.#state.catalog.unlisted = unlisted;
    this.#handler.forgetRendered();
  }

  /** Ends every connection, answered or not. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Starts a stand-in on a free loopback port. */
export function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  return new StandIn(options).listen();
}
