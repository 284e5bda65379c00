import { type Answer, invalidArgument, v3Error } from './v3-errors';

/** The most items of a page. */
const MOST = 40;
const DEFAULT_LIMIT = 10;

/** A part of a list, and where the next one starts. */
export interface Page<T> {
  items: readonly T[];
  /** Undefined on the last page. */
  cursor: string | undefined;
}

/**
 * The page that `limit` and `cursor` ask for. `list` names the list that the cursor belongs to. A cursor stands before an item and not at a
 * number, by `idOf`, so that items that are new at the front repeat nothing.
 */
export function pageOf<T>(
  all: readonly T[],
  query: URLSearchParams,
  list: string,
  idOf: (item: T) => string,
): Page<T> | Answer {
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    return invalidArgument(`The limit must be a whole number from 1 to ${MOST}`);
  const cursor = query.get('cursor');
  const start = cursor === null ? 0 : all.findIndex((item) => cursorOf(list, idOf(item)) === cursor);
  if (start < 0) return v3Error(400, 'BadRequestError', 'Invalid cursor');
  const next = all[start + limit];
  return {
    items: all.slice(start, start + limit),
    cursor: next === undefined ? undefined : cursorOf(list, idOf(next)),
  };
}

/** `meta` and `links` of a list. The last page has neither a cursor nor a next link. */
export function pageFields(
  self: string,
  { cursor }: Page<unknown>,
  query: URLSearchParams,
  count?: number,
): object {
  const next = new URLSearchParams({
    cursor: cursor ?? '',
    limit: query.get('limit') ?? String(DEFAULT_LIMIT),
  });
  const filter = query.get('filter');
  if (filter !== null) next.set('filter', filter);
  return {
    meta: { ...(count === undefined ? {} : { count }), ...(cursor === undefined ? {} : { cursor }) },
    links: { self, ...(cursor === undefined ? {} : { next: `${self}?${next.toString()}` }) },
  };
}

function cursorOf(list: string, id: string): string {
  return Buffer.from(JSON.stringify([list, id])).toString('base64url');
}
