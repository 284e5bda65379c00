import { createHash } from 'node:crypto';
import type { Indicator } from '../ioc/ioc';
import { isObject, own } from '../report/narrow';
import type { Origin } from '../report/origin';

/** `msg.pivot`: what a message has seen on its way. Plain data, so that it survives clones, other nodes and a file. */
export interface Pivot {
  /** Short fingerprints of the indicators that were asked for or sent on, oldest first. */
  seen: string[];
  /** Where the indicators of this message came from. */
  from: Origin[];
  /** The related nodes that the message has been through, by their ids, oldest first. */
  nodes: string[];
}

/** The most that a message remembers; each of its copies carries them. */
const MOST_SEEN = 2_000;
const MOST_NODES = 50;

/** Indicators that a message has had already. */
export class SeenIndicators {
  readonly #seen: Set<string>;

  /** @param pivot the message's own, or anything else that stands there */
  constructor(pivot: unknown) {
    const seen = isObject(pivot) ? own(pivot, 'seen') : undefined;
    const known = Array.isArray(seen) ? (seen.slice(-MOST_SEEN) as unknown[]) : [];
    this.#seen = new Set(known.filter((one) => typeof one === 'string' && one.length <= 16) as string[]);
  }

  /** Notes the indicator. @returns false when it was there already */
  add(indicator: Indicator): boolean {
    const print = fingerprint(indicator);
    if (this.#seen.has(print)) return false;
    this.#seen.add(print);
    return true;
  }

  /** For `msg.pivot`: the newest, as many as it may have. */
  list(): string[] {
    return [...this.#seen].slice(-MOST_SEEN);
  }
}

function fingerprint({ type, value }: Indicator): string {
  return createHash('sha256').update(`${type}:${value}`).digest('base64url').slice(0, 11);
}

/** The related nodes in `msg.pivot`, as many as are remembered; none where there is none. */
export function nodesIn(pivot: unknown): string[] {
  const nodes = isObject(pivot) ? own(pivot, 'nodes') : undefined;
  const known = Array.isArray(nodes) ? (nodes.slice(-MOST_NODES) as unknown[]) : [];
  return known.filter((one): one is string => typeof one === 'string' && one.length <= 100);
}

/** The same with one more node, which comes last. */
export function withNode(nodes: readonly string[], id: string): string[] {
  return [...nodes.filter((one) => one !== id), id].slice(-MOST_NODES);
}
