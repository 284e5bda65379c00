import type { Indicator } from '../ioc/ioc';
import type { LookupResult } from '../lookup/report-repository';
import { scanTime } from '../report/scan-date';
import { sleep } from './abortable';
import type { SubmissionState } from './submission-state';
import type { OpenAnalysis } from './submissions';

/** Between the lookups of what may have arrived, in ms. A report may come only with the end of the first analysis, which takes a few minutes. */
const ARRIVAL_MS = [10_000, 30_000, 60_000, 120_000];
/** Between the lookups of what has arrived and is being analyzed, in ms. */
const UNDER_WAY_MS = 60_000;
/** How far this machine's clock may be from VirusTotal's, in ms. */
const CLOCKS_APART_MS = 5 * 60_000;

/**
 * The report, when it shows that what may have arrived has arrived. One whose analysis goes on is waited for.
 * @param scannedBefore a report that is no newer proves nothing; where that isn't known, one from before it was sent
 */
export async function recover(
  state: SubmissionState,
  indicator: Indicator,
  scannedBefore: OpenAnalysis['scannedBefore'],
): Promise<LookupResult | undefined> {
  state.tell({ stage: 'recovering' });
  const sentAt = state.pending?.since ?? Date.now();
  const before = scannedBefore === 'never' ? 0 : (scanTime(scannedBefore) ?? sentAt - CLOCKS_APART_MS);
  const until = performance.now() + state.options.timeoutMs;
  for (let looks = 0; ; looks++) {
    const found = await state.look(indicator, true, looks === 0 ? state.options.priority : 9);
    const { response_code: code, scan_date: date } = found.report;
    if (code === 1 && (scanTime(date) ?? 1) > before) return found;
    const isUnderWay = code === -2;
    if (isUnderWay && (!state.options.wait || performance.now() > until)) return found;
    const wait = isUnderWay ? UNDER_WAY_MS : state.isWhole ? ARRIVAL_MS[looks] : undefined;
    if (wait === undefined) break;
    if (isUnderWay) state.tell({ stage: 'queued' });
    await sleep(wait * state.service.timeScale, state.ends);
  }
  state.service.forget(indicator);
  return undefined;
}
