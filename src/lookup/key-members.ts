import type { QuotaFigures } from '../api/quota-figures';
import type { KeyState } from './key-state';
import { memoryState } from './memory-state';
import { stricter, type PaceLimit } from './pace';
import type { QuotaLimits, QuotaStore, StoredCounts } from './quota-count';

/** A service that uses the key, and how its user wants the key treated. */
export interface Member {
  limit: PaceLimit;
  quota: QuotaLimits;
  timeScale: number;
  store: QuotaStore | undefined;
  /** What is shared with other instances, and how. */
  state: KeyState;
  /** Asks VirusTotal what is left; undefined when it doesn't say. Costs no quota. */
  figures(): Promise<QuotaFigures | undefined>;
  /** Waiting, problem or counts changed. */
  changed(): void;
}

type Wish = Pick<Member, 'limit' | 'quota'>;

/** For how long the wish of one who left still holds for the others, in ms: no minute has more starts than it allowed. */
const PARTING_MS = 60_000;

/**
 * The services that share one key. It is one key: of what they wish the strictest holds. A deploy takes services away and brings them
 * back a little later; a looser one that stays must not use the moment.
 */
export class KeyMembers {
  readonly #members = new Set<Member>();
  /** What those who left wish, while others stayed. */
  readonly #departed = new Set<Wish>();
  #timeScale = 1;

  get size(): number {
    return this.#members.size;
  }

  get timeScale(): number {
    return this.#timeScale;
  }

  get limit(): PaceLimit {
    return this.#wishes.map(({ limit }) => limit).reduce<PaceLimit>(stricter, { mode: 'none' });
  }

  get quota(): QuotaLimits {
    const quotas = this.#wishes.map(({ quota }) => quota);
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
  }

  /** @param forgotten called when its wish no longer holds, unless nobody is left before */
  delete(member: Member, forgotten: () => void): void {
    this.#members.delete(member);
    if (this.#members.size === 0) return this.#departed.clear();
    const { limit, quota } = member;
    const wish = { limit, quota };
    this.#departed.add(wish);
    const forget = (): void => {
      if (this.#departed.delete(wish)) forgotten();
    };
    setTimeout(forget, PARTING_MS * this.#timeScale).unref();
  }

  get #wishes(): Wish[] {
    return [...this.#members, ...this.#departed];
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
