import { maxTransitMs, type Reservation, type SlidingWindow } from '../../limiter-backend';
import type { RedisLease } from './leases';

/** What is known of a request in Redis: its id in the windows of all instances, and its lease. */
export interface ReservedRequest {
  readonly id: string;
  readonly lease: RedisLease | undefined;
  /** 0 first .. 9 last. Default 5. */
  readonly priority?: number | undefined;
  /** The request starts while Redis is away; Redis receives it later. Default false. */
  readonly isOffline?: boolean;
}

/** Where reservations are kept. */
export interface ReservationStore {
  /** The request arrives within this many ms at the latest; a negative number: it arrived that long ago. */
  restamp(id: string, arrivesInMs: number): void;
  /** The request did not start. */
  cancel(reserved: ReservedRequest): void;
  /** A request starts while Redis is down. */
  recordOfflineStart(): ReservedRequest;
}

/**
 * A place in the windows of all instances. Redis has it as a request that is dispatched at once, and is told when more is known of its
 * arrival: that it has to wait for its connection, that it was answered, or that it ended without an answer. Of a request that starts while Redis
 * is away the same is kept, to be told when it is back.
 */
export class RedisReservation implements Reservation {
  readonly #store: Pick<ReservationStore, 'restamp' | 'cancel'>;
  readonly #reserved: ReservedRequest;
  /** The place in the log of this process, which counts while Redis is down. */
  readonly #local: Reservation;
  readonly #maxTransitMs: number;
  #dispatchedAt: number | undefined;
  #isArrivalKnown = false;
  /** Most requests are dispatched at once, which is what Redis assumes. */
  readonly #dispatchCheck: NodeJS.Immediate | undefined;
  #connecting: NodeJS.Timeout | undefined;

  constructor(
    store: Pick<ReservationStore, 'restamp' | 'cancel'>,
    reserved: ReservedRequest,
    windows: readonly SlidingWindow[],
    local: Reservation,
  ) {
    this.#store = store;
    this.#reserved = reserved;
    this.#local = local;
    this.#maxTransitMs = maxTransitMs(windows);
    if (this.#maxTransitMs === 0) return;
    const shortestMs = Math.min(...windows.map(({ windowMs }) => windowMs));
    this.#dispatchCheck = setImmediate(() => this.#keepConnecting(Math.max(100, shortestMs / 2)));
  }

  dispatched(): void {
    this.#local.dispatched();
    if (this.#dispatchedAt !== undefined) return;
    this.#dispatchedAt = performance.now();
    if (this.#connecting) this.#restamp(this.#maxTransitMs);
    this.#endTimers();
  }

  answered(): void {
    this.#local.answered();
    this.#dispatchedAt ??= performance.now();
    this.#settle(Math.min(0, this.#remainingMs));
  }

  ended(): void {
    this.#local.ended();
    // Without an answer it may still be on its way.
    if (this.#dispatchedAt !== undefined) this.#settle(this.#remainingMs);
    this.#endTimers();
  }

  cancel(): void {
    this.#local.cancel();
    this.#endTimers();
    this.#store.cancel(this.#reserved);
  }

  /** Until it has arrived at the latest. */
  get #remainingMs(): number {
    return this.#maxTransitMs - (performance.now() - (this.#dispatchedAt ?? performance.now()));
  }

  /** While it waits for its connection its arrival is moved on, so that its place in the windows stays its own. */
  #keepConnecting(intervalMs: number): void {
    this.#connecting = setInterval(() => this.#restamp(this.#maxTransitMs), intervalMs).unref();
  }

  #endTimers(): void {
    clearImmediate(this.#dispatchCheck);
    clearInterval(this.#connecting);
  }

  #settle(arrivesInMs: number): void {
    this.#endTimers();
    if (this.#isArrivalKnown) return;
    this.#isArrivalKnown = true;
    this.#restamp(arrivesInMs);
  }

  #restamp(arrivesInMs: number): void {
    if (this.#maxTransitMs > 0) this.#store.restamp(this.#reserved.id, arrivesInMs);
  }
}
