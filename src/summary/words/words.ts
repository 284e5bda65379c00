import type { Verdict } from '../../analysis/verdict';
import type { ErrorCode } from '../../errors';
import type { ReportType } from '../../report/report';

/** A text by the plural of its number; where a language has no form of its own, `other` holds. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** Every word of a summary in one language. `{name}` stands for a value. */
export interface Words {
  verdict: Record<Verdict, string>;
  kind: Record<ReportType, string>;
  /** Headings of the columns. */
  column: Record<'verdict' | 'detections' | 'indicator' | 'details', string>;
  /** "Malicious: 3": `{name}`, `{count}`. */
  count: string;
  /** "scanned 3 days ago": `{age}`. */
  scanned: string;
  /** `{names}`, `{count}`. */
  namesAndMore: string;
  /** VirusTotal has no report. */
  unknown: string;
  /** The relation that led to an indicator: `{of}`, and in `other` `{relation}`. */
  relation: Record<'contacted' | 'dropped' | 'resolved' | 'other', string>;
  /** Rows that are not shown: `{count}`. */
  more: Plural;
  /** `{arrived}`, `{expected}`. */
  incompleteOf: string;
  incomplete: string;
  /** Of an indicator whose result is missing. */
  notArrived: string;
  nothing: string;
  notLookedUp: string;
  toDo: string;
  /** The text of a link to VirusTotal. */
  report: string;
  /** The more frequent reasons for which an indicator is not looked up. */
  skipped: Record<'allowList' | 'privateAddress' | 'internalName' | 'documentation', string>;
  /** What to do about a failure. */
  advice: Record<ErrorCode | 'still-queued' | 'other', string>;
}
