import type { HoldRecord } from '../key-hold';
import type { Argument } from './link';
import type { ScriptName } from './scripts';

type Told = [script: ScriptName, args: Argument[]];

/** What VirusTotal said to this process, until Redis has been told. */
export class UntoldHold {
  #begun: { hold: HoldRecord; at: number } | undefined;
  #lifted: readonly HoldRecord['kind'][] = [];
  /** Monotonic time of the last change here. */
  #changed = -Infinity;

  begin(hold: HoldRecord): void {
    this.#changed = performance.now();
    this.#begun = { hold, at: this.#changed };
    this.#lifted = [];
  }

  lift(kinds: readonly HoldRecord['kind'][]): void {
    this.#changed = performance.now();
    if (this.#begun && kinds.includes(this.#begun.hold.kind)) this.#begun = undefined;
    this.#lifted = kinds;
  }

  /** Whether what Redis was asked at that time, on the monotonic clock, takes account of all that was said here. */
  agreedBefore(asked: number): boolean {
    return !this.#begun && this.#lifted.length === 0 && this.#changed < asked;
  }

  /** What is to be told, and is taken as told. */
  take(): Told[] {
    const told: Told[] = [];
    if (this.#lifted.length > 0) told.push(['vtLift', [...this.#lifted]]);
    if (this.#begun) {
      const { hold, at } = this.#begun;
      const remaining = hold.remainingMs - (performance.now() - at);
      if (remaining > 0)
        told.push(['vtHold', [hold.kind, hold.status ?? '', hold.text, remaining, hold.pauses]]);
    }
    this.#begun = undefined;
    this.#lifted = [];
    return told;
  }
}
