import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { deniedAnswer, quotasAnswer, refusedAnswer } from './answer';
import { type Fault, type FaultQueue, isDone } from './faults';
import { loggedSubmission } from './logged-submission';
import { type ParsedRequest, type What, uploads, writes } from './api-request';
import { parseRequest } from './parsed-request';
import type { Quota } from './quota';
import type { LoggedRequest, RequestLog } from './request-log';
import type { VirusTotalState } from './state';
import { submittalOf } from './submission-answer';
import { v3Error } from './v3-errors';
import { type FullRequest, answerTo, costOf } from './v3-service';
import { type RenderedBody, render, sendFaulty, sendRight } from './wire';
import { readFile, readText } from './written-body';

/** The answers that are rendered once. */
const KEPT: readonly What[] = ['report', 'mitre', 'nothing'];
/** In the place of an answer when a fault keeps a request from being done. */
const NOT_DONE = render('v3', 200, {});
/** Rendered bodies are kept up to this many bytes, so that a benchmark measures the client and not the stand-in. */
const KEPT_BYTES = 256 * 1024 * 1024;

/** From a request that arrives to the answer on the wire: log, quota, the right answer, and the fault in its place. */
export class RequestHandler {
  readonly #state: VirusTotalState;
  readonly #faults: FaultQueue;
  readonly #now: () => number;
  readonly requestLog: RequestLog;
  readonly #rendered = new Map<string, RenderedBody>();
  #renderedBytes = 0;
  /** By key. */
  quotas = new Map<string, Quota>();
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;

  constructor(state: VirusTotalState, faults: FaultQueue, requestLog: RequestLog, now: () => number) {
    this.#state = state;
    this.#faults = faults;
    this.requestLog = requestLog;
    this.#now = now;
    state.analyses.onEnd = () => this.forgetRendered();
  }

  connected(socket: Socket): void {
    this.#connections.set(socket, ++this.#connectionCount);
  }

