import { approximateSize } from './approximate-size';
import { indicatorKey, lookupKey, type Arrival } from './arrival';
import { IncidentGroup, type Collected } from './incident-group';

/** Time as the groups see it: a monotonic clock in ms, and its timers. */
export interface Clock {
  now(): number;
  /** @returns what stops the timer */
  after(ms: number, action: () => void): () => void;
}

/** Why a group has ended. */
export type EndReason = 'complete' | 'told' | 'timeout' | 'full';

/** The limits of open groups. */
export interface GroupLimits {
  /** From the last result until an incomplete group ends, in ms; 0: never. */
  timeoutMs: number;
  /** Open groups. */
  maxGroups: number;
  /** About how much memory all open groups may take. */
  maxBytes: number;
}

/** The owner of groups: a node, or the one that takes over from it. */
export interface GroupOwner<First> {
  readonly limits: GroupLimits;
  /** A group has ended: what it has collected goes out in the name of the message that came first. */
  ended(first: First, collected: Collected, why: EndReason): void;
  /** The groups whose lookups still wait for their turn, so that the time without a result says nothing. */
  queuedGroups(): ReadonlySet<string>;
}

/** What became of a result. */
export type Outcome = 'opened' | 'added' | 'duplicate' | 'late';

/** Of a group that has ended, to tell a late result from the first one of a new group. */
interface Ended {
  /** By lookup, of which indicators; empty where the id can't come again. */
  indicators: Map<string, string>;
  isUnique: boolean;
  complete: boolean;
}

/** How many groups that have ended are known by their id. */
const REMEMBERED = 2000;

const CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Puts the results of lookups together by incident. A group is *open* from its first result until it *ends*, in one of four ways: all
 * results are there, a message says so, none came for the time of the limit, or there are too many open groups, of which the oldest
 * goes. From then on it is *known* by its id: what still comes is late, and makes no second incident. A result without a group ends
 * at once. The same lookup counts once, whether its group is open or known.
 *
 * Of a retry the VirusTotal node makes a group of one within the group of the lookup that failed: it counts for that one while it waits.
 *
 * The groups outlive the node that has them: between `detach` and `attach` nothing ends, and time goes on.
 */
export class IncidentGroups<First> {
  readonly #clock: Clock;
  /** In the order in which they were opened. */
  readonly #open = new Map<string, IncidentGroup<First>>();
  /** In the order of their last results. */
  readonly #byWait = new Set<IncidentGroup<First>>();
  readonly #known = new Map<string, Ended>();
  #owner: GroupOwner<First> | undefined;
  #stopTimer: (() => void) | undefined;
  #bytes = 0;

  constructor(clock: Clock = CLOCK) {
    this.#clock = clock;
  }

  /** How many groups are open, and how many results they have and wait for. */
  get progress(): { groups: number; arrived: number; expected: number } {
    let arrived = 0;
    let expected = 0;
    for (const group of this.#open.values()) {
      arrived += group.arrived;
      expected += group.expected ?? group.arrived + 1;
    }
    return { groups: this.#open.size, arrived, expected };
  }

  attach(owner: GroupOwner<First>): void {
    this.#owner = owner;
    this.#stop();
    this.#watch();
  }

  /** No node owns the groups: no timer runs. */
  detach(): void {
    this.#owner = undefined;
    this.#stop();
  }

  /** Whether a group is open that still lacks a verdict in this place. */
  lacks(id: string, index: number): boolean {
    return this.#open.get(id)?.lacks(index) ?? false;
  }

  /** @param first stands for the message of this result, should it be the first of its group */
  add(arrival: Arrival & { group: NonNullable<Arrival['group']> }, first: First): Outcome {
    const { id, isUnique } = arrival.group;
    const past = this.#pastOutcome(arrival, id);
    if (past) return past;
    const { maxBytes } = this.#limits;
    const now = this.#clock.now();
    let group = this.#open.get(id);
    const isNew = !group;
    if (!group) {
      group = new IncidentGroup(id, isUnique, { first, now, bytes: approximateSize(first, maxBytes) });
      this.#known.delete(id);
      this.#open.set(id, group);
      this.#bytes += group.bytes;
    }
    const before = group.bytes;
    if (!group.add(arrival, now, maxBytes)) return 'duplicate';
    this.#bytes += group.bytes - before;
    this.#byWait.delete(group);
    this.#byWait.add(group);
    if (group.isComplete) this.#end(group, 'complete');
    else if (arrival.endsGroup) this.#end(group, 'told');
    else this.#keepLimits();
    this.#watch();
    return isNew ? 'opened' : 'added';
  }

  /** Ends a group, or all, although results are missing. */
  complete(id?: string): void {
    for (const group of this.#chosen(id)) this.#end(group, group.isComplete ? 'complete' : 'told');
  }

  /** Forgets a group, or all, and gives what they have collected: they are not sent. What still comes for them is late. */
  drop(id?: string): { first: First; collected: Collected }[] {
    return this.#chosen(id).map((group) => {
      this.#remove(group);
      return { first: group.first, collected: group.collected(false) };
    });
  }

