import { inBackground } from '../../../in-background';
import { maxTransitMs, type SlidingWindow } from '../../limiter-backend';
import type { RedisHealth } from '../health';

/** Redis drops them after 25 s (set-limits-3.lua). */
const RENEW_INTERVAL_MS = 10_000;

/**
 * Publishes in Redis which limits this instance keeps to: all others keep to them too. VirusTotal counts by key, so the strictest limit of any
 * instance has to hold for all. They expire 25 s after their last renewal, so a killed instance does not limit the others for ever; one that
 * closes withdraws them, and each that no other instance has ends when its window is over.
 */
export class LimitPublisher {
  readonly #health: RedisHealth;
  readonly #instanceId: string;
  #windows: readonly SlidingWindow[] = [];
  /** Monotonic time. */
  #publishedAt = -Infinity;

  constructor(health: RedisHealth, instanceId: string) {
    this.#health = health;
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
    return this.#run('vtRemoveLimits', this.#windows);
  }

  #publish(command: 'vtSetLimits' | 'vtRemoveLimits', windows: readonly SlidingWindow[]): void {
    inBackground(this.#run(command, windows));
  }

  async #run(command: 'vtSetLimits' | 'vtRemoveLimits', windows: readonly SlidingWindow[]): Promise<void> {
    if (windows.length === 0 || !this.#health.isUp) return;
    const limits = windows.map((window) => [encodeLimit(window), window.windowMs + maxTransitMs([window])]);
    await this.#health.run(command, { instance: this.#instanceId, limits });
  }
}

function encodeLimit({ count, windowMs }: SlidingWindow): string {
  return `${count}:${windowMs}:${maxTransitMs([{ count, windowMs }])}`;
}
