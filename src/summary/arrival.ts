import type { Analysis } from '../analysis/analysis';
import type { Origin } from '../report/origin';
import type { FailedLookup, SkippedIndicator } from './incident';

/** Which incident a result is of, by the parts of its message. */
export interface GroupPlace {
  id: string;
  /** How many results the group has; absent when the message doesn't say. */
  count?: number;
  /** Which of them it is; absent when the message doesn't say. */
  index?: number;
  /** Whether the id was given by a node of this package, and so never stands for two groups. */
  isUnique: boolean;
}

/** What one message brings to its incident: verdicts, or a lookup that failed. */
export interface Arrival {
  /** Absent: an incident of its own. */
  group?: GroupPlace;
  analyses: readonly Analysis[];
  failed?: FailedLookup;
  /** The indicators that led to these. */
  origins?: readonly Origin[];
  skipped: readonly SkippedIndicator[];
  /** Where more were skipped than are listed. */
  skippedCount?: number;
  /** The group ends with it. */
  endsGroup: boolean;
}

/** Which lookup it is the result of, to tell whether the same came before. */
export function lookupKey(arrival: Arrival): string {
  const index = arrival.group?.index;
  return index === undefined ? indicatorKey(arrival) : String(index);
}

/** The indicators that it is about. */
export function indicatorKey({ analyses, failed }: Pick<Arrival, 'analyses' | 'failed'>): string {
  const of = failed ? [[failed.type, failed.value]] : analyses.map(({ type, resource }) => [type, resource]);
  return JSON.stringify(of);
}
