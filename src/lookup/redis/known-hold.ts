import type { HoldRecord } from '../key-hold';
import type { Reply } from './reply';

/** Answers take a different time each: a hold that ends so much later, in ms, isn't the same. */
const SAME_MS = 1_000;

interface Known {
  hold: HoldRecord;
  /** When VirusTotal said it, by the time in Redis. Undefined: before Redis was reached. */
  said: number | undefined;
  /** Monotonic time at which `remainingMs` was so long. */
  at: number;
}

/**
 * The hold of the key that this process last knew of, from VirusTotal or from Redis. It is given up when it is over or was lifted, but
 * not for a Redis that has forgotten it.
 */
export class KnownHold {
  #known: Known | undefined;

  begin(hold: HoldRecord, said: number | undefined): void {
    this.#known = { hold, said, at: performance.now() };
  }

  lift(kinds: readonly HoldRecord['kind'][]): void {
    if (this.#known && kinds.includes(this.#known.hold.kind)) this.#known = undefined;
  }

  /**
   * Takes what Redis says for the truth, unless this process knows more.
   * @returns the hold that Redis has forgotten, with what remains of it and the ms since it was said
   */
  forgotten({ hold, saidAt, lifted, now }: Reply): { hold: HoldRecord; ageMs: number } | undefined {
    const known = this.#known;
    if (known) {
      const remainingMs = known.hold.remainingMs - (performance.now() - known.at);
      const isLifted = known.said !== undefined && lifted[known.hold.kind] >= known.said;
      if (!isLifted && remainingMs > SAME_MS + Math.max(0, hold?.remainingMs ?? -SAME_MS))
        return { hold: { ...known.hold, remainingMs }, ageMs: Math.max(0, now - (known.said ?? now)) };
    }
    this.#known = hold && { hold, said: saidAt, at: performance.now() };
    return undefined;
  }
}
