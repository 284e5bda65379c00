import type { NodeMessage } from 'node-red';
import { isObject } from '../src/report/narrow';
import type { Received } from './received';

/** The message that came first of its incident: in its name the summary goes out. It has ended when that has happened. */
export class OpenIncident {
  /** Resolves when the summary is sent; rejects with what the message ends with. */
  readonly ended: Promise<void>;
  /**
   * What the message keeps in memory, for `approximateSize`, which sees public fields only. Without the request of an HTTP In node: it leads to
   * the whole server.
   */
  readonly kept: Readonly<Record<string, unknown>>;
  readonly #received: Received;
  readonly #groupId: string | undefined;
  readonly #fromCatch: boolean;
  #settle!: { resolve: () => void; reject: (error: Error) => void };

  /**
   * @param from the group of the message, when it has one, and whether it came from a Catch node, whose error the summary tells
   */
  constructor(received: Received, from: { groupId?: string; fromCatch: boolean }) {
    this.#received = received;
    this.#groupId = from.groupId;
    this.#fromCatch = from.fromCatch;
    this.kept = { ...received.msg, req: undefined, res: undefined };
    this.ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  /** The id of its parts; undefined for an incident of one message. */
  get groupId(): string | undefined {
    return this.#groupId;
  }

  get msg(): NodeMessage {
    return this.#received.msg;
  }

  send(summary: { payload: unknown; incident: unknown }): void {
    const msg = this.msg as NodeMessage & Record<string, unknown>;
    this.#restoreParts(msg);
    if (this.#fromCatch) restoreError(msg);
    if (msg['complete'] === true) delete msg['complete'];
    this.#received.send(Object.assign(msg, summary));
    this.#settle.resolve();
  }

  fail(error: Error): void {
    this.#settle.reject(error);
  }

  /** The parts of the group are used up: those around it are for a join node that waits for incidents. */
  #restoreParts(msg: Record<string, unknown>): void {
    const { parts } = msg;
    if (this.#groupId === undefined || !isObject(parts)) return;
    const { parts: outer } = parts;
    if (outer === undefined) delete msg['parts'];
    else msg['parts'] = outer;
  }
}

function restoreError(msg: Record<string, unknown>): void {
  const { _error: before } = msg;
  delete msg['error'];
  delete msg['_error'];
  if (before !== undefined) msg['error'] = before;
}
