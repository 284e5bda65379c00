import { performance } from 'node:perf_hooks';
import { TimeShare, type LoopClock } from './time-share';

/** What `EventQueue` needs of the event loop. */
export interface Loop extends LoopClock {
  /** In a turn of its own, in the order of the calls. */
  soon(action: () => void): void;
  after(ms: number, action: () => void): void;
}

/** Who gets what was queued. Neither may throw. */
export interface EventHandler<T> {
  item(item: T): void;
  /** @param count what found no room since the last call */
  dropped(count: number): void;
}

/** In one turn of the event loop. */
const SLICE = 20;
/** Of the time of a loop that is busy; what makes events has the rest. */
const SHARE = 0.03;
const BURST_MS = 5;
/** A loop that is busy may become idle: then it goes on. */
const LOOK_AGAIN_MS = 10;
/** Between two times that it says how many were dropped, while others wait. */
const TELL_DROPPED_MS = 1000;

const LOOP: Loop = {
  now: () => performance.now(),
  idle: () => performance.eventLoopUtilization().idle,
  soon: (action) => void setImmediate(action),
  after: (ms, action) => void setTimeout(action, ms).unref(),
};

/**
 * Hands items on, a few in a turn of the event loop, while the loop has nothing else to do; while it has, in 3 % of its time. So what makes them
 * is never held up. It is bounded: what finds no room is counted and dropped. While no handler is set it keeps what comes.
 */
export class EventQueue<T> {
  readonly #ring: (T | undefined)[];
  readonly #loop: Loop;
  readonly #time: TimeShare;
  #first = 0;
  #size = 0;
  #dropped = 0;
  #droppedAt = -Infinity;
  #handler: EventHandler<T> | undefined;
  #isScheduled = false;
  /** What one item takes, with the first node behind it, in ms. */
  #cost = 0.1;

  /** @param limit how many may wait */
  constructor(limit: number, loop: Loop = LOOP) {
    this.#ring = new Array<T | undefined>(limit);
    this.#loop = loop;
    this.#time = new TimeShare({ share: SHARE, burstMs: BURST_MS, clock: loop });
  }

  attach(handler: EventHandler<T>): void {
    this.#handler = handler;
    this.#schedule();
  }

  /** What comes from now on waits for the next handler. */
  detach(): void {
    this.#handler = undefined;
  }

  add(item: T): void {
    const ring = this.#ring;
    if (this.#size < ring.length) {
      const end = this.#first + this.#size++;
      ring[end < ring.length ? end : end - ring.length] = item;
    } else this.#dropped += 1;
    if (!this.#isScheduled) this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#handler || (this.#size === 0 && this.#dropped === 0)) return;
    this.#isScheduled = true;
    this.#loop.soon(() => this.#turn());
  }

  #turn(): void {
    const handler = this.#handler;
    const waitMs = this.#time.waitMs;
    if (handler && waitMs > 0) return this.#loop.after(Math.min(waitMs, LOOK_AGAIN_MS), () => this.#turn());
    if (handler) return this.#slice(handler);
    this.#isScheduled = false;
  }

  /** Node-RED takes a message to the next node in a later turn: what that node does is counted from the turn before to the turn after it. */
  #slice(handler: EventHandler<T>): void {
    const from = this.#loop.now();
    let deliveredFrom = from;
    this.#loop.soon(() => (deliveredFrom = this.#loop.now()));
    const count = Math.min(this.#size, SLICE, Math.max(1, Math.floor(this.#time.leftMs / this.#cost)));
    for (let index = 0; index < count; index++) handler.item(this.#shift());
    if (this.#dropped > 0 && (this.#size === 0 || from - this.#droppedAt >= TELL_DROPPED_MS)) {
      this.#droppedAt = from;
      const dropped = this.#dropped;
      this.#dropped = 0;
      handler.dropped(dropped);
    }
    const sentMs = this.#loop.now() - from;
    this.#loop.soon(() => {
      const ms = sentMs + this.#loop.now() - deliveredFrom;
      this.#time.spend(ms);
      if (count > 0) this.#cost += (ms / count - this.#cost) / 4;
      this.#isScheduled = false;
      this.#schedule();
    });
  }

  #shift(): T {
    const item = this.#ring[this.#first] as T;
    this.#ring[this.#first] = undefined;
    this.#first = this.#first + 1 === this.#ring.length ? 0 : this.#first + 1;
    this.#size -= 1;
    return item;
  }
}
