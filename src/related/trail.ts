import { createHash } from 'node:crypto';
import type { Indicator } from '../ioc/ioc';
import { isObject, own } from '../report/narrow';

/** Where an indicator came from. */
export interface Origin {
  /** The indicator. */
  value: string;
  /** The name of the relation. */
  relation: string;
  /** The indicator that has it. */
  of: string;
}

/** `msg.pivot`: what a message has seen on its way. Plain data, so that it survives clones, other nodes and a file. */
export interface Pivot {
  /** Short fingerprints of the indicators that were asked for or sent on, oldest first. */
  seen: string[];
  /** Where the indicators of this message came from. */
  from: Origin[];
}

/** The most that a message remembers; each of its copies carries them. */
const MOST_SEEN = 2_000;

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
