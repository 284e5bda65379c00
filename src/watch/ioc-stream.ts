import type { VirusTotalError } from '../errors';
import type { StreamNotification, StreamPage } from './stream-page';
import { readStoredStream, type StoredStream } from './stored-stream';

/** Entries of a page: reports of files are large. */
const PAGE = 20;
/** Pages that one check reads; what is left is read by the next ones. */
export const MAX_PAGES = 10;
/** Notifications may come with a date that is this much older than the newest, in seconds. */
const OVERLAP_S = 300;
/** Ids that are kept, to tell what was seen. */
const MAX_SEEN = 5000;
/** Between two checks at least, in ms. */
const MIN_INTERVAL_MS = 5 * 60_000;
/** What one check in a quarter of the node's share comes to, in ms, is this divided by the share in requests. */
const QUARTER_OF_DAYS_MS = 4 * 86_400_000;
/** Until the next check after a failure, in ms; doubled with each in a row. */
const RETRY_MS = 15 * 60_000;
const MAX_RETRY_MS = 6 * 3_600_000;
/** No further check alone solves these. */
const LASTING: readonly string[] = ['VT_FORBIDDEN', 'VT_CONFIG', 'VT_REQUEST', 'VT_INVALID_IOC'];

/**
 * The IoC stream of a key, as far as it was read. The first check takes the newest notification for the baseline. Each later one reads on from
 * there, oldest first, page by page; it starts some minutes before the newest that was seen and passes over what it knows by its id.
 */
export class IocStream {
  readonly #filter: string;
  #stored: StoredStream;
  /** In the order in which they were seen, with their date in seconds. */
  readonly #seen: Map<string, number>;
  /** Pages that this check has read. */
  #pages = 0;
  /** Entries of a server that gives the newest first in spite of the order that is asked for. */
  #held: StreamNotification[] = [];
  #pageSize = PAGE;
  #dueAt = 0;
  #isAsked = false;
  #failures = 0;
  #problem: VirusTotalError | undefined;

  /**
   * @param stored what `stored` gave before, or anything else
   * @param filter as VirusTotal's documentation of `/ioc_stream` has it; `*`: everything
   */
  constructor(stored: unknown, filter: string) {
    this.#filter = wanted(filter);
    this.#stored = readStoredStream(stored, this.#filter);
    this.#seen = new Map(this.#stored.seen);
  }

  /** When the next page is to be read, in ms since 1970; in the past: now. */
  get dueAt(): number {
    return this.#isAsked ? 0 : this.#dueAt;
  }

  /** A message wants it to be read now, or once more after the page that is being read. */
  ask(): void {
    this.#isAsked = true;
  }

  /** Why the last check failed. */
  get problem(): VirusTotalError | undefined {
    return this.#problem;
  }

  /** Up to when it was read, in ms since 1970, when there is more that one check did not reach; undefined: all was read. */
  get behindAt(): number | undefined {
    const { cursor, newest } = this.#stored;
    return cursor !== undefined && this.#pages === 0 ? newest * 1000 : undefined;
  }

