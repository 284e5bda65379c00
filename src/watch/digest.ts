import { indicatorName } from './indicator-lines';
import { readStored, type DigestEntry, type StoredWatch } from './watched';

/** This number of entries is sent before its time. */
const MAX_CHANGES = 1000;

/** A time of the day, by the clock of the server. */
export interface DayTime {
  hours: number;
  minutes: number;
}

/** Reads "HH:MM". @returns undefined for anything else */
export function readDayTime(text: string): DayTime | undefined {
  const [, hours, minutes] = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(text) ?? [];
  return hours === undefined ? undefined : { hours: Number(hours), minutes: Number(minutes) };
}

/** The changes and notifications that wait to be sent together, once a day. */
export class Digest {
  readonly #time: DayTime;
  #since: number;
  #changes: DigestEntry[];

  /** @param stored what `stored` gave before, or anything else */
  constructor(stored: unknown, time: DayTime) {
    this.#time = time;
    const { since, changes } = readStored(stored).digest;
    this.#since = since;
    this.#changes = changes;
  }

  add(change: DigestEntry, now: number): void {
    if (this.#changes.length === 0) this.#since = now;
    this.#changes.push(change);
  }

  /** When it is to be sent, in ms since 1970: at the next such time after its first change. Infinity: there is nothing to send. */
  get dueAt(): number {
    if (this.#changes.length === 0) return Infinity;
    if (this.#changes.length >= MAX_CHANGES) return this.#since;
    const { hours, minutes } = this.#time;
    const at = new Date(this.#since);
    at.setHours(hours, minutes, 0, 0);
    if (at.getTime() <= this.#since) at.setDate(at.getDate() + 1);
    return at.getTime();
  }

  /** Takes all out. */
  take(): DigestEntry[] {
    return this.#changes.splice(0);
  }

  get stored(): StoredWatch['digest'] {
    return { since: this.#since, changes: [...this.#changes] };
  }
}

/** The last entry of each indicator, in the order of these. */
export function lastEntries<T extends Pick<DigestEntry, 'indicator'>>(entries: readonly T[]): T[] {
  const last = new Map<string, T>();
  for (const entry of entries) {
    const name = indicatorName(entry.indicator);
    last.delete(name);
    last.set(name, entry);
  }
  return [...last.values()];
}
