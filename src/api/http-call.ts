import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { isGzip } from './body';
import type { RequestBody } from './request-body';
import type { ReadBudget } from './read-budget';

/** An HTTP response with its whole body in memory. */
export interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** As it came, perhaps compressed, until the client unpacks it. */
  body: Buffer;
  /** Room in the budget that the body has taken, and what it unpacks to: to be given back once it has been read. */
  release: () => void;
  /** Whether room was taken for what it unpacks to. */
  isReserved: boolean;
}

/** A request: a GET, or a POST that may have a body. */
export interface HttpRequest {
  origin: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  method: 'GET' | 'POST';
  body?: RequestBody | undefined;
}

/** The limits of one HTTP call. A call that exceeds one is aborted with `CallAborted` or `BodyTooLarge`. */
export interface CallLimits {
  /** Time from the start to the last byte, in ms. While a body is sent: from one piece of it to the next, and from the last one to the last byte. */
  timeout: number;
  maxBytes: number;
  budget: ReadBudget;
}

/**
 * An answer of at most this size is received without reserving memory from the budget: every recorded report, compressed, is smaller.
 * The scheduler of a key runs at most 64 calls at once.
 */
const UNRESERVED_BYTES = 256 * 1024;

/** Told how far a request has come. VirusTotal counts it at a moment between the two. */
export interface RequestObserver {
  /** It is on a connection, for which it may have had to wait. */
  dispatched(): void;
  /** VirusTotal has begun to answer. */
  answered(): void;
}

/** The slowest line that uploads are made for, in bytes a millisecond. */
const SLOWEST_LINE = 25;

/** What the machine and the line may hold of a body that was handed to them, in bytes. */
const IN_BUFFERS = 4 * 1024 * 1024;

/** The limits for a call with a body of that length: what it hands on may wait in buffers until a slow line has taken it. */
export function limitsForBody(limits: CallLimits, length: number): CallLimits {
  return { ...limits, timeout: limits.timeout + Math.ceil(Math.min(length, IN_BUFFERS) / SLOWEST_LINE) };
}

/** Why we aborted a call. What the network did comes as undici's own error. */
export class CallAborted extends Error {
  constructor(readonly reason: 'timeout' | 'too-large' | 'cancelled') {
    super(reason);
  }
}

function noop(): void {}

/**
 * One request and its whole answer, over undici's dispatcher itself: a stream for each body would cost more than the rest.
 * One clock runs over connecting, headers and body, so that a body that drips a byte a second ends too. For a body that we send it starts
 * again with each piece, within a limit for the whole. When it is over it lets go of everything: it may be pointed to for a while by what is
 * garbage itself.
 */
