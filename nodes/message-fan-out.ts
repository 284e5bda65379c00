import type { NodeAPI, NodeMessage } from 'node-red';
import { isObject } from '../src/report/narrow';

/** `msg.parts` of one message of several, as the split node makes it, so that a join node puts them together again. */
export type Parts = Record<string, unknown>;

/** How the ids of these parts begin, so that a summary tells them from those of a split node of the flow. */
const OWN_ID = 'virustotal:';

/** Whether parts were made by a node of this package. */
export function isOwnParts({ id }: Readonly<Parts>): boolean {
  return typeof id === 'string' && id.startsWith(OWN_ID);
}

/** A message that goes on once for each of several values of one property. */
export class MessageFanOut {
  readonly #RED: NodeAPI;
  readonly #msg: NodeMessage;
  readonly #property: string;
  readonly #parts: Parts;
  /** The message is one of several already, and stays that one. */
  readonly #keepsParts: boolean;
  /** The message without the property; undefined when there is one value only. */
  readonly #template: NodeMessage | undefined;
  /** The rest without the source as well, made for the first copy that failed. */
  #failedTemplate: NodeMessage | undefined;

  /** @param values the number of copies, and the property that gets a value of its own in each copy and is therefore not copied; `msg.parts` names it for `join`. `keepsParts`: of a single copy, whose parts are of a node before */
  constructor(
    RED: NodeAPI,
    msg: NodeMessage,
    { property, count, keepsParts = false }: { property: string; count: number; keepsParts?: boolean },
  ) {
    this.#RED = RED;
    this.#msg = msg;
    this.#property = property;
    const { parts } = msg as { parts?: unknown };
    this.#keepsParts = keepsParts && isObject(parts);
    if (keepsParts && isObject(parts)) {
      this.#parts = { ...parts };
      return;
    }
    this.#parts = {
      ...(parts === undefined ? {} : { parts }),
      id: OWN_ID + RED.util.generateId(),
      type: 'array',
      count,
      len: 1,
      ...(property === 'payload' ? {} : { property }),
    };
    if (count > 1) this.#template = copyWithout(RED, msg, property);
  }

  /** Of the group that the copies are. */
  get groupId(): string {
    return String(this.#parts['id']);
  }

  /** The copy for one of the values. A single one is the message itself. */
  copy(index: number): NodeMessage {
    return this.#numbered(this.#template ? this.#RED.util.cloneMessage(this.#template) : this.#msg, index);
  }

  /**
   * The copy for one that has no value but may be tried again: with the one indicator where the message had all of them, so that
   * it is asked for again and the others are not. Shares what it holds with the other copies that failed: a thousand failures of a
   * message of a thousand records would else make a million of them. Whoever hands it on makes a copy, as Node-RED does for each
   * Catch node. A single one is the message as it came.
   * @param source the message property that the indicators came from; undefined where they came from another source
   */
  failed(index: number, indicator: string, source: string | undefined): NodeMessage {
    if (!this.#template) return this.#numbered(this.#msg, index);
    if (source === undefined) return this.#numbered({ ...this.#template }, index);
    this.#failedTemplate ??=
      source === this.#property ? this.#template : copyWithout(this.#RED, this.#template, source);
    const { util } = this.#RED;
    const nested = !/^\w+$/.test(source);
    const copy = nested ? util.cloneMessage(this.#failedTemplate) : { ...this.#failedTemplate };
    if (!util.setMessageProperty(copy, source, indicator, true)) {
      // It is a part of the property that was left out.
      util.setMessageProperty(copy, this.#property, undefined, false);
      util.setMessageProperty(copy, source, indicator, true);
    }
    return this.#numbered(copy, index);
  }

  #numbered(copy: NodeMessage, index: number): NodeMessage {
    return Object.assign(copy, { parts: this.#keepsParts ? { ...this.#parts } : { ...this.#parts, index } });
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
