import type { JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';
import type { Assessment } from './subject';
import type { ReportTimes } from './times';

/** What a report is of, as an observable in the bundle, and how an indicator names and matches it. */
export interface Observable {
  /** Of the observable. */
  id: string;
  /** "domain: bad.example" */
  title: string;
  pattern: string;
}

/** A report with a result: what the objects beside the observable are made of. */
export interface AssessedReport {
  type: ReportType;
  report: JsonObject;
  assessment: Assessment;
  observable: Observable;
  times: ReportTimes;
}
