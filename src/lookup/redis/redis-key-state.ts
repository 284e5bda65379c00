import type { QuotaFigures } from '../../api/quota-figures';
import type { HoldRecord } from '../key-hold';
import type { Claim, KeyState, KeyUse, ReportOrigin, SharedReports, SharingProblem } from '../key-state';
import type { Pace } from '../pace';
import type { QuotaCounts } from '../quota-count';
import type { Reservations } from '../reservations';
import { longestWayMs, type SlidingWindow } from '../sliding-window';
import type { RedisAddress } from './address';
import { Attendance } from './attendance';
import { Claims, LEASE_MS, RedisClaim } from './claims';
import { RedisHealth } from './health';
import { KeyNames } from './key-names';
import { KnownHold } from './known-hold';
import { Limits } from './limits';
import { OwnUse, type Share } from './own-use';
import { RedisPace } from './redis-pace';
import { ReportSeal } from './report-seal';
import { RedisReports } from './redis-reports';
import type { Decision, Reply } from './reply';
import { SCRIPTS } from './scripts';
import { UnexpectedReplyError } from './unexpected-reply';
import { UntoldHold } from './untold-hold';
import { inBackground } from '../in-background';

/** Requests are kept for this at least, in ms: another instance may come that limits by a longer time than this one. */
const KEEP_MS = 60_000;

/** A request that may be started by the name of its ticket. */
export interface Booking {
  ticket: string;
  claim: Claim | undefined;
}

/** A key's state in Redis, for any number of instances. */
export class RedisKeyState implements KeyState {
  readonly shared = true;
  readonly health: RedisHealth;
  readonly own: OwnUse;
  readonly #names: KeyNames;
  readonly #attendance: Attendance;
  readonly #claims: Claims;
  readonly #limits: Limits;
  readonly #seal: ReportSeal;
  readonly #hold = new UntoldHold();
  readonly #known = new KnownHold();
  readonly #listeners = new Set<() => void>();
  readonly #reports = new Map<string, RedisReports>();
  /** Bookings that Redis may have made, although it didn't say so. */
  #unsure: Booking[] = [];
  readonly #closed: () => void;
  #users = 0;
  #left = false;
  #use: KeyUse | undefined;
  #windows: readonly SlidingWindow[] = [];
  #windowMs = 1;

