import type { Analysis } from '../analysis/analysis';
import { VERDICTS, type Verdict } from '../analysis/verdict';
import type { Indicator } from '../ioc/ioc';
import { isObject } from '../report/narrow';
import type { StoredStream } from './stored-stream';
import type { NotificationContext } from './stream-page';

/** Who named an indicator: the node's own list, its file, or a message. It is watched as long as one of them does. */
export type WatchSource = 'list' | 'file' | 'message';

/** A watched indicator and what is known of it. Times are in ms since 1970. */
export interface Watched extends Indicator {
  sources: WatchSource[];
  /** When it is to be looked up. */
  dueAt: number;
  /** When its report was last read; absent: it has no baseline yet. */
  checkedAt?: number;
  /** The verdict on that report. */
  verdict?: Verdict;
  /** The detections in that report; null: it has no number of them. */
  positives?: number | null;
  /** When the verdict was first this one. */
  since?: number;
  /** When the verdict last changed; absent: never since the baseline. */
  changedAt?: number;
  /** Lookups in a row that failed for a reason of its own. */
  failures?: number;
  /** A message wants it to be looked up now. */
  isAsked?: boolean;
  /** Its last scan is too old: it is to be scanned again next. */
  isStale?: boolean;
  /** When VirusTotal was last asked to scan it again. */
  rescanAt?: number;
  /** Lookups since then that still found the old scan. */
  looks?: number;
}

/** What was known of an indicator before its verdict changed. */
export interface PreviousVerdict {
  verdict: Verdict;
  positives: number | null;
  /** When the verdict was first this one, as ISO 8601 in UTC. */
  since: string;
}

/** A verdict that has changed. */
export interface VerdictChange {
  indicator: Indicator;
  analysis: Analysis;
  previous: PreviousVerdict;
}

/** A notification of the IoC stream, with the verdict on its report. */
export interface JudgedNotification {
  indicator: Indicator;
  analysis: Analysis;
  notification: NotificationContext;
}

/** What a digest has been told of. */
export type DigestEntry = VerdictChange | JudgedNotification;

/** All that outlives a restart, as JSON. */
export interface StoredWatch {
  version: 1;
  watched: Watched[];
  /** Names of indicators that a message has removed although the list or the file has them. */
  removed: string[];
  /** Lookups made in a UTC day. */
  spent: { day: string; lookups: number };
  /** Changes that wait for the digest, and when the first of them was found, in ms since 1970. */
  digest: { since: number; changes: DigestEntry[] };
  /** How far the IoC stream was read; absent: there is none. */
  stream?: StoredStream | undefined;
}

const KINDS = ['domain', 'file', 'ip', 'url'];
const SOURCES: readonly WatchSource[] = ['list', 'file', 'message'];

/** Reads what was stored of a list and a digest; what can't be read in it is left out. */
export function readStored(stored: unknown): Omit<StoredWatch, 'stream'> {
  const { watched, removed, spent, digest } = isObject(stored) ? stored : {};
  const { day, lookups } = isObject(spent) ? spent : {};
  const { since, changes } = isObject(digest) ? digest : {};
  return {
    version: 1,
    watched: listOf(watched).flatMap(readWatched),
    removed: listOf(removed).filter((name): name is string => typeof name === 'string'),
    spent: {
      day: typeof day === 'string' ? day : '',
      lookups: isTime(lookups) ? lookups : 0,
    },
    digest: { since: isTime(since) ? since : 0, changes: listOf(changes).filter(isEntry) },
  };
}

function readWatched(value: unknown): Watched[] {
  if (!isObject(value)) return [];
  const { type, value: text, sources, dueAt, checkedAt, verdict, positives, since, changedAt } = value;
  const { failures, isAsked, isStale, rescanAt, looks } = value;
  const from = SOURCES.filter((source) => listOf(sources).includes(source));
  if (!KINDS.includes(type as string) || typeof text !== 'string' || from.length === 0) return [];
  const known = (VERDICTS as readonly unknown[]).includes(verdict) && isTime(checkedAt) && isTime(since);
  return [
    {
      type: type as Watched['type'],
      value: text,
      sources: from,
      dueAt: isTime(dueAt) ? dueAt : 0,
      ...(known
        ? {
            ...{ verdict: verdict as Verdict, checkedAt, since },
            positives: typeof positives === 'number' ? positives : null,
            ...(isTime(changedAt) ? { changedAt } : {}),
          }
        : {}),
      ...(isTime(failures) && failures > 0 ? { failures } : {}),
      ...(isAsked === true ? { isAsked } : {}),
      ...(isStale === true ? { isStale } : {}),
      ...(isTime(rescanAt) ? { rescanAt, looks: isTime(looks) ? looks : 0 } : {}),
    },
  ];
}

function isEntry(value: unknown): value is DigestEntry {
  if (!isObject(value) || !isObject(value.indicator) || !isObject(value.analysis)) return false;
  return isObject(value.previous) || isObject(value.notification);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
