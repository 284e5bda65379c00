import { inBackground } from '../in-background';
import { maxTransitMs, type SlidingWindow } from '../sliding-window';
import type { RedisHealth } from './health';
import type { KeyNames } from './key-names';

/** The limits of an instance without a heartbeat for this long, in ms, no longer apply. */
const LIMIT_TTL_MS = 25_000;
const RENEW_INTERVAL_MS = 10_000;

/** Publishes in Redis which limits this instance keeps to: all others keep to them too. */
export class LimitPublisher {
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #instanceId: string;
  #windows: readonly SlidingWindow[] = [];
  /** Monotonic time. */
  #publishedAt = -Infinity;

  constructor(health: RedisHealth, names: KeyNames, instanceId: string) {
    this.#health = health;
    this.#names = names;
    this.#instanceId = instanceId;
  }

  set(windows: readonly SlidingWindow[]): void {
    const encoded = windows.map(encodeLimit);
    this.#publish(
      'vtRemoveLimits',
      this.#windows.filter((window) => !encoded.includes(encodeLimit(window))),
    );
    this.#windows = windows;
    this.#publishedAt = -Infinity;
    this.renew();
  }

  /** If it is time to, or Redis may have forgotten. */
  renew(forgotten = false): void {
    const now = performance.now();
    if (!this.#health.isUp || (!forgotten && now - this.#publishedAt < RENEW_INTERVAL_MS)) return;
    this.#publishedAt = now;
    this.#publish('vtSetLimits', this.#windows);
  }

  withdraw(): Promise<unknown> {
    return this.#runScript('vtRemoveLimits', this.#windows);
  }

  #publish(script: 'vtSetLimits' | 'vtRemoveLimits', windows: readonly SlidingWindow[]): void {
    inBackground(this.#runScript(script, windows));
  }

  async #runScript(
    script: 'vtSetLimits' | 'vtRemoveLimits',
    windows: readonly SlidingWindow[],
  ): Promise<void> {
    if (windows.length === 0 || !this.#health.isUp) return;
    const { limits, limitHolders } = this.#names;
    const each = windows.flatMap((window) => [encodeLimit(window), window.windowMs + maxTransitMs([window])]);
    await this.#health.runScript(script, [limits, limitHolders], [this.#instanceId, LIMIT_TTL_MS, ...each]);
  }
}

function encodeLimit({ count, windowMs }: SlidingWindow): string {
  return `${count}:${windowMs}:${maxTransitMs([{ count, windowMs }])}`;
}
