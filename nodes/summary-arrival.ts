import type { NodeMessage } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import { oneLine } from '../src/errors';
import { isCount, isObject, type JsonObject } from '../src/report/narrow';
import { originsIn, type Origin } from '../src/report/origin';
import type { Arrival, GroupPlace } from '../src/summary/arrival';
import type { FailedLookup, SkippedIndicator } from '../src/summary/incident';
import { isOwnParts } from './message-fan-out';
import { requestedIndicator } from './report-identity';

/** A message that tells the node what to do with what it has, and brings nothing itself. */
export interface Control {
  does: 'complete' | 'reset';
  /** The group it is about; absent: all. */
  group?: GroupPlace;
}

/** What the error of another node is that a Catch node caught: nothing for a summary. */
export interface Unrelated {
  error: string;
}

type SummaryMessage = NodeMessage & Record<string, unknown>;

/** What a message brings to its incident: from Report Analysis, or from a Catch node. */
export function readArrival(message: NodeMessage): Arrival | Control | Unrelated {
  const msg = message as SummaryMessage;
  const group = groupOf(msg);
  if (msg['reset'] === true) return { does: 'reset', ...(group && { group }) };
  const endsGroup = msg['complete'] === true;
  const common = { ...(group && { group }), ...skippedOf(msg), endsGroup };
  const analyses = analysesOf(msg);
  const error = errorOf(msg, analyses);
  if (isOfNodeBehind(msg) || (error && !isOfLookup(error, msg)))
    return { error: oneLine(String((msg['error'] as JsonObject)['message']), 200) };
  if (error) {
    const failed = failureOf(error, msg);
    return { ...common, ...originsOf(msg, [failed.value]), analyses: [], failed };
  }
  if (analyses.length > 0)
    return {
      ...common,
      ...originsOf(
        msg,
        analyses.map(({ resource }) => resource),
      ),
      analyses,
    };
  if (endsGroup) return { does: 'complete', ...(group && { group }) };
  return { ...common, analyses: [], failed: failureOf(NOT_JUDGED, msg) };
}

const NOT_JUDGED = {
  code: 'VT_CONFIG',
  message: 'No verdict: msg.analysis is missing. Wire the summary behind a Report Analysis node',
};

/** The parts of ours that are the innermost; a flow's own only where the message doesn't say who made them. */
export function groupOf({ parts, virustotal, analyses }: SummaryMessage): GroupPlace | undefined {
  if (!isObject(parts) || typeof parts['id'] !== 'string') return undefined;
  const isUnique = isOwnParts(parts);
  const isFromLookup = isObject(virustotal) && virustotal['action'] !== undefined;
  // The message of a single lookup, or an array judged as one, has the parts that it came with.
  if (!isUnique && (Array.isArray(analyses) || (isFromLookup && virustotal['action'] !== 'search')))
    return undefined;
  return placeOf(parts, isUnique);
}

/** The group around the innermost one, where that was made by a VirusTotal node too. */
export function outerGroupOf({ parts }: SummaryMessage): GroupPlace | undefined {
  const outer = isObject(parts) ? parts['parts'] : undefined;
  return isObject(outer) && isOwnParts(outer) ? placeOf(outer, true) : undefined;
}

function placeOf({ id, count, index }: JsonObject, isUnique: boolean): GroupPlace {
  return {
    id: String(id),
    isUnique,
    ...(isCount(count) && count > 0 ? { count } : {}),
    ...(isCount(index) ? { index } : {}),
  };
}

function analysesOf({ analysis, analyses }: SummaryMessage): Analysis[] {
  const all = Array.isArray(analyses) && analyses.length > 0 ? (analyses as unknown[]) : [analysis];
  // Whoever renders them takes what is none for nothing.
  return all.filter((one) => isObject(one) && typeof one['verdict'] === 'string') as Analysis[];
}

/** An error that is newer than the verdict: one of an earlier try stays in the message. */
function errorOf(
  { error, virustotal }: SummaryMessage,
  analyses: readonly Analysis[],
): JsonObject | undefined {
  if (!isObject(error)) return undefined;
  if (analyses.length === 0) return error;
  const asked = isObject(virustotal) ? virustotal['resource'] : undefined;
  const isJudged = analyses.some(({ resource }) => resource === null || resource === asked);
  return asked === undefined || isJudged ? undefined : error;
}

/** Whether it is a failure of a lookup, or of what was done with its report before the summary. */
function isOfLookup({ code }: JsonObject, { virustotal }: SummaryMessage): boolean {
  return (typeof code === 'string' && code.startsWith('VT_')) || isObject(virustotal);
}

/** Whether it was caught of a node behind a summary: another summary of it would fail there as well, and so on. */
function isOfNodeBehind({ error, incident }: SummaryMessage): boolean {
  if (incident === undefined || !isObject(error)) return false;
  const { source } = error;
  const type = isObject(source) ? source['type'] : undefined;
  return type !== 'virustotal' && type !== 'virustotal-report-analysis';
}

/** Of all indicators that a related node has found, those that this message is about. */
function originsOf({ pivot }: SummaryMessage, values: readonly unknown[]): { origins?: Origin[] } {
  const origins = originsIn(pivot).filter(({ value }) => values.includes(value));
  return origins.length > 0 ? { origins } : {};
}

function failureOf(error: JsonObject | typeof NOT_JUDGED, msg: SummaryMessage): FailedLookup {
  const { type = null, value = null } = requestedIndicator(msg);
  const { code, message } = error as JsonObject;
  return {
    type,
    value,
    code: typeof code === 'string' ? code : 'ERROR',
    message: oneLine(typeof message === 'string' ? message : String(message), 500),
  };
}

function skippedOf({ virustotal }: SummaryMessage): Pick<Arrival, 'skipped' | 'skippedCount'> {
  const { skipped, skippedCount } = isObject(virustotal) ? virustotal : {};
  const listed = Array.isArray(skipped) ? (skipped as unknown[]).filter(isObject) : [];
  // Of several messages of one search only the first lists them, and the count is the same in all.
  if (listed.length === 0) return { skipped: [] };
  return {
    skipped: listed as unknown as SkippedIndicator[],
    ...(isCount(skippedCount) ? { skippedCount } : {}),
  };
}
