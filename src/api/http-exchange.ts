import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** As it came, perhaps compressed. */
  body: Buffer;
}

export interface HttpRequest {
  origin: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
}

export interface ExchangeLimits {
  /** Milliseconds from the start to the last byte. */
  timeout: number;
  maxBytes: number;
}

/** Why an exchange was given up by us. What the network did comes as undici's own error. */
export class ExchangeAbort extends Error {
  constructor(readonly reason: 'timeout' | 'too-large' | 'cancelled') {
    super(reason);
  }
}

/**
 * One GET and its whole answer, over undici's dispatcher itself: a stream for each body would cost more than the rest.
 * One clock runs over connecting, headers and body, so that a body that drips a byte a second ends too.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  /** Rejects with ExchangeAbort or the network's error. */
  readonly answer: Promise<HttpAnswer>;
  readonly #limits: ExchangeLimits;
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.cancel();
  readonly #left: (() => void) | undefined;
  #resolve!: (answer: HttpAnswer) => void;
  #reject!: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param left called when the request leaves on a connection */
  constructor(
    dispatcher: Dispatcher,
    request: HttpRequest,
    limits: ExchangeLimits,
    signal?: AbortSignal,
    left?: () => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#limits = limits;
    this.#signal = signal;
    this.#left = left;
    this.#timer = setTimeout(() => this.#fail(new ExchangeAbort('timeout')), limits.timeout);
    if (signal?.aborted === true) {
      this.cancel();
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    try {
      // undici's own time limits are off: they start anew with each byte.
      dispatcher.dispatch({ ...request, method: 'GET', headersTimeout: 0, bodyTimeout: 0 }, this);
    } catch (error) {
      this.#fail(asError(error));
    }
  }

  cancel(): void {
    this.#fail(new ExchangeAbort('cancelled'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: nothing is to be sent any more.
    if (this.#settled) controller.abort(new ExchangeAbort('cancelled'));
    else this.#left?.();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 100 and 103 announce the answer, they aren't it.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    if (Number(headers['content-length']) > this.#limits.maxBytes) this.#fail(new ExchangeAbort('too-large'));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBytes) return this.#fail(new ExchangeAbort('too-large'));
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    const only = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    const body = only ?? Buffer.concat(this.#chunks, this.#bytes);
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#settled) return;
    this.#settle();
    this.#chunks.length = 0;
    this.#reject(error);
    this.#controller?.abort(error);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
