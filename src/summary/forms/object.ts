import type { SummaryContent } from '../content';
import { defang } from '../defang';
import type { Incident } from '../incident';
import type { FormOptions } from '../options';

/** The incident itself, as a flow or a program goes on with it; its texts are as they came. */
export function objectForm(
  _content: SummaryContent,
  incident: Incident,
  { defang: defanged }: FormOptions,
): Incident {
  if (!defanged) return incident;
  const safe = (type: Parameters<typeof defang>[0], value: string | null): string | null =>
    typeof value === 'string' ? defang(type, value) : value;
  const analyses = incident.analyses.map((analysis) => ({
    ...analysis,
    resource: safe(analysis.type, analysis.resource),
  }));
  const { worst } = incident;
  return {
    ...incident,
    worst: worst && { ...worst, resource: safe(worst.type, worst.resource) },
    analyses,
    skipped: incident.skipped.map((each) => ({ ...each, value: defang(each.type, each.value) })),
    failed: incident.failed.map((each) => ({ ...each, value: safe(each.type, each.value) })),
  };
}
