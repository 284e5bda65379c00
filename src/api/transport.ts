import type { Dispatcher } from 'undici';
import type { AnswerReader } from './answer-reader';
import { decompress } from './body';
import type { ClientErrors } from './client-errors';
import { HttpCall, limitsForBody, type CallLimits, type HttpResponse } from './http-call';
import { networkFailure } from './network-failure';
import { isRedirect } from './redirect';
import type { AnswerOrRedirect, ApiRequest, RequestOptions } from './request';
import type { RequestPlaces } from './request-places';
import { sentOnceFailure } from './sent-once';

/** What requests are made with. */
export interface TransportParts {
  dispatcher: Dispatcher;
  /** The dispatcher was not handed in: its connections end with the transport. */
  ownsDispatcher: boolean;
  limits: CallLimits;
  /** Of the API, as errors name it. */
  host: string;
  places: RequestPlaces;
  reader: AnswerReader;
  errors: ClientErrors;
}

/** The HTTP calls that are under way, and their end. */
export class Transport {
  readonly #parts: TransportParts;
  readonly #running = new Set<HttpCall>();
  #closed = false;
  #isDrained = false;
  #onIdle: (() => void)[] = [];

  constructor(parts: TransportParts) {
    this.#parts = parts;
  }

  /** Ends what is under way with VT_CLOSED, and the connections, unless the dispatcher was handed in. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const call of this.#running) call.cancel();
    if (this.#parts.ownsDispatcher) await this.#parts.dispatcher.destroy();
  }

  /** How long what is under way may take at most, in ms: uploads take longer than all else. */
  get longestCallMs(): number {
    return Math.max(0, ...[...this.#running].map(({ maxMs }) => maxMs));
  }

  /**
   * Resolves when no request is under way any more, and ends the connections. What takes longer is given up and fails as by the network, so
   * that it goes again where another service takes over.
   */
  async drain(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    const idle = new Promise<void>((resolve) => {
      if (this.#running.size === 0) resolve();
      else this.#onIdle.push(resolve);
    });
    await Promise.race([idle, limit]);
    clearTimeout(timer);
    this.#isDrained = true;
    await this.close();
  }

  /**
   * One HTTP call.
   * @throws VirusTotalError for every failure, without the key or another secret in it
   */
  async send<T>(
    request: ApiRequest<T>,
    { redirect, observer }: RequestOptions = {},
  ): Promise<AnswerOrRedirect<T>> {
    if (this.#closed) throw this.#parts.errors.closed(this.#isDrained);
    const { body, ...place } = this.#parts.places.place(request, redirect);
    const limits = body === undefined ? this.#parts.limits : limitsForBody(this.#parts.limits, body.length);
    const call = new HttpCall(limits, observer);
    const sent = call.send(this.#parts.dispatcher, { ...place, body }, (bytes) =>
      request.onSent?.(bytes, body?.length ?? 0),
    );
    this.#running.add(call);
    const reserved: (() => void)[] = [];
    try {
      const { status, headers, body } = await this.#receive(sent, reserved, limits);
      if (isRedirect(status) && headers.location !== undefined) {
        if (request.method === 'POST') throw this.#parts.errors.redirectedPost(status);
        return { redirect: this.#parts.places.redirect(place.path, headers.location, status) };
      }
      return { answer: request.read(this.#parts.reader.toResponse(request, { status, headers, body })) };
    } catch (error) {
      throw request.method === 'POST' ? sentOnceFailure(error, call.wasDispatched) : error;
    } finally {
      for (const release of reserved) release();
      this.#running.delete(call);
      if (this.#running.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  /** The answer with its body unpacked. @param reserved gets what frees the memory that the answer has taken of the budget */
  async #receive(
    sent: Promise<HttpResponse>,
    reserved: (() => void)[],
    limits: CallLimits,
  ): Promise<HttpResponse> {
    const { maxBytes, budget } = limits;
    try {
      const answer = await sent;
      reserved.push(answer.release);
      const unpacked = decompress(answer.body, maxBytes, answer.isReserved ? undefined : budget);
      const { plain, done } = unpacked instanceof Promise ? await unpacked : unpacked;
      reserved.push(done);
      answer.body = plain;
      return answer;
    } catch (error) {
      if (this.#isDrained) throw this.#parts.errors.closed(this.#isDrained);
      throw this.#parts.errors.error(networkFailure(error, this.#parts.host, limits));
    }
  }
}
