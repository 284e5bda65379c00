import { inBackground } from '../in-background';
import { longestWayMs, type SlidingWindow } from '../sliding-window';
import type { RedisHealth } from './health';
import type { KeyNames } from './key-names';

/** The limits of an instance without a heartbeat for this long, in ms, no longer apply. */
const LEASE_MS = 25_000;
const RENEW_MS = 10_000;

/** Tells Redis which limits this instance keeps to: all others keep to them too. */
export class Limits {
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #me: string;
  #windows: readonly SlidingWindow[] = [];
  /** Monotonic time. */
  #toldAt = -Infinity;

  constructor(health: RedisHealth, names: KeyNames, me: string) {
    this.#health = health;
    this.#names = names;
    this.#me = me;
  }

  keepTo(windows: readonly SlidingWindow[]): void {
    const texts = windows.map(textOf);
    this.#tell(
      'vtUnlimit',
      this.#windows.filter((window) => !texts.includes(textOf(window))),
    );
    this.#windows = windows;
    this.#toldAt = -Infinity;
    this.renew();
  }

  /** If it is time to, or Redis may have forgotten. */
  renew(forgotten = false): void {
    const now = performance.now();
    if (!this.#health.up || (!forgotten && now - this.#toldAt < RENEW_MS)) return;
    this.#toldAt = now;
    this.#tell('vtLimit', this.#windows);
  }

  leave(): Promise<unknown> {
    return this.#ask('vtUnlimit', this.#windows);
  }

  #tell(script: 'vtLimit' | 'vtUnlimit', windows: readonly SlidingWindow[]): void {
    inBackground(this.#ask(script, windows));
  }

  async #ask(script: 'vtLimit' | 'vtUnlimit', windows: readonly SlidingWindow[]): Promise<void> {
    if (windows.length === 0 || !this.#health.up) return;
    const { limits, limitHolders } = this.#names;
    const each = windows.flatMap((window) => [textOf(window), window.windowMs + longestWayMs([window])]);
    await this.#health.ask(script, [limits, limitHolders], [this.#me, LEASE_MS, ...each]);
  }
}

function textOf({ count, windowMs }: SlidingWindow): string {
  return `${count}:${windowMs}:${longestWayMs([{ count, windowMs }])}`;
}
