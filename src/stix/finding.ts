import type { JsonObject } from '../report/narrow';
import type { ReportType } from '../report/report';
import type { Observed } from './observed';
import type { Assessment } from './subject';
import type { Times } from './times';

/** A report with a result: what the objects beside the observable are made of. */
export interface Finding {
  type: ReportType;
  report: JsonObject;
  assessment: Assessment;
  observed: Observed;
  times: Times;
}
