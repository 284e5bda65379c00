import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { LookupResult } from '../lookup/report-repository';
import { abortable } from './abortable';
import { reportOf, waitForAnalysis } from './analysis-wait';
import { resultOf, type SubmitResult } from './result';
import type { SubmissionState } from './submission-state';
import type { OpenAnalysis } from './submissions';

/** Waits for the analysis, and gets its report. */
export async function resultOfAnalysis(
  state: SubmissionState,
  indicator: Indicator,
  open: OpenAnalysis,
  timeoutMs = state.options.timeoutMs,
): Promise<SubmitResult> {
  const { analysisId, sentAt, scannedBefore } = open;
  if (!state.options.wait) {
    if (!state.privacy.private) state.service.forget(indicator);
    return { analysisId, submitted: true, cached: false, waitedMs: 0 };
  }
  const { priority } = state.options;
  const analysis = { analysisId, indicator, privacy: state.privacy };
  const sinceMs = performance.now() - sentAt;
  const end = await waitForAnalysis(
    state.service,
    state.shared.watch(state.service, analysis, { sinceMs, scannedBefore }),
    { timeoutMs, priority, ends: state.ends, onStage: (stage) => state.tell(stage) },
  );
  const done = (found: LookupResult): SubmitResult => ({
    ...resultOf(found, { submitted: true, waitedMs: Math.round(performance.now() - sentAt) }),
    analysisId,
  });
  switch (end.end) {
    case 'completed':
      return done(
        end.item ??
          (await abortable(reportOf(state.service, analysis, { priority, ends: state.ends }), state.ends)),
      );
    case 'failed':
      throw new VirusTotalError(
        'VT_REQUEST',
        `Analysis failed: VirusTotal ended the analysis ${analysisId} of ${indicator.value} as "${end.word}"`,
      );
    case 'gone': {
      const found = await state.look(indicator, true);
      if (found.report.response_code === 1) return done(found);
      throw new VirusTotalError(
        'VT_REQUEST',
        `Analysis not known: VirusTotal does not know the analysis ${analysisId} any more, and has no report of ${indicator.value}. Look it up later`,
      );
    }
  }
}
