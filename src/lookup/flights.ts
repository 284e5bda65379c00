import { VirusTotalError } from '../errors';
import type { Backend } from './backend';
import type { HasBackend } from './errands';
import { Flight, type Errand, type Tower } from './flight';
import type { IndicatorFilter } from '../ioc/indicator-filter';
import { ABANDONED } from './job';
import type { KeyScheduler } from './key-scheduler';
import { inSlices } from './slices';
import { Waiter, type Listener } from './waiter';
import { WaitingRoom } from './waiting-room';
import { inBackground } from './in-background';

export interface LookupOptions {
  /** 0 first .. 9 last. Default 5. */
  priority?: number | undefined;
  /** Ask VirusTotal although the report is cached. Joins a request that is under way. */
  refresh?: boolean | undefined;
  /** Stops waiting: the lookup ends with `VT_CLOSED`. A request that has gone out is not taken back. */
  signal?: AbortSignal | undefined;
  /**
   * Lookups of one message have the same: they take turns with other messages and are one message to `maxQueue`. An object of its
   * own, and not the message: the tables that a Map has outgrown point from old to new ones, and what is in them, with all that hangs
   * on it, outlives many garbage collections.
   */
  batch?: object | undefined;
  /** Whose lookup it is, for `drop`. */
  owner?: object | undefined;
}

interface QueueOptions {
  maxQueue: number;
  onQuota: 'fail' | 'wait';
}

const DEFAULT_PRIORITY = 5;

/**
 * The requests of one service that wait or are under way: one for all who ask for the same thing. They outlive a service that another
 * one takes over from.
 */
