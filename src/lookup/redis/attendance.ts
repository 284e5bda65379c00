import type { KeyUse } from '../key-state';
import type { RedisHealth } from './health';
import type { KeyNames } from './key-names';
import type { OwnUse } from './own-use';
import type { Reply } from './reply';
import { UnexpectedReplyError } from './unexpected-reply';

/** An instance that wasn't heard of for so long is gone, in ms. */
const GONE_MS = 5_000;
/**
 * When nobody was heard of for so long, in ms, Redis may have been away, and some may have gone alone: longer than a beat, shorter than
 * it takes until one goes alone.
 */
const SILENT_MS = 1_200;
/** In so many ms each that was away is back: it tries to connect every 1.2 s at least. */
const BACK_MS = 1_500;
/** It is over after two or three. */
const MOST_TIMES = 10;

/**
 * This instance among those that share a key. It says that it is there; and, when Redis was away or has lost its memory, what it alone
 * knows: its last starts and its count.
 */
export class Attendance {
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #own: OwnUse;
  readonly #heed: (reply: Reply, asked: number) => void;
  /** Redis was told of the starts and counts of this process. */
  #startsKnown = false;
  #countsKnown = false;
  #meeting: Promise<boolean> | undefined;

  /** @param heed gets each answer, and when it was asked for, on the monotonic clock */
  constructor(
    health: RedisHealth,
    names: KeyNames,
    own: OwnUse,
    heed: (reply: Reply, asked: number) => void,
  ) {
    this.#health = health;
    this.#names = names;
    this.#own = own;
    this.#heed = heed;
  }

  /** The count of this process holds more than Redis was told. */
  tellCounts(): void {
    this.#countsKnown = false;
  }

  tellStarts(): void {
    this.#startsKnown = false;
  }

  /** One at a time. @returns whether Redis was told all anew, as it had forgotten or was away */
  meet(use: KeyUse | undefined, windowMs: number): Promise<boolean> {
    this.#meeting ??= this.#meet(use, windowMs).finally(() => (this.#meeting = undefined));
    return this.#meeting;
  }

  async leave(): Promise<void> {
    const { instances, called } = this.#names;
    if (this.#health.up) await this.#health.ask('vtLeave', [instances, called], [this.#own.me]);
  }

  async #meet(use: KeyUse | undefined, windowMs: number): Promise<boolean> {
    const own = this.#own;
    const { epoch, starts, count, hold, called, instances } = this.#names;
    const keys = [epoch, starts, count, hold, called, instances, this.#names.alone(own.me)];
    let call = '';
    for (let times = 1; ; times++) {
      const asked = performance.now();
      const { alone } = own;
      const uncounted = alone - own.aloneCounted;
      const again = !this.#health.up || times > 1;
      const tellStarts = again || !this.#startsKnown;
      const counts = again || !this.#countsKnown ? use?.counts() : undefined;
      const reply = await this.#health.ask('vtMeet', keys, [
        ...[own.me, GONE_MS, SILENT_MS, BACK_MS, windowMs],
        ...[own.epoch, own.others.join(' '), call],
        ...(counts
          ? [counts.day, counts.dayUsed - uncounted, counts.month, counts.monthUsed - uncounted]
          : ['', 0, '', 0]),
        ...[alone, own.aloneCounted],
        ...(tellStarts ? own.agesAndTickets() : []),
      ]);
      if (reply === undefined) return false;
      const { epoch: itsEpoch, inWindow, present, call: itsCall } = reply;
      if (!present.includes(own.me))
        throw new UnexpectedReplyError('vtMeet', 'this instance among those that are there', present);
      own.aloneCounted = alone;
      const forgot = own.epoch !== '' && own.epoch !== itsEpoch;
      const there = own.meet(present, forgot, GONE_MS);
      own.met = {
        instances: there.length,
        place: there.indexOf(own.me),
        clockOffset: reply.now - performance.now(),
        inWindow,
      };
      own.epoch = itsEpoch;
      if (tellStarts) this.#startsKnown = true;
      if (counts) this.#countsKnown = true;
      // What was asked before this instance went alone, or before Redis forgot, doesn't tell of it; from now on it doesn't go alone.
      const untold = this.#health.down || (forgot && !again);
      if ((untold || itsCall !== '') && times < MOST_TIMES) {
        this.#health.answers();
        call = itsCall;
        continue;
      }
      this.#heed(reply, asked);
      this.#health.isWell();
      return again;
    }
  }
}
