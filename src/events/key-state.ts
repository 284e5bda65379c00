import type { Happened } from './event';

/** What a service says of its key, as far as events tell of it: a part of `ServiceStats`. */
export interface KeyState {
  /** Milliseconds until the next request may start. */
  nextStartMs: number;
  problem: { code: string; text: string; reason: 'rate' | 'day' | 'month' | 'quota' | 'key' } | null;
  sharingProblem: { code: string; text: string } | null;
  quota: Record<'day' | 'month', { used: number; allowed: number }>;
}

type Period = 'day' | 'month';
/** 0: below 80 %. */
type Level = 0 | 80 | 95 | 100;

const PERIODS: readonly Period[] = ['day', 'month'];

/**
 * Tells from one state of a key to the next what has happened: a pause or a refusal of the key begins or ends, a quota passes 80 % and 95 %,
 * is used up or has been reset, Redis goes away or comes back. The state before the first is that of a key without trouble; of its quota, the
 * part that was used already is no news.
 */
export class KeyStateEvents {
  #reason: NonNullable<KeyState['problem']>['reason'] | undefined;
  #isAway = false;
  readonly #levels: Record<Period, Level>;

  constructor({ quota }: Pick<KeyState, 'quota'>) {
    this.#levels = { day: levelOf(quota.day), month: levelOf(quota.month) };
  }

  /** What has happened since the last call. */
  next(state: KeyState): Happened[] {
    return [...this.#quota(state), ...this.#problem(state), ...this.#sharing(state)];
  }

  /** Once for each threshold: of two that are passed at once, the higher one. */
  #quota({ quota }: KeyState): Happened[] {
    return PERIODS.flatMap((period): Happened[] => {
      const { used, allowed } = quota[period];
      const before = this.#levels[period];
      const level = (this.#levels[period] = levelOf(quota[period]));
      const fields = { period, used, allowed };
      if (level > before)
        return [{ event: level === 100 ? 'quota-spent' : level === 95 ? 'quota-95' : 'quota-80', fields }];
      // VirusTotal's own figures may correct a count by a little; less than the lowest threshold is another day.
      return level === 0 && before > 0 ? [{ event: 'quota-reset', fields }] : [];
    });
  }

  #problem({ problem, nextStartMs }: KeyState): Happened[] {
    const before = this.#reason;
    const now = problem?.reason;
    this.#reason = now;
    if (now === before) return [];
    const happened: Happened[] = [];
    if (isPause(before) && !isPause(now)) happened.push({ event: 'pause-end', fields: {} });
    if (before === 'key') happened.push({ event: 'key-accepted', fields: {} });
    if (!problem) return happened;
    const fields = { code: problem.code, message: problem.text };
    if (now === 'key') happened.push({ event: 'key-refused', fields });
    else if (isPause(now) && !isPause(before))
      happened.push({ event: 'pause-start', fields: { ...fields, seconds: Math.ceil(nextStartMs / 1000) } });
    return happened;
  }

  #sharing({ sharingProblem }: KeyState): Happened[] {
    const isAway = sharingProblem !== null;
    if (isAway === this.#isAway) return [];
    this.#isAway = isAway;
    return sharingProblem
      ? [{ event: 'redis-away', fields: { code: sharingProblem.code, message: sharingProblem.text } }]
      : [{ event: 'redis-back', fields: {} }];
  }
}

/** VirusTotal asks to wait; an own count that is used up is a matter of the quota. */
function isPause(reason: NonNullable<KeyState['problem']>['reason'] | undefined): boolean {
  return reason === 'rate' || reason === 'quota';
}

function levelOf({ used, allowed }: { used: number; allowed: number }): Level {
  if (!(allowed > 0)) return 0;
  const percent = (used / allowed) * 100;
  return percent >= 100 ? 100 : percent >= 95 ? 95 : percent >= 80 ? 80 : 0;
}
