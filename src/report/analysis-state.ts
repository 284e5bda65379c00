import { isCount, isObject, own, ReportShapeError } from './narrow';

/**
 * How far an analysis at VirusTotal is. `failed` is an end without a verdict: `word` says which. A word that isn't known counts as
 * `queued` or `scanning`: only known ones end it.
 */
export interface AnalysisState {
  state: 'queued' | 'scanning' | 'completed' | 'failed';
  /** VirusTotal's own word. */
  word: string;
  /** The number of engines that have answered. Results fill in before the analysis is completed. */
  engines: number;
}

/** Words that end an analysis without a verdict, as Google's kit for developers has them. */
const FAILURES = new Set(['error', 'unsupported file type', 'corrupted file']);

/**
 * An answer to `GET /analyses/{id}`.
 * @throws ReportShapeError when the body is none; nothing else, whatever the body.
 */
export function analysisState(body: unknown): AnalysisState {
  const data = isObject(body) ? own(body, 'data') : undefined;
  const attributes = isObject(data) ? own(data, 'attributes') : undefined;
  if (!isObject(attributes)) throw new ReportShapeError('the answer has no attributes');
  const status = own(attributes, 'status');
  const word = typeof status === 'string' ? status.toLowerCase().slice(0, 40) : '';
  const engines = enginesOf(own(attributes, 'results'), own(attributes, 'stats'));
  if (word === 'completed') return { state: 'completed', word, engines };
  if (FAILURES.has(word)) return { state: 'failed', word, engines };
  return { state: engines > 0 || word === 'in-progress' ? 'scanning' : 'queued', word, engines };
}

function enginesOf(results: unknown, stats: unknown): number {
  if (isObject(results)) return Object.keys(results).length;
  if (!isObject(stats)) return 0;
  return Object.values(stats).reduce<number>((sum, count) => sum + (isCount(count) ? count : 0), 0);
}
