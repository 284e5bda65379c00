import type { KeyUse } from '../key-state';
import type { RedisHealth } from './health';
import type { KeyNames } from './key-names';
import type { OwnStarts } from './own-starts';
import { readReply, type Reply } from './reply';

/** An instance that wasn't heard of for so long is gone, in ms. */
const GONE_MS = 5_000;

/** How many share the key, and which of them this is, so that they can keep out of each other's way when Redis is away. */
export interface Share {
  instances: number;
  /** 0 up to `instances`. */
  place: number;
  /** Redis's clock less the monotonic one, in ms: what all have in common. */
  clockOffset: number;
  /** Starts of all in the last window, when it was last known. */
  inWindow: number;
}

/**
 * This instance among those that share a key. It says that it is there; and, when Redis was away or has lost its memory, what it alone
 * knows: its last starts and its count.
 */
export class Attendance {
  readonly #me: string;
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #own: OwnStarts;
  readonly #heed: (reply: Reply, asked: number) => void;
  #epoch = '';
  #share: Share = { instances: 1, place: 0, clockOffset: 0, inWindow: 0 };
  #countsKnown = false;
  #meeting: Promise<void> | undefined;

  /** @param heed gets each answer, and when it was asked for, on the monotonic clock */
  constructor(
    me: string,
    health: RedisHealth,
    names: KeyNames,
    own: OwnStarts,
    heed: (reply: Reply, asked: number) => void,
  ) {
    this.#me = me;
    this.#health = health;
    this.#names = names;
    this.#own = own;
    this.#heed = heed;
  }

  /** Of the memory of Redis as this instance knows it. */
  get epoch(): string {
    return this.#epoch;
  }

  get share(): Share {
    return this.#share;
  }

  /** The count of this process holds more than Redis was told. */
  tellCounts(): void {
    this.#countsKnown = false;
  }

  /** One at a time. */
  meet(use: KeyUse | undefined, windowMs: number): Promise<void> {
    this.#meeting ??= this.#meet(use, windowMs).finally(() => (this.#meeting = undefined));
    return this.#meeting;
  }

  leave(): void {
    if (this.#health.up) void this.#health.ask('vtLeave', [this.#names.instances], [this.#me]);
  }

  async #meet(use: KeyUse | undefined, windowMs: number): Promise<void> {
    const { epoch, starts, count, hold, gap, instances } = this.#names;
    const keys = [epoch, starts, count, hold, gap, instances];
    let tellAll = !this.#health.up || this.#epoch === '';
    for (;;) {
      const asked = performance.now();
      const uncounted = this.#own.uncounted;
      const counts = tellAll || !this.#countsKnown ? use?.counts() : undefined;
      const raw = await this.#health.ask('vtMeet', keys, [
        ...[this.#me, GONE_MS, this.#epoch, this.#share.instances, windowMs],
        ...(counts
          ? [counts.day, counts.dayUsed - uncounted, counts.month, counts.monthUsed - uncounted]
          : ['', 0, '', 0]),
        uncounted,
        ...(tellAll ? this.#own.agesAndTickets() : []),
      ]);
      if (raw === undefined) return;
      const reply = readReply(raw);
      const [itsEpoch = '', ...numbers] = reply.rest;
      const [itsInstances, place, inWindow] = numbers.map(Number);
      this.#own.uncounted -= uncounted;
      if (counts) this.#countsKnown = true;
      this.#share = {
        instances: itsInstances || 1,
        place: place ?? 0,
        clockOffset: reply.now - performance.now(),
        inWindow: inWindow ?? 0,
      };
      const forgot = itsEpoch !== this.#epoch;
      this.#epoch = itsEpoch;
      if (forgot && !tellAll) {
        tellAll = true;
        continue;
      }
      this.#heed(reply, asked);
      this.#health.isWell();
      return;
    }
  }
}
