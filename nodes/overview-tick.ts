import type { EventEmitter } from 'node:events';
import type { NodeAPI } from 'node-red';

/** The topic that open editors listen to. */
export const CHANGED_TOPIC = 'virustotal/changed';

/** Between two ticks at least, in ms. */
const INTERVAL_MS = 1_000;
/** An editor that is seen asks more often than this, in ms. */
const WATCHED_MS = 30_000;

const ticks = new WeakMap<EventEmitter, OverviewTick>();

/**
 * Tells open editors that there is something new: at most once a second, and only while one of them is seen, which it shows by asking for
 * the overview. The tick has no data, as every client of the editor gets it, whatever it may read.
 */
export class OverviewTick {
  readonly #publish: () => void;
  #watchedUntil = -Infinity;
  #lastAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  static of(RED: NodeAPI): OverviewTick {
    const { events } = RED as { events: EventEmitter | undefined };
    const tick =
      (events && ticks.get(events)) ?? new OverviewTick(() => RED.comms.publish(CHANGED_TOPIC, {}, false));
    if (events) ticks.set(events, tick);
    return tick;
  }

  /** @param publish must not throw */
  constructor(publish: () => void) {
    this.#publish = publish;
  }

  /** An editor that is seen has asked for the overview. */
  asked(): void {
    this.#watchedUntil = performance.now() + WATCHED_MS;
  }

  /** What the overview shows may have changed. */
  changed(): void {
    if (this.#timer) return;
    const now = performance.now();
    if (now >= this.#watchedUntil) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (performance.now() >= this.#watchedUntil) return;
        this.#lastAt = performance.now();
        this.#publish();
      },
      Math.max(0, this.#lastAt + INTERVAL_MS - now),
    ).unref();
  }
}
