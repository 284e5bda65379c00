import type { NodeAPI, NodeMessage } from 'node-red';

/** `msg.parts` of one message of several, as the split node makes it, so that a join node puts them together again. */
export type Parts = Record<string, unknown>;

/** A message that goes on once for each of several values of one property. */
export class MessageCopies {
  readonly #RED: NodeAPI;
  readonly #msg: NodeMessage;
  readonly #parts: Parts;
  /** The message without the property; undefined when there is one value only. */
  readonly #rest: NodeMessage | undefined;

  /** @param property gets a value of its own in each copy, so it isn't copied; `join` is told of it */
  constructor(RED: NodeAPI, msg: NodeMessage, property: string, count: number) {
    this.#RED = RED;
    this.#msg = msg;
    const { parts } = msg as { parts?: unknown };
    this.#parts = {
      ...(parts === undefined ? {} : { parts }),
      id: RED.util.generateId(),
      type: 'array',
      count,
      len: 1,
      ...(property === 'payload' ? {} : { property }),
    };
    if (count > 1) this.#rest = copyWithout(RED, msg, property);
  }

  /** The copy for one of the values. A single one is the message itself. */
  at(index: number): NodeMessage {
    return this.#numbered(this.#rest ? this.#RED.util.cloneMessage(this.#rest) : this.#msg, index);
  }

  /** As `at`, with the property as it came: for one that has no value of its own, but may be tried again. */
  asItCame(index: number): NodeMessage {
    return this.#numbered(this.#rest ? this.#RED.util.cloneMessage(this.#msg) : this.#msg, index);
  }

  #numbered(copy: NodeMessage, index: number): NodeMessage {
    return Object.assign(copy, { parts: { ...this.#parts, index } });
  }
}

/** The message itself is as before: a Catch node may get it. */
function copyWithout(RED: NodeAPI, msg: NodeMessage, property: string): NodeMessage {
  let value: unknown;
  try {
    value = RED.util.getMessageProperty(msg, property);
  } catch {
    value = undefined; // a part of the path isn't there
  }
  if (value === undefined) return RED.util.cloneMessage(msg);
  // Null and not undefined, which would take an element out of a list and move those behind it.
  RED.util.setMessageProperty(msg, property, null);
  try {
    return RED.util.cloneMessage(msg);
  } finally {
    RED.util.setMessageProperty(msg, property, value, true);
  }
}
