import type { Node } from 'node-red';
import { oneLine } from '../src/errors';
import { inBackground } from '../src/in-background';
import type { StoredWatch } from '../src/watch/watched';
import type { Inbox } from './inbox';
import { persistentStore } from './persistent-store';

const KEY = 'virustotal-watch';
/** What changes in between is stored together. */
const SAVE_AFTER_MS = 5000;

/** Of nodes that a deploy has closed: Node-RED deletes a node's context with the node where no store is configured. */
const kept = new WeakMap<Inbox, StoredWatch>();

/**
 * What a watch node knows, in its own context: over a deploy of any kind, and over a restart where Node-RED has a persistent store. Of
 * several stores one that is persistent is taken, even if it isn't the default.
 */
export class WatchStore {
  /** Whether it outlives a restart of Node-RED. */
  readonly isPersistent: boolean;
  readonly #inbox: Inbox;
  readonly #node: Node;
  readonly #store: string | undefined;
  readonly #state: () => StoredWatch;
  #timer: NodeJS.Timeout | undefined;

  constructor(inbox: Inbox, settings: unknown, state: () => StoredWatch) {
    const persistent = persistentStore(settings);
    this.#inbox = inbox;
    this.#node = inbox.node;
    this.#store = persistent?.name;
    this.#state = state;
    this.isPersistent = persistent !== undefined;
  }

  /** Resolves with what was stored, or undefined when nothing can be read. */
  load(): Promise<unknown> {
    const before = kept.get(this.#inbox);
    if (before) return Promise.resolve(before);
    return new Promise((resolve) => {
      this.#node.context().get(KEY, this.#store, (error: unknown, value: unknown) => {
        if (error) this.#node.warn(`The watch list could not be read: ${textOf(error)}`);
        resolve(error ? undefined : value);
      });
    });
  }

  /** Stores it a little later. */
  saveSoon(): void {
    this.#timer ??= setTimeout(() => inBackground(this.save()), SAVE_AFTER_MS).unref();
  }

  /** Stores it now. Resolves when the store has it; never rejects. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const state = this.#state();
    kept.set(this.#inbox, state);
    return new Promise((resolve) => {
      this.#node.context().set(KEY, state, this.#store, (error: unknown) => {
        if (error) this.#node.warn(`The watch list could not be stored: ${textOf(error)}`);
        resolve();
      });
    });
  }
}

function textOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : typeof error === 'string' ? error : typeof error);
}