  /**
   * @param own what an earlier state of this key in this Redis knew
   * @param closed called when its last user is done with it
   */
  constructor(apiKey: string, address: RedisAddress, own = new OwnUse(), closed = (): void => undefined) {
    this.own = own;
    this.#closed = closed;
    this.#names = new KeyNames(apiKey);
    this.#seal = new ReportSeal(apiKey);
    this.health = new RedisHealth(address, SCRIPTS, this.#names, {
      greet: () => this.health.inBackground(this.#meet()),
      changed: () => this.#changed(),
      heard: (word) => this.#reports.forEach((reports) => reports.hear(word)),
    });
    this.#claims = new Claims(own, this.health);
    this.#limits = new Limits(this.health, this.#names, own.me);
    this.#attendance = new Attendance(this.health, this.#names, own, (reply, asked) =>
      this.#heed(reply, asked),
    );
  }

  get problem(): SharingProblem | null {
    const { trouble } = this.health;
    if (!trouble) return null;
    const { instances, place } = this.own.share;
    return { ...trouble, share: { instances, met: place !== undefined } };
  }

  get share(): Share {
    return this.own.share;
  }

  /** @returns a function that ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  createPace(windows: readonly SlidingWindow[], requests: Reservations, use: KeyUse): Pace {
    this.#use = use;
    this.#windows = windows;
    this.#windowMs = Math.max(1, ...windows.map(({ windowMs }) => windowMs));
    this.own.keepFor(this.#keepMs);
    this.own.adopt(requests.since(this.#keepMs));
    this.#attendance.tellStarts();
    this.#limits.keepTo(windows);
    return new RedisPace(this, windows, requests, use);
  }

  get #keepMs(): number {
    return Math.max(this.#windowMs, KEEP_MS);
  }

  /**
   * Asks which of these requests may start, and books those: in one round trip what the limits, the counts, a hold and other instances
   * say to them. @returns undefined when Redis can't say
   */
  async book(bookings: readonly Booking[]): Promise<Decision | undefined> {
    const { epoch, starts, count, hold, called, trial, limits } = this.#names;
    const keys = [epoch, starts, count, hold, called, trial, limits];
    const about: string[] = [];
    for (const { ticket, claim } of bookings) {
      const ours = claim instanceof RedisClaim ? claim : undefined;
      if (ours) keys.push(ours.claimName, ours.reportName);
      about.push(ticket, ours?.token ?? '', ours?.fresh ? '1' : '');
    }
    const { daily, monthly } = this.#use?.allowances() ?? { daily: 0, monthly: 0 };
    const windows = this.#windows;
    const limited = [windows.length, ...windows.flatMap((window) => [window.count, window.windowMs])];
    for (let tries = 0; tries < 2 && this.health.up; tries++) {
      const asked = performance.now();
      const arrival = [longestWayMs(windows), this.#keepMs];
      const reply = await this.health.ask('vtStart', keys, [
        ...[this.own.me, this.own.epoch, ...arrival, daily, monthly, LEASE_MS],
        ...limited,
        ...about,
      ]);
      if (reply === undefined) {
        this.#unsure.push(...bookings);
        return undefined;
      }
      if (reply.verdicts.length > bookings.length)
        throw new UnexpectedReplyError('vtStart', `${bookings.length} decisions at most`, reply.verdicts);
      if (reply.what !== 'stale') {
        this.#heed(reply, asked);
        return reply;
      }
      await this.#meet();
    }
    return undefined;
  }

  /** A booked request has gone. */
  started({ ticket, claim }: Booking): void {
    this.own.add(ticket, performance.now() + longestWayMs(this.#windows));
    if (claim instanceof RedisClaim) this.#claims.hold(claim);
  }

  /** A request has gone without Redis. */
  startedAlone(): void {
    this.own.add(this.own.name(), performance.now() + longestWayMs(this.#windows));
    this.own.alone++;
  }

  /** A booked request did not go. */
  giveBack({ ticket, claim }: Booking): void {
    const { starts, count } = this.#names;
    const ours = claim instanceof RedisClaim ? claim : undefined;
    inBackground(
      this.health.ask(
        'vtGiveBack',
        [starts, count, ...(ours ? [ours.claimName] : [])],
        [ticket, ours?.token ?? ''],
      ),
    );
  }

  /** A booked request arrives within this many ms at the latest; a negative number: it arrived that long ago. */
  arrivesIn(ms: number, ticket: string): void {
    if (this.health.up) inBackground(this.health.ask('vtCountFromNow', [this.#names.starts], [ticket, ms]));
  }

  countsMerged(): void {
    this.#attendance.tellCounts();
  }

  correct(
    { daily, monthly }: Pick<QuotaFigures, 'daily' | 'monthly'>,
    open: number,
    before: QuotaCounts,
  ): void {
    if (!this.health.up) return;
    const used = [daily?.used ?? '', monthly?.used ?? ''];
    const args = [...used, open, before.dayUsed, before.monthUsed];
    inBackground(
      this.health
        .ask('vtCorrect', [this.#names.count], args)
        .then((reply) => reply && this.#agreeCounts(reply)),
    );
  }

  hold(hold: HoldRecord): void {
    this.#hold.begin(hold);
    this.#known.begin(hold, this.health.clock.now());
    this.#tellHold();
  }

  lift(kinds: readonly HoldRecord['kind'][]): void {
    this.#hold.lift(kinds);
    this.#known.lift(kinds);
    this.#tellHold();
  }

  reports(origin: ReportOrigin): SharedReports {
    const place = JSON.stringify(origin);
    let reports = this.#reports.get(place);
    if (!reports) {
      reports = new RedisReports(
        this.health,
        this.#names,
        this.#claims,
        this.#seal,
        () => performance.now() + this.own.share.clockOffset,
        origin,
      );
      this.#reports.set(place, reports);
    }
    return reports;
  }

  /** One more is to close it. @param instances how many share the key by that user's config */
  use(instances = 1): this {
    this.own.configured = this.#users > 0 ? Math.max(this.own.configured, instances) : instances;
    this.#users++;
    return this;
  }

  async close(): Promise<void> {
    if (--this.#users > 0) return;
    this.#closed();
    this.#left = true;
    this.#claims.close();
    for (const reports of this.#reports.values()) reports.close();
    // A script that Redis doesn't know yet takes two round trips: the connection has to stay for both.
    await Promise.all([this.#limits.leave(), this.#attendance.leave()]);
    await this.health.close();
  }

  async #meet(): Promise<void> {
    if (this.#left) return;
    const anew = await this.#attendance.meet(this.#use, this.#windowMs);
    if (!this.health.up) return;
    for (const booking of this.#unsure.splice(0)) this.giveBack(booking);
    if (anew) this.#claims.renew();
    this.#limits.renew(anew);
    this.#tellHold();
  }

  /** @param asked monotonic time: what this process learned since then isn't in the reply */
  #heed(reply: Reply, asked: number): void {
    this.#agreeCounts(reply);
    if (!this.#hold.agreedBefore(asked)) return;
    const forgotten = this.#known.forgotten(reply);
    if (!forgotten) return this.#use?.agreeHold(reply.hold);
    this.#hold.begin(forgotten.hold, forgotten.ageMs);
    this.#tellHold();
  }

  #agreeCounts({ what, counts, rest }: Reply): void {
    // The scheduler counts the starts that were booked itself, when they go.
    const booked = what === 'decided' ? rest.filter((verdict) => verdict === 'go').length : 0;
    const more = this.own.alone - this.own.aloneCounted - booked;
    this.#use?.agreeCounts({ ...counts, dayUsed: counts.dayUsed + more, monthUsed: counts.monthUsed + more });
  }

  #tellHold(): void {
    if (!this.health.up) return;
    const { hold, trial } = this.#names;
    for (const [script, args] of this.#hold.take())
      inBackground(this.health.ask(script, [hold, trial], args));
  }

  #changed(): void {
    this.#use?.divideQuota(this.health.down ? this.own.share.instances : 1);
    for (const listener of this.#listeners) listener();
    this.#use?.changed();
  }
}
