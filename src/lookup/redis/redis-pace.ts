import type { Chosen, KeyUse } from '../key-state';
import type { Pace, Start } from '../pace';
import type { Reservations } from '../reservations';
import type { SlidingWindow } from '../sliding-window';
import { BookedRequest } from './booked-request';
import type { Booking, RedisKeyState } from './redis-key-state';
import type { Decision } from './reply';
import { createSharePace } from './share-pace';
import { inBackground } from '../in-background';

const ASK_AGAIN_MS = 1_000;
/** Requests that are decided on in one round trip. */
const AT_ONCE = 16;

/** A pace that all instances keep together; each keeps to its own share while Redis is away. */
export class RedisPace implements Pace {
  readonly #state: RedisKeyState;
  readonly #windows: readonly SlidingWindow[];
  readonly #requests: Reservations;
  readonly #use: KeyUse;
  readonly #ignoreChanges: () => void;
  #start: Start | undefined;
  #alone: Pace | undefined;
  /** The lone pace has been asked for the next start. */
  #aloneAsked = false;
  #asking = false;
  #timer: NodeJS.Timeout | undefined;
  /** Monotonic time at which Redis may be asked again. */
  #askAt = -Infinity;
  #closed = false;

  constructor(state: RedisKeyState, windows: readonly SlidingWindow[], requests: Reservations, use: KeyUse) {
    this.#state = state;
    this.#windows = windows;
    this.#requests = requests;
    this.#use = use;
    this.#ignoreChanges = state.onChange(() => this.#healthChanged());
  }

  next(start: Start): void {
    this.#start = start;
    this.#goOn();
  }

  waitMs(): number {
    return this.#alone ? this.#alone.waitMs() : Math.max(0, this.#askAt - performance.now());
  }

  close(): void {
    this.#closed = true;
    this.#start = undefined;
    this.#ignoreChanges();
    this.#alone?.close();
    clearTimeout(this.#timer);
  }

  #healthChanged(): void {
    this.#askAt = -Infinity;
    if (!this.#state.health.down && this.#alone) {
      this.#alone.close();
      this.#alone = undefined;
      this.#aloneAsked = false;
    }
    this.#goOn();
  }

  /** While Redis is neither up nor down, who waits waits on. */
  #goOn(): void {
    if (!this.#start || this.#closed) return;
    const { health } = this.#state;
    if (health.down) this.#goAlone();
    else if (health.up && !this.#asking && performance.now() >= this.#askAt) health.inBackground(this.#ask());
  }

  #goAlone(): void {
    if (this.#aloneAsked) return;
    clearTimeout(this.#timer);
    this.#alone ??= createSharePace(this.#windows, this.#state.share, this.#requests);
    this.#aloneAsked = true;
    this.#alone.next(this.#startAlone);
  }

  readonly #startAlone: Start = (progress) => {
    this.#aloneAsked = false;
    const went = this.#take(progress);
    if (went) this.#state.startedAlone();
    return went !== false;
  };

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    const chosen = this.#use.choose(AT_ONCE);
    if (chosen.length === 0) return this.#takeOne();
    this.#asking = true;
    const bookings = chosen.map(({ claim }) => ({ ticket: this.#state.own.name(), claim }));
    const reply = await this.#state.book(bookings).finally(() => (this.#asking = false));
    if (reply) this.#heed(reply, chosen, bookings);
    else this.#goOn();
  }

  #heed({ verdicts, waitMs }: Decision, chosen: readonly Chosen[], bookings: readonly Booking[]): void {
    for (const [i, verdict] of verdicts.entries()) {
      const [one, booking] = [chosen[i] as Chosen, bookings[i] as Booking];
      if (verdict === 'go') this.#go(one, booking);
      else if (this.#closed) return;
      else if (verdict === 'elsewhere') {
        this.#start = undefined;
        one.elsewhere();
      } else if (verdict === 'wait') this.#askLater(waitMs);
      // Held up or spent. The scheduler has been told; if it sees that otherwise, by a wrong clock perhaps, it doesn't decide.
      else if (this.#use.held()) this.#takeOne();
      else this.#askLater(ASK_AGAIN_MS);
    }
  }

  #go({ start }: Chosen, booking: Booking): void {
    this.#start = undefined;
    if (this.#closed) return this.#state.giveBack(booking);
    const request = new BookedRequest(this.#state, booking.ticket, this.#windows);
    const went = start(request);
    if (went === false) return this.#state.giveBack(booking);
    this.#state.started(booking);
    request.started();
    if (went !== true) inBackground(went.then(() => request.ended()));
  }

  #askLater(ms: number): void {
    this.#askAt = performance.now() + ms;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#askAt = -Infinity;
      this.#goOn();
    }, Math.ceil(ms));
  }

  /** The scheduler sees to its end. */
  #takeOne(): void {
    const went = this.#take();
    if (went instanceof Promise) inBackground(went);
  }

  #take(...progress: Parameters<Start>): ReturnType<Start> {
    const start = this.#start;
    this.#start = undefined;
    return start ? start(...progress) : false;
  }
}
