import { isObject } from '../report/narrow';

/** How far a stream was read, as JSON. Dates are in seconds since 1970. */
export interface StoredStream {
  /** Another filter gets a baseline of its own. */
  filter: string;
  hasBaseline: boolean;
  /** Date of the newest notification that was seen. */
  newest: number;
  /** What is older was seen or belongs to the baseline. */
  floor: number;
  /** Where this check, or the next one, starts. */
  from: number;
  /** Where this check goes on; absent: at its start. */
  cursor?: string | undefined;
  /** Date of the newest whose id had no room in `seen`; 0: none. */
  forgotten: number;
  /** Ids and dates of what was seen since `floor`. */
  seen: [id: string, date: number][];
}

/** Reads what was stored for this filter; anything else counts as nothing. */
export function readStoredStream(stored: unknown, filter: string): StoredStream {
  const none = { filter, hasBaseline: false, newest: 0, floor: 0, from: 0, forgotten: 0, seen: [] };
  if (!isObject(stored) || stored.filter !== filter || stored.hasBaseline !== true) return none;
  const { newest, floor, from, cursor, forgotten, seen } = stored;
  if (!isSecond(newest) || !isSecond(floor) || !isSecond(from)) return none;
  return {
    ...{ filter, hasBaseline: true, newest, floor, from },
    ...(typeof cursor === 'string' ? { cursor } : {}),
    forgotten: isSecond(forgotten) ? forgotten : 0,
    seen: (Array.isArray(seen) ? (seen as unknown[]) : []).flatMap((entry): [string, number][] => {
      const [id, date] = Array.isArray(entry) ? (entry as unknown[]) : [];
      return typeof id === 'string' && isSecond(date) ? [[id, date]] : [];
    }),
  };
}

/** A second that a date can be made of. */
function isSecond(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8_640_000_000_000;
}
