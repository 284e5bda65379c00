import { randomBytes } from 'node:crypto';

/** A process that starts more than this in a window tells Redis of the last ones only. */
const MOST = 10_000;

/** How many share the key, and which of them this is, so that they can keep out of each other's way when Redis is away. */
export interface Share {
  /** The limit is divided by that. */
  instances: number;
  /** Which of them this is, 0 up to `instances`. Undefined: it has not met the others since its start. */
  place: number | undefined;
  /** Redis's clock less the monotonic one, in ms: what all have in common once they have met. */
  clockOffset: number;
  /** Starts of all in the last window, when it was last known. */
  inWindow: number;
}

/**
 * What this process knows of its own use of a key in one Redis: what Redis is told when it has forgotten, or wasn't there. It outlives
 * a redeploy, so that one while Redis is away doesn't take the whole limit.
 */
export class OwnUse {
  /** Tells this instance from others. */
  readonly me = randomBytes(6).toString('base64url');
  /** Of the memory of Redis; empty: it was never met. */
  epoch = '';
  /** What Redis last said of who shares the key. */
  met: Share | undefined;
  /** How many share the key by the config: they may start while Redis is away, unseen by those who met there. */
  configured = 1;
  /** The other instances that were there. */
  others: readonly string[] = [];
  /** Those that a Redis that has forgotten all hasn't heard of again, and until when that is waited for, on the monotonic clock. */
  readonly #missed = new Map<string, number>();
  /** Starts made while Redis was away. */
  alone = 0;
  /** Those of them that are known to be in the common count. */
  aloneCounted = 0;
  #starts: { ticket: string; at: number }[] = [];
  #keepMs = 1;
  #named = 0;

  /** By how many the limit is divided while Redis is away: those last seen, or those that the config names if they are more. */
  get share(): Share {
    const met = this.met ?? { instances: 1, place: undefined, clockOffset: 0, inWindow: 0 };
    return { ...met, instances: Math.max(met.instances, this.configured) };
  }

  /**
   * Redis says who is there. One that forgets all in a row doesn't make the others be forgotten here.
   * @param goneMs ms without a heartbeat after which an instance counts as gone
   * @returns all that are there, in one order
   */
  meet(present: readonly string[], forgot: boolean, goneMs: number): string[] {
    const now = performance.now();
    if (forgot) for (const id of this.others) this.#missed.set(id, this.#missed.get(id) ?? now + goneMs);
    for (const id of present) this.#missed.delete(id);
    for (const [id, until] of this.#missed) if (until < now) this.#missed.delete(id);
    const there = [...present, ...this.#missed.keys()].sort();
    this.others = there.filter((id) => id !== this.me);
    return there;
  }

  keepFor(ms: number): void {
    this.#keepMs = ms;
  }

  /** A name that nothing else of any instance has. */
  name(): string {
    return `${this.me}.${(++this.#named).toString(36)}`;
  }

  /** @param at monotonic time at which it arrives at VirusTotal at the latest */
  add(ticket: string, at: number): void {
    this.#starts.push({ ticket, at });
    if (this.#starts.length >= 2 * MOST) this.#trim();
  }

  /**
   * Starts of this key that were made before its state was in this Redis.
   * @param times monotonic times of this process's last starts, those that are known here among them
   */
  adopt(times: readonly number[]): void {
    const newest = this.#starts.at(-1)?.at ?? -Infinity;
    for (const at of times) if (at > newest) this.#starts.push({ ticket: this.name(), at });
    this.#trim();
  }

  /** Age in ms and ticket of each, one after the other. */
  agesAndTickets(): (number | string)[] {
    this.#trim();
    const now = performance.now();
    return this.#starts.flatMap(({ at, ticket }) => [now - at, ticket]);
  }

  #trim(): void {
    const edge = performance.now() - this.#keepMs;
    this.#starts = this.#starts.filter(({ at }) => at > edge).slice(-MOST);
  }
}
