import { indicatorName } from './indicator-lines';
import { readStored, type StoredWatch, type VerdictChange } from './watched';

/** This number of changes is sent before its time. */
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

/** The changes that wait to be sent together, once a day. */
export class Digest {
  readonly #time: DayTime;
  #since: number;
  #changes: VerdictChange[];

  /** @param stored what `stored` gave before, or anything else */
  constructor(stored: unknown, time: DayTime) {
    this.#time = time;
    const { since, changes } = readStored(stored).digest;
    this.#since = since;
    this.#changes = changes;
  }

  add(change: VerdictChange, now: number): void {
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

  /** Takes all changes out. */
  take(): VerdictChange[] {
    return this.#changes.splice(0);
  }

  get stored(): StoredWatch['digest'] {
    return { since: this.#since, changes: [...this.#changes] };
  }
}

/** The last change of each indicator, in the order of these. */
export function lastChanges(changes: readonly VerdictChange[]): VerdictChange[] {
  const last = new Map<string, VerdictChange>();
  for (const change of changes) {
    const name = indicatorName(change.indicator);
    last.delete(name);
    last.set(name, change);
  }
  return [...last.values()];
}