  /** Starts to read the next page. @returns its query, without `?` */
  next(): string {
    this.#isAsked = false;
    const { from, cursor, hasBaseline } = this.#stored;
    const since = hasBaseline && from > 0 ? `date:${new Date(from * 1000).toISOString().slice(0, 19)}+` : '';
    const filter = [this.#filter, since].filter(Boolean).join(' ');
    return new URLSearchParams({
      limit: String(this.#pageSize),
      order: hasBaseline ? 'date+' : 'date-',
      ...(filter === '' ? {} : { filter }),
      ...(cursor === undefined ? {} : { cursor }),
    }).toString();
  }

  /**
   * A page was read.
   * @param budget requests a day that the node may make
   * @returns what is new in it, oldest first
   */
  read(page: StreamPage, now: number, budget: number): StreamNotification[] {
    this.#failures = 0;
    this.#problem = undefined;
    this.#pageSize = PAGE;
    const next = now + Math.max(MIN_INTERVAL_MS, QUARTER_OF_DAYS_MS / budget);
    if (!this.#stored.hasBaseline) {
      this.#takeBaseline(page);
      this.#dueAt = next;
      return [];
    }
    const { cursor } = page;
    const fresh = this.#take(page);
    const isReversed = this.#held.length > 0 || isNewestFirst(page.notifications);
    const isLast =
      cursor === undefined ||
      cursor === this.#stored.cursor ||
      (isReversed && fresh.length < page.notifications.length);
    this.#pages++;
    const isCheckOver = isLast || this.#pages >= MAX_PAGES;
    if (isLast) this.#endWalk();
    else this.#stored.cursor = cursor;
    if (isCheckOver) this.#pages = 0;
    this.#dueAt = isCheckOver ? next : now;
    if (!isReversed) return fresh;
    this.#held.push(...fresh);
    return isCheckOver ? this.#held.splice(0).reverse() : [];
  }

  /** A page could not be read, for a reason that concerns the stream alone. */
  failed(error: VirusTotalError, now: number): void {
    this.#pages = 0;
    this.#dropHeld();
    const { cursor } = this.#stored;
    if (error.code === 'VT_REQUEST' && cursor !== undefined) {
      // The cursor may have expired: what was seen is known by its id.
      this.#endWalk();
      this.#dueAt = now;
      return;
    }
    this.#problem = error;
    this.#failures++;
    // The answer may have been too large.
    if (error.code === 'VT_BAD_RESPONSE') this.#pageSize = Math.max(1, Math.floor(this.#pageSize / 4));
    const wait = LASTING.includes(error.code) ? MAX_RETRY_MS : RETRY_MS * 2 ** (this.#failures - 1);
    this.#dueAt = now + Math.min(MAX_RETRY_MS, wait);
  }

  /** For the store: what is held was not sent. */
  get stored(): StoredStream {
    const seen = [...this.#seen];
    if (this.#held.length === 0) return { ...this.#stored, seen };
    const held = new Set(this.#held.map(({ about }) => about.id));
    return { ...this.#stored, cursor: undefined, seen: seen.filter(([id]) => !held.has(id)) };
  }

  /** What is there before the first check is not sent. */
  #takeBaseline({ notifications, cursor }: StreamPage): void {
    const dates = notifications.flatMap(({ date }) => date ?? []);
    const newest = Math.max(0, ...dates);
    for (const { about, date } of notifications)
      if (date === undefined || date === newest) this.#seen.set(about.id, newest);
    // More of the same second than a page has: none of them is new.
    const isAll = cursor !== undefined && dates.every((date) => date === newest);
    const from = isAll ? newest + 1 : newest;
    Object.assign(this.#stored, { hasBaseline: true, newest, floor: from, from, cursor: undefined });
  }

  /** Those that were not seen before, in the order of the page. */
  #take({ notifications }: StreamPage): StreamNotification[] {
    const fresh: StreamNotification[] = [];
    for (const notification of notifications) {
      const { about, date } = notification;
      if (this.#seen.has(about.id) || (date !== undefined && date < this.#stored.floor)) continue;
      this.#stored.newest = Math.max(this.#stored.newest, date ?? 0);
      this.#seen.set(about.id, date ?? this.#stored.newest);
      fresh.push(notification);
    }
    this.#forgetOldest();
    return fresh;
  }

  /** Begins the check again. */
  #dropHeld(): void {
    if (this.#held.length === 0) return;
    for (const { about } of this.#held.splice(0)) this.#seen.delete(about.id);
    this.#stored.cursor = undefined;
  }

  #forgetOldest(): void {
    for (const [id, date] of this.#seen) {
      if (this.#seen.size <= MAX_SEEN) return;
      this.#seen.delete(id);
      this.#stored.forgotten = Math.max(this.#stored.forgotten, date);
    }
  }

  /** The next check starts a little before the newest. */
  #endWalk(): void {
    const { newest, floor, forgotten } = this.#stored;
    const from = Math.max(floor, newest - OVERLAP_S, forgotten > 0 ? forgotten + 1 : 0);
    Object.assign(this.#stored, { floor: from, from, cursor: undefined, forgotten: 0 });
    for (const [id, date] of this.#seen) if (date < from) this.#seen.delete(id);
  }
}

/** Only what is new is sent, so that a date from which on it is wanted adds nothing. */
function wanted(filter: string): string {
  return filter
    .split(/\s+/)
    .filter((part) => part !== '' && part !== '*' && !/^date:\S*\+$/.test(part))
    .join(' ');
}

function isNewestFirst(notifications: readonly StreamNotification[]): boolean {
  const dates = notifications.flatMap(({ date }) => date ?? []);
  return (dates[0] ?? 0) > (dates.at(-1) ?? 0);
}