  /** Answers a request that has arrived. */
  take(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET' || request.method === 'HEAD') return this.#read(request, response, '');
    const parsed = parseRequest(request, '', this.#state.catalog);
    if (writes(parsed)) return void this.#write(request, response, parsed);
    void readText(request).then((body) => {
      if (body.kind === 'text') this.#read(request, response, body.text);
    });
  }

  #log(request: IncomingMessage, { indicators }: ParsedRequest): LoggedRequest {
    const logged: LoggedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      indicator: indicators[0] ?? '',
      indicators,
      at: this.#now(),
      status: 0,
      outcome: 'denied',
      faulty: false,
      connection: this.#connections.get(request.socket) ?? 0,
      tool: String(request.headers['x-tool'] ?? ''),
    };
    this.requestLog.requests.push(logged);
    return logged;
  }

  #read(request: IncomingMessage, response: ServerResponse, form: string): void {
    const parsed = parseRequest(request, form, this.#state.catalog);
    const logged = this.#log(request, parsed);
    const right = this.#right({ parsed }, logged, request);
    this.#send(request, response, right, parsed, logged, this.#faults.next(logged));
  }

  /** Logs a request when it arrives, reads its body, and does what it asks unless the script of faults prevents that. */
  async #write(request: IncomingMessage, response: ServerResponse, parsed: ParsedRequest): Promise<void> {
    const logged = this.#log(request, parsed);
    const upload = parsed.what === 'upload' ? this.#state.uploadUrls.use(request.url ?? '') : undefined;
    if (upload)
      Object.assign(parsed, { kind: 'file', private: upload.private, key: parsed.key ?? upload.key });
    let fault = this.#faults.byIndicator ? undefined : this.#faults.next(logged);
    if (fault?.early) return this.#send(request, response, NOT_DONE, parsed, logged, fault);
    const cutAfter = fault?.cutBody;
    const body = uploads(parsed)
      ? await readFile(request, parsed.what === 'upload', cutAfter)
      : await readText(request, cutAfter);
    if (body.kind === 'cut') {
      logged.faulty = fault !== undefined;
      return void request.socket.destroy();
    }
    const full: FullRequest = { parsed, text: body.kind === 'text' ? body.text : '' };
    if (parsed.what === 'submit' || parsed.what === 'upload') {
      full.submittal = submittalOf(parsed, body, this.#state);
      const submission = loggedSubmission(full.submittal, body, parsed.private);
      if (submission) logged.submission = submission;
      logged.indicators = [submission?.url ?? submission?.sha256 ?? []].flat();
      logged.indicator = logged.indicators[0] ?? '';
    }
    if (this.#faults.byIndicator) fault = this.#faults.next(logged);
    if (fault && !isDone(fault)) {
      logged.outcome = fault.status === 429 ? 'refused' : 'free';
      return this.#send(request, response, NOT_DONE, parsed, logged, fault);
    }
    const right =
      parsed.what === 'upload' && !upload
        ? render(
            'v3',
            ...pair(v3Error(400, 'BadRequestError', 'The upload URL is unknown or was used already')),
          )
        : this.#right(full, logged, request);
    this.#send(request, response, right, parsed, logged, fault);
  }

  #send(
    request: IncomingMessage,
    response: ServerResponse,
    right: RenderedBody,
    parsed: ParsedRequest,
    logged: LoggedRequest,
    fault: Fault | undefined,
  ): void {
    logged.faulty = fault !== undefined && Object.keys(fault).length > 0;
    if (!fault) sendRight(request, response, right);
    else void sendFaulty(request, response, right, fault, parsed).finally(() => noteStatus(response, logged));
    noteStatus(response, logged);
  }

  #right(full: FullRequest, logged: LoggedRequest, { headers, socket }: IncomingMessage): RenderedBody {
    const { parsed } = full;
    const { api, what, kind, scan, indicators, key: apiKey } = parsed;
    const quota = apiKey === undefined ? undefined : this.quotas.get(apiKey);
    if (apiKey === undefined || !quota) return render(api, ...pair(deniedAnswer(parsed)));
    if (what === 'quotas') {
      logged.outcome = 'free';
      return render('v3', ...pair(quotasAnswer(parsed, quota)));
    }
    const cost = costOf(full, this.#state);
    if (!quota.take(cost)) {
      logged.outcome = 'refused';
      return render(api, ...pair(refusedAnswer(parsed)));
    }
    logged.outcome = cost === 0 ? 'free' : 'accepted';
    if (what === 'report' && !parsed.private) this.#state.advanceOf(kind, indicators);
    const kept = KEPT.includes(what) && !parsed.private && parsed.query.size === 0;
    const name = `${api} ${what} ${kind} ${scan} ${parsed.tool} ${indicators.join('\n')}`;
    const before = kept ? this.#rendered.get(name) : undefined;
    if (before) return before;
    const origin = `${'encrypted' in socket ? 'https' : 'http'}://${headers.host ?? ''}`;
    const answer = answerTo(full, apiKey, this.#state, origin);
    if (logged.submission && answer.status === 200) {
      logged.submission.taken = true;
      logged.submission.analysisId = (answer.json as { data: { id: string } }).data.id;
    }
    const body = render(api, ...pair(answer));
    if (!kept) return body;
    if (this.#renderedBytes > KEPT_BYTES) this.forgetRendered();
    this.#rendered.set(name, body);
    this.#renderedBytes += body.plain.length * 1.3;
    return body;
  }

  forgetRendered(): void {
    this.#rendered.clear();
    this.#renderedBytes = 0;
  }
}

function pair({ status, json }: { status: number; json: unknown }): [number, unknown] {
  return [status, json];
}

function noteStatus(response: ServerResponse, logged: LoggedRequest): void {
  if (response.headersSent) logged.status = response.statusCode;
}
