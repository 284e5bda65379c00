/** A thing with fields, from outside: nothing is known of them. */
export type Fields = Record<string, unknown>;

/** A report where it was found. */
export interface FoundReport {
  report: Fields;
  /** What the envelope around it says was asked; a v2 body of a domain or an IP address doesn't say it itself. */
  resource?: unknown;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The one report in `value`, which may be a report, `{response: report}`, `{virustotal: {response: report}}` or
 * `{virustotal: {ID: {response: report}}}`. An error in the place of the report counts as a report with an error: that is
 * how a failed lookup looks in each of these shapes.
 */
export function findReport(value: unknown): FoundReport | undefined {
  if (!isFields(value)) return undefined;
  const here = inEnvelope(value);
  if (here) return here;
  const { virustotal } = value;
  if (!isFields(virustotal)) return undefined;
  const there = inEnvelope(virustotal);
  if (there) return there;
  for (const id of Object.keys(virustotal)) {
    const named = virustotal[id];
    const found = isFields(named) ? inEnvelope(named) : undefined;
    if (found) return found;
  }
  return undefined;
}

/**
 * The parts of `value` that are judged each for itself: the elements of an array, and the IDs of a `{virustotal: {ID: ...}}`
 * that holds several reports, each in an object of its own. Undefined when there is one thing to judge, `value` itself.
 */
export function separateReports(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (!isFields(value) || inEnvelope(value)) return undefined;
  const { virustotal } = value;
  if (!isFields(virustotal) || inEnvelope(virustotal)) return undefined;
  const ids = Object.keys(virustotal).filter((id) => {
    const named = virustotal[id];
    return isFields(named) && inEnvelope(named);
  });
  if (ids.length < 2) return undefined;
  return ids.map((id) => ({ virustotal: Object.fromEntries([[id, virustotal[id]]]) }));
}

function inEnvelope(value: Fields): FoundReport | undefined {
  if (isReport(value)) return { report: value };
  const { response } = value;
  return isFields(response) && isReport(response)
    ? { report: response, resource: value.resource }
    : undefined;
}

function isReport(value: Fields): boolean {
  return (value.response_code !== undefined && value.response_code !== null) || hasError(value);
}

export function hasError(report: Fields): boolean {
  return Boolean(report.error);
}
