import type { SummaryContent } from '../content';
import type { ReportType } from '../../report/report';
import { defang, defangOrigin } from '../defang';
import type { Incident } from '../incident';
import type { FormOptions } from '../options';

/** The incident itself, as a flow or a program goes on with it; its texts are as they came. */
export function objectForm(
  _content: SummaryContent,
  incident: Incident,
  { defang: defanged }: FormOptions,
): Incident {
  if (!defanged) return incident;
  const safe = <T>(type: ReportType | null, value: T): T =>
    (typeof value === 'string' ? defang(type, value) : value) as T;
  const analyses = incident.analyses.map((analysis) => ({
    ...analysis,
    resource: safe(analysis.type, analysis.resource),
  }));
  const { worst } = incident;
  return {
    ...incident,
    worst: worst && { ...worst, resource: safe(worst.type, worst.resource) },
    analyses,
    skipped: incident.skipped.map((each) => ({ ...each, value: safe(each.type, each.value) })),
    failed: incident.failed.map((each) => ({ ...each, value: safe(each.type, each.value) })),
    ...(incident.origins && {
      origins: incident.origins.map(({ value, relation, of }) => ({
        value: defangOrigin(value),
        relation,
        of: defangOrigin(of),
      })),
    }),
    ...(incident.missing && {
      missing: incident.missing.map((each) => ({ ...each, value: safe(each.type, each.value) })),
    }),
  };
}
