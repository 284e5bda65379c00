import { oneLine, VirusTotalError } from '../errors';
import type { IndicatorFilter } from '../ioc/indicator-filter';
import type { Indicator, SkippedIoc } from '../ioc/ioc';
import { INDICATOR_TYPES, type RelatedItem, type RelationContext } from './item';
import type { RelationResult } from './plan';
import type { SeenIndicators } from './trail';

/** An indicator that another one is related to, as the node sends it. */
export interface RelatedIndicator extends Indicator {
  /** The name of the relation, as `contacted_ips`. */
  relation: string;
  /** The indicator that has it. */
  of: string;
  /** What VirusTotal says of the relation. */
  context: RelationContext;
}

/** What came of all relations of an indicator. */
export interface Collected {
  indicators: RelatedIndicator[];
  /** What is no indicator, or is wanted as a whole too, by relation; `{}` when there is none. */
  related: Record<string, unknown>;
  skipped: SkippedIoc[];
  /** Indicators that the message has had already. */
  repeated: number;
}

/** Makes indicators of what VirusTotal has said: each once, in canonical form, and only what may be sent. */
export function collect(
  subject: Indicator,
  results: readonly RelationResult[],
  { filter, seen }: { filter: IndicatorFilter; seen: SeenIndicators },
): Collected {
  const collected: Collected = { indicators: [], related: {}, skipped: [], repeated: 0 };
  for (const { relation, items, facts } of results) {
    const { name } = relation;
    for (const item of items) {
      const skipped = skippedItem(item);
      if (skipped) collected.skipped.push(skipped);
      else if (item.kind === 'indicator')
        take(collected, { ...item, relation: name, of: subject.value }, { filter, seen });
    }
    const listed = facts ?? listedOf(name, subject, items);
    if (listed !== undefined) collected.related[name] = listed;
  }
  return collected;
}

function take(
  collected: Collected,
  found: RelatedIndicator,
  { filter, seen }: { filter: IndicatorFilter; seen: SeenIndicators },
): void {
  const { type, value, relation, of, context } = found;
  let checked: ReturnType<IndicatorFilter['validate']>;
  try {
    checked = filter.validate(type, value);
  } catch (error) {
    if (!(error instanceof VirusTotalError)) throw error;
    collected.skipped.push({ type, value: oneLine(value, 200), reason: error.message });
    return;
  }
  if ('skipped' in checked) collected.skipped.push(checked.skipped);
  else if (!seen.add(checked.indicator)) collected.repeated += 1;
  else collected.indicators.push({ ...checked.indicator, relation, of, context });
}

/** What VirusTotal could not tell about one of a list. */
function skippedItem(item: RelatedItem): SkippedIoc | undefined {
  const type =
    item.kind === 'failed' ? INDICATOR_TYPES.get(item.type) : item.kind === 'unnamed' ? 'url' : undefined;
  if (type === undefined || (item.kind !== 'failed' && item.kind !== 'unnamed')) return undefined;
  const reason =
    item.kind === 'failed' ? `VirusTotal has no object: ${item.error}` : 'VirusTotal does not name the URL';
  return { type, value: oneLine(item.id, 200), reason };
}

/** Passive DNS is a table of its own right; what is no indicator is nowhere else. */
function listedOf(name: string, subject: Indicator, items: readonly RelatedItem[]): unknown {
  if (name === 'resolutions') {
    const rows = items.flatMap((item) =>
      item.kind === 'indicator' ? [resolution(subject, oneLine(item.value, 300), item.context)] : [],
    );
    return rows.length === 0 ? undefined : rows;
  }
  const things = items.flatMap((item) =>
    item.kind === 'thing' ? [{ type: item.type, id: item.id, ...item.context }] : [],
  );
  return things.length === 0 ? undefined : things;
}

function resolution({ type, value }: Indicator, other: string, context: RelationContext): object {
  return type === 'domain'
    ? { domain: value, ip: other, ...context }
    : { domain: other, ip: value, ...context };
}
