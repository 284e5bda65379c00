import type { HoldRecord } from '../key-hold';
import type { Argument } from './link';
import type { ScriptName } from './scripts';

type Told = [script: ScriptName, args: Argument[]];

/** What VirusTotal said to this process, until Redis has been told. */
export class UntoldHold {
  #begun: { hold: HoldRecord; at: number; ageMs: number } | undefined;
  #lifted: { kinds: readonly HoldRecord['kind'][]; at: number } | undefined;
  /** Monotonic time of the last change here. */
  #changed = -Infinity;

  /** @param ageMs since VirusTotal said it */
  begin(hold: HoldRecord, ageMs = 0): void {
    this.#changed = performance.now();
    this.#begun = { hold, at: this.#changed, ageMs };
  }

  lift(kinds: readonly HoldRecord['kind'][]): void {
    this.#changed = performance.now();
    if (this.#begun && kinds.includes(this.#begun.hold.kind)) this.#begun = undefined;
    this.#lifted = { kinds: [...new Set([...(this.#lifted?.kinds ?? []), ...kinds])], at: this.#changed };
  }

  /** Whether what Redis was asked at that time, on the monotonic clock, takes account of all that was said here. */
  agreedBefore(asked: number): boolean {
    return !this.#begun && !this.#lifted && this.#changed < asked;
  }

  /** What is to be told, and is taken as told. */
  take(): Told[] {
    const told: Told[] = [];
    const now = performance.now();
    if (this.#lifted) told.push(['vtLift', [now - this.#lifted.at, ...this.#lifted.kinds]]);
    if (this.#begun) {
      const { hold, at, ageMs } = this.#begun;
      const remaining = hold.remainingMs - (now - at);
      if (remaining > 0)
        told.push([
          'vtHold',
          [hold.kind, hold.status ?? '', hold.text, remaining, hold.pauses, ageMs + now - at],
        ]);
    }
    this.#begun = undefined;
    this.#lifted = undefined;
    return told;
  }
}