  /** What each open group has collected so far. */
  peek(): { first: First; collected: Collected }[] {
    return [...this.#open.values()].map((group) => ({
      first: group.first,
      collected: group.collected(false),
    }));
  }

  get #limits(): GroupLimits {
    return this.#owner?.limits ?? { timeoutMs: 0, maxGroups: Infinity, maxBytes: Infinity };
  }

  #chosen(id: string | undefined): IncidentGroup<First>[] {
    const open = [...this.#open.values()];
    return id === undefined ? open : open.filter((group) => group.id === id);
  }

  /** What a result is to a group that has ended; undefined when it belongs to an open or a new one. */
  #pastOutcome(arrival: Arrival, id: string): Outcome | undefined {
    const known = this.#open.has(id) ? undefined : this.#known.get(id);
    if (!known) return undefined;
    if (known.isUnique) return known.complete ? 'duplicate' : 'late';
    const key = lookupKey(arrival);
    const indicators = known.indicators.get(key);
    if (indicators === indicatorKey(arrival)) return 'duplicate';
    // An id of the user's own flow may come again for the next batch.
    if (indicators !== undefined || known.complete) return undefined;
    known.indicators.set(key, indicatorKey(arrival));
    return 'late';
  }

  #keepLimits(): void {
    const { maxGroups, maxBytes } = this.#limits;
    while (this.#open.size > maxGroups || this.#bytes > maxBytes) {
      const [oldest] = this.#open.values();
      if (!oldest) return;
      this.#end(oldest, 'full');
    }
  }

  #end(group: IncidentGroup<First>, why: EndReason): void {
    this.#remove(group);
    this.#owner?.ended(group.first, group.collected(group.isComplete), why);
  }

  #remove(group: IncidentGroup<First>): void {
    const { id, isUnique, isComplete } = group;
    this.#open.delete(id);
    this.#byWait.delete(group);
    this.#bytes -= group.bytes;
    const indicators = isUnique ? new Map<string, string>() : group.indicators();
    this.#known.set(id, { indicators, isUnique, complete: isComplete });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
  }

  /** One timer for all: for the group that has waited longest. */
  #watch(): void {
    const { timeoutMs } = this.#limits;
    const [next] = this.#byWait;
    if (!next || timeoutMs === 0) return this.#stop();
    if (this.#stopTimer) return;
    const ms = Math.max(1, Math.ceil(next.waitsSince + timeoutMs - this.#clock.now()));
    this.#stopTimer = this.#clock.after(ms, () => {
      this.#stopTimer = undefined;
      this.#endOverdue(timeoutMs);
      this.#watch();
    });
  }

  #endOverdue(timeoutMs: number): void {
    const now = this.#clock.now();
    const queued = this.#owner?.queuedGroups();
    for (const group of [...this.#byWait]) {
      if (group.waitsSince + timeoutMs > now) return;
      if (!queued?.has(group.id)) {
        this.#end(group, 'timeout');
        continue;
      }
      group.keepWaiting(now);
      this.#byWait.delete(group);
      this.#byWait.add(group);
    }
  }

  #stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
