import type { Node } from 'node-red';
import { oneLine } from '../src/errors';
import { KeptFile } from './kept-file';
import { persistentStore } from './persistent-store';

/**
 * One value in a node's own context, in a store that outlives Node-RED where there is one. It is the same for the next node of the same id. Where
 * the store is in files, a file beside it has the value too, as soon as it is saved.
 */
export class KeptValue<T> {
  readonly #key: string;
  readonly #store: string | undefined;
  readonly #read: (stored: unknown) => T;
  readonly #file: KeptFile | undefined;
  #node: Node;
  #hasFailed = false;
  #isForgotten = false;

  /** @param read makes a value of what is stored, whatever that is */
  constructor(node: Node, settings: unknown, { key, read }: { key: string; read: (stored: unknown) => T }) {
    this.#node = node;
    this.#key = key;
    this.#read = read;
    const store = persistentStore(settings);
    this.#store = store?.name;
    this.#file = store?.folder === undefined ? undefined : new KeptFile(store.folder, key, node.id);
  }

  /** Another node of the same id is deployed. */
  attach(node: Node): void {
    this.#node = node;
  }

  /** The node is removed, and Node-RED removes its context: nothing more is stored. */
  forget(): void {
    this.#isForgotten = true;
    this.#file?.remove();
  }

  /** Never rejects: what can't be read counts as not there. */
  load(): Promise<T> {
    const written = this.#file?.read();
    if (written !== undefined) return Promise.resolve(this.#read(written));
    return new Promise((resolve) => {
      this.#node.context().get(this.#key, this.#store, (error: unknown, value: unknown) => {
        if (error) this.#warn('read', error);
        resolve(this.#read(error ? undefined : value));
      });
    });
  }

  save(value: T): void {
    if (this.#isForgotten) return;
    try {
      this.#file?.write(value);
    } catch (error) {
      // Once: the context has it, a little later.
      if (!this.#hasFailed) this.#warn('written at once', error);
      this.#hasFailed = true;
    }
    this.#node.context().set(this.#key, value, this.#store, (error: unknown) => {
      if (error) this.#warn('stored', error);
    });
  }

  #warn(what: string, error: unknown): void {
    this.#node.warn(oneLine(`${this.#key} could not be ${what} in the node's context: ${String(error)}`));
  }
}