export class Flights implements HasBackend {
  readonly scheduler: KeyScheduler;
  backend: Backend;
  #onQuota: 'fail' | 'wait';
  readonly #flights = new Map<string, Flight<never>>();
  readonly #waitingRoom: WaitingRoom;
  readonly #tower: Tower = {
    sent: (batch) => this.#waitingRoom.sent(batch),
    back: (batch) => this.#waitingRoom.back(batch),
    over: (flight) => {
      if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
    },
  };
  #closed = false;

  constructor(scheduler: KeyScheduler, backend: Backend, options: QueueOptions) {
    this.scheduler = scheduler;
    this.backend = backend;
    this.#onQuota = options.onQuota;
    this.#waitingRoom = new WaitingRoom(options.maxQueue);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Lookups that wait or are under way. */
  get lookups(): number {
    return this.#waitingRoom.lookups;
  }

  /** Why a lookup of another message would be refused, if it would be: `VT_QUEUE_FULL`. */
  get refusal(): VirusTotalError | undefined {
    return this.#waitingRoom.refusal;
  }

  /** Like `request`, but returns the answer as a promise. */
  join<T>(errand: Errand<T>, options: LookupOptions): Promise<T> {
    return new Promise<T>((resolve, failed) =>
      this.request(errand, options, { answered: (answer: T) => resolve(answer), failed }),
    );
  }

  /** Joins the flight that is under way, or starts one. */
  request<T>(errand: Errand<T>, options: LookupOptions, listener: Listener<T>): void {
    try {
      this.#request(errand, options, listener);
    } catch (error) {
      queueMicrotask(() => listener.failed(error as VirusTotalError));
    }
  }

  #request<T>(errand: Errand<T>, options: LookupOptions, listener: Listener<T>): void {
    const { owner, signal } = options;
    if (this.#closed)
      throw new VirusTotalError(
        'VT_CLOSED',
        'Closed: the VirusTotal config is closed and takes no more lookups',
      );
    if (signal?.aborted)
      throw new VirusTotalError('VT_CLOSED', 'Dropped: the lookup was given up before it began');
    const batch = options.batch ?? {};
    const waiter = new Waiter<T>(this.#waitingRoom, { owner, batch }, listener);
    const priority = priorityOf(options.priority);
    const underWay = this.#flights.get(errand.key) as Flight<T> | undefined;
    const flight = underWay ?? this.#newFlight(errand, priority, batch);
    flight.waiters.add(waiter);
    if (signal) giveUpOn(signal, waiter, flight);
    if (!underWay) this.#begin(flight);
    else if (priority < flight.priority) this.scheduler.hasten(flight, priority);
  }

  /**
   * Another service goes on with all that waits, in the same order, by its own settings. What may not be sent by these ends with
   * `VT_INVALID_IOC`; what is under way comes back to those who wait for it.
   */
  moveTo(backend: Backend, filter: IndicatorFilter, { maxQueue, onQuota }: QueueOptions): void {
    this.backend = backend;
    this.#onQuota = onQuota;
    this.#waitingRoom.seats = maxQueue;
    for (const flight of this.#flights.values()) {
      flight.onQuota = onQuota;
      flight.move();
      if (flight.isUnderWay || !flight.errand.indicator) continue;
      try {
        filter.sendable(flight.errand.indicator);
      } catch (error) {
        flight.fail(error as VirusTotalError);
      }
    }
    this.scheduler.forgetAbandoned();
  }

  /** Messages that have lookups waiting or under way: of one owner, or of all. */
  messages(owner?: object): number {
    const batches = new Set<object>();
    for (const { waiters } of this.#flights.values())
      for (const waiter of waiters) if (!owner || waiter.owner === owner) batches.add(waiter.batch);
    return batches.size;
  }

  /** Ends what an owner has waiting; each lookup rejects with `VT_CLOSED`. @returns how many there were */
  async drop(owner: object, why: string): Promise<number> {
    const waiters: Waiter<never>[] = [];
    for (const flight of this.#flights.values()) {
      for (const waiter of flight.waiters) {
        if (waiter.owner !== owner) continue;
        flight.waiters.delete(waiter);
        waiters.push(waiter);
      }
    }
    this.scheduler.forgetAbandoned();
    await endAll(waiters, why);
    return waiters.length;
  }

  /** Ends everything that waits with `VT_CLOSED`, and takes no more. The scheduler is to be told that it is abandoned. */
  close(why: string): Promise<void> {
    this.#closed = true;
    const waiters: Waiter<never>[] = [];
    for (const flight of this.#flights.values()) {
      for (const waiter of flight.waiters) waiters.push(waiter);
      flight.waiters.clear();
    }
    this.#flights.clear();
    return endAll(waiters, why);
  }

  /** Another instance has got what was asked for. */
  heard(key: string): void {
    const flight = this.#flights.get(key);
    if (flight?.queued) inBackground(flight.look());
  }

  #newFlight<T>(errand: Errand<T>, priority: number, batch: object): Flight<T> {
    const flight = new Flight<T>(errand, { priority, batch, onQuota: this.#onQuota }, this.#tower);
    this.#flights.set(errand.key, flight as unknown as Flight<never>);
    return flight;
  }

  /** Another instance may have it already. */
  #begin<T>(flight: Flight<T>): void {
    const looking = flight.look();
    if (looking) inBackground(looking.then(() => this.#schedule(flight)));
    else this.#schedule(flight);
  }

  #schedule<T>(flight: Flight<T>): void {
    if (flight.abandoned) return flight.fail(ABANDONED);
    try {
      this.scheduler.add(flight);
    } catch (error) {
      flight.fail(error as VirusTotalError);
    }
  }
}

function endAll(waiters: Waiter<never>[], why: string): Promise<void> {
  // One error for all: each would take the stack anew.
  const error = new VirusTotalError('VT_CLOSED', why);
  return inSlices(waiters, (waiter) => waiter.reject(error));
}

/** Its place in the queue is passed over when its turn comes, unless somebody else has asked meanwhile. */
function giveUpOn<T>(signal: AbortSignal, waiter: Waiter<T>, flight: Flight<T>): void {
  const giveUp = () => {
    if (flight.waiters.delete(waiter))
      waiter.reject(new VirusTotalError('VT_CLOSED', 'Dropped: the lookup was given up while it waited'));
  };
  signal.addEventListener('abort', giveUp, { once: true });
  waiter.ended = () => signal.removeEventListener('abort', giveUp);
}

function priorityOf(wish: unknown): number {
  const priority = typeof wish === 'number' && Number.isFinite(wish) ? Math.round(wish) : DEFAULT_PRIORITY;
  return Math.min(9, Math.max(0, priority));
}