export class HttpCall implements Dispatcher.DispatchHandler {
  readonly #limits: CallLimits;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic time at which the timer was set, and the ms it was set for. */
  #timerSetAt = 0;
  #timeLeftMs: number;
  #isReserved = false;
  #release: () => void = noop;
  #observer: RequestObserver | undefined;
  #resolve: (answer: HttpResponse) => void = noop;
  #reject: (error: Error) => void = noop;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #wasDispatched = false;
  /** For all of it, in ms. */
  #maxMs: number;
  #startedAt = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limits: CallLimits, observer?: RequestObserver) {
    this.#limits = limits;
    this.#timeLeftMs = this.#maxMs = limits.timeout;
    this.#observer = observer;
  }

  /** Whether it has been on a connection: from then on it may have arrived. */
  get wasDispatched(): boolean {
    return this.#wasDispatched;
  }

  /** How long it may take at most, in ms. */
  get maxMs(): number {
    return this.#maxMs;
  }

  /** Once. Rejects with CallAborted or the network's error. @param onSent gets the bytes of the body that have left so far */
  send(
    dispatcher: Dispatcher,
    request: HttpRequest,
    onSent: (bytes: number) => void = noop,
  ): Promise<HttpResponse> {
    const answer = new Promise<HttpResponse>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#runTimer();
    this.#startedAt = this.#timerSetAt;
    try {
      // undici's own time limits are off: they restart with each byte.
      const noLimits = { headersTimeout: 0, bodyTimeout: 0 };
      const { body, headers, ...rest } = request;
      if (body === undefined) dispatcher.dispatch({ ...rest, headers, ...noLimits }, this);
      else {
        const { content, contentType, length } = body;
        this.#maxMs += length / SLOWEST_LINE;
        dispatcher.dispatch(
          {
            ...rest,
            headers: { ...headers, 'content-type': contentType, 'content-length': `${length}` },
            // undici takes what can be iterated, although its types name Node's streams only.
            body: (Buffer.isBuffer(content) ? content : this.#watched(content, onSent)) as Buffer,
            ...noLimits,
          },
          this,
        );
      }
    } catch (error) {
      this.#fail(asError(error));
    }
    return answer;
  }

  cancel(): void {
    this.#fail(new CallAborted('cancelled'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: nothing is to be sent any more.
    if (this.#settled) controller.abort(new CallAborted('cancelled'));
    else {
      this.#wasDispatched = true;
      this.#observer?.dispatched();
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 100 and 103 announce the answer, they aren't it.
    if (status < 200) return;
    this.#observer?.answered();
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > this.#limits.maxBytes) this.#fail(new CallAborted('too-large'));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBytes) return this.#fail(new CallAborted('too-large'));
    this.#chunks.push(chunk);
    if (!this.#isReserved && this.#bytes > UNRESERVED_BYTES) this.#reserveMemory(controller);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    const only = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    const body = only ?? Buffer.concat(this.#chunks, this.#bytes);
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body,
      release: this.#release,
      isReserved: this.#isReserved,
    });
    this.#release = noop;
    this.#settle();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /**
   * Once, and for all that it may become: who asked again while holding some could wait for another who does the same. Nothing is
   * read off the connection until there is room, and that isn't the server's delay.
   */
  #reserveMemory(controller: Dispatcher.DispatchController): void {
    const { budget, maxBytes } = this.#limits;
    this.#isReserved = true;
    const first = this.#chunks[0];
    const packed = first === undefined || first.length < 2 || isGzip(first);
    const length = Math.min(Number(this.#headers['content-length']) || maxBytes, maxBytes);
    const reservation = budget.take(packed ? length + maxBytes : length, () => {
      this.#runTimer();
      controller.resume();
    });
    this.#release = () => reservation.release();
    if (reservation.granted) return;
    this.#pauseTimer();
    controller.pause();
  }

  /** The pieces of a body, each of which gives the next one its time. */
  async *#watched(
    content: AsyncIterable<Uint8Array>,
    onSent: (bytes: number) => void,
  ): AsyncGenerator<Uint8Array> {
    let sent = 0;
    for await (const piece of content) {
      if (this.#settled) return;
      sent += piece.length;
      // Before: a piece that was handed on may arrive, whether another is asked for or not.
      onSent(sent);
      yield piece;
      this.#restartTimer();
    }
  }

  #restartTimer(): void {
    if (this.#settled || this.#isReserved) return;
    clearTimeout(this.#timer);
    this.#timeLeftMs = Math.max(
      1,
      Math.min(this.#limits.timeout, this.#startedAt + this.#maxMs - performance.now()),
    );
    this.#runTimer();
  }

  #runTimer(): void {
    this.#timerSetAt = performance.now();
    this.#timer = setTimeout(() => this.#fail(new CallAborted('timeout')), this.#timeLeftMs);
  }

  #pauseTimer(): void {
    clearTimeout(this.#timer);
    this.#timeLeftMs = Math.max(1, this.#timeLeftMs - (performance.now() - this.#timerSetAt));
  }

  #fail(error: Error): void {
    if (this.#settled) return;
    const controller = this.#controller;
    this.#reject(error);
    this.#settle();
    controller?.abort(error);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#timer = this.#controller = this.#observer = undefined;
    this.#resolve = this.#reject = noop;
    this.#release();
    this.#release = noop;
    this.#headers = {};
    this.#chunks = [];
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
