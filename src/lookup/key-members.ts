import type { QuotaFigures } from '../api/quota-figures';
import type { KeyState } from './key-state';
import { memoryState } from './memory-state';
import type { QuotaLimits, QuotaStore, StoredCounts } from './quota-count';
import type { RestartRecord } from './restart-record';
import {
  longestWayMs,
  slidingWindowOf,
  withoutImplied,
  type PaceLimit,
  type SlidingWindow,
} from './sliding-window';

/** A service that uses the key, and how its user wants the key treated. */
export interface Member {
  limit: PaceLimit;
  quota: QuotaLimits;
  timeScale: number;
  store: QuotaStore | undefined;
  restart: RestartRecord | undefined;
  /** What is shared with other instances, and how. */
  state: KeyState;
  /** Asks VirusTotal what is left; undefined when it doesn't say. Costs no quota. */
  figures(): Promise<QuotaFigures | undefined>;
  /** Waiting, problem or counts changed. */
  changed(): void;
  /** It asks for nothing yet: what waits keeps its place. */
  suspended?: boolean;
}

/** For how long the quota of one who left still holds for the others, in ms. */
const QUOTA_HOLDS_MS = 60_000;

/** What one who left wished, and until when, on the monotonic clock. */
interface Departed<T> {
  wish: T;
  until: number;
}

/**
 * The services that share one key. It is one key: all they wish holds. A deploy takes services away and brings them back a little later,
 * all of them perhaps: until its window is over, the limit of one that left holds for those who stay or come.
 */
export class KeyMembers {
  readonly #members = new Set<Member>();
  readonly #changed: () => void;
  #windows: Departed<SlidingWindow>[] = [];
  /** Only while others stayed: a quota that was raised is to be had at once. */
  #quotas: Departed<QuotaLimits>[] = [];
  #timeScale = 1;
  #timer: NodeJS.Timeout | undefined;

  /** @param changed called when a wish no longer holds, unless nobody is left to hear of it */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Somebody may ask: not so while a deploy takes the services away and brings them back. */
  get active(): boolean {
    for (const { suspended } of this.#members) if (!suspended) return true;
    return false;
  }

  get timeScale(): number {
    return this.#timeScale;
  }

  /** All of them hold; none: no limit. */
  get windows(): SlidingWindow[] {
    const now = performance.now();
    const wishes = [...this.#members].map(({ limit }) => slidingWindowOf(limit));
    const departed = this.#windows.filter(({ until }) => until > now).map(({ wish }) => wish);
    return withoutImplied([...wishes.filter((window) => window !== undefined), ...departed]);
  }

  get quota(): QuotaLimits {
    const now = performance.now();
    const departed = this.#quotas.filter(({ until }) => until > now).map(({ wish }) => wish);
    const quotas = [...[...this.#members].map(({ quota }) => quota), ...departed];
    return {
      daily: lowestAllowance(quotas.map(({ daily }) => daily)),
      monthly: lowestAllowance(quotas.map(({ monthly }) => monthly)),
    };
  }

  /** One that more than this process uses knows more. */
  get state(): KeyState {
    const states = [...this.#members].map(({ state }) => state);
    return states.find(({ shared }) => shared) ?? states[0] ?? memoryState;
  }

  add(member: Member): void {
    this.#members.add(member);
    this.#timeScale = member.timeScale;
    this.#awaitNextEnd();
  }

  delete(member: Member): void {
    this.#members.delete(member);
    const now = performance.now();
    const window = slidingWindowOf(member.limit);
    // What left under it may arrive a little later.
    if (window) this.#windows.push({ wish: window, until: now + window.windowMs + longestWayMs([window]) });
    if (this.#members.size === 0) this.#quotas = [];
    else this.#quotas.push({ wish: member.quota, until: now + QUOTA_HOLDS_MS * this.#timeScale });
    this.#awaitNextEnd();
  }

  /** While nobody has the key there is nobody to tell. */
  #awaitNextEnd(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#windows = this.#windows.filter(({ until }) => until > now);
    this.#quotas = this.#quotas.filter(({ until }) => until > now);
    const ends = [...this.#windows, ...this.#quotas].map(({ until }) => until);
    if (ends.length === 0 || this.#members.size === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#awaitNextEnd();
        this.#changed();
      },
      Math.ceil(Math.min(...ends) - now),
    ).unref();
  }

  /** @param counts for a store that takes so long, in ms, until what it gets outlives a process that is killed */
  save(counts: (delayMs: number) => StoredCounts): void {
    for (const { store } of this.#members) store?.save(counts(store.delayMs ?? 0));
  }

  changed(): void {
    for (const member of this.#members) member.changed();
  }

  /** What VirusTotal says to the first member who is told anything: those of API v2 are not. */
  async figures(): Promise<QuotaFigures | undefined> {
    for (const member of [...this.#members]) {
      const figures = await member.figures();
      if (figures) return figures;
    }
    return undefined;
  }
}

function lowestAllowance(allowances: number[]): number {
  const counted = allowances.filter((allowed) => allowed > 0);
  return counted.length === 0 ? 0 : Math.min(...counted);
}
