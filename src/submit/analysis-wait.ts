import { VirusTotalError } from '../errors';
import { inBackground } from '../in-background';
import type { LookupResult } from '../lookup/report-repository';
import type { VirusTotalService } from '../lookup/service';
import { abortable, sleep, type Ends } from './abortable';
import type { AnalysisEnd, AnalysisWatch } from './analysis-watch';
import { hasVerdict, itemSpec, type AnalysisOf } from './requests';
import type { SubmitStage } from './stage';

/** For the report after the end of the analysis, once, in ms: it is made from the same results. */
const ITEM_AGAIN_MS = 15_000;

/** A step ahead of the message's other requests, so that what is over ends before new things begin. */
export function aheadOf(priority: number | undefined): number {
  return Math.max(0, (priority ?? 5) - 1);
}

/** What a submission waits by. */
export interface WaitOptions {
  timeoutMs: number;
  priority: number | undefined;
  ends: Ends;
  onStage: (stage: SubmitStage) => void;
}

/**
 * Waits for the end of an analysis. When the time is up, a last poll is made ahead of other requests: the queue of the key may have been so long that
 * no poll came through.
 * @throws VirusTotalError in the promise
 */
export function waitForAnalysis(
  service: VirusTotalService,
  watch: AnalysisWatch,
  { timeoutMs, priority, ends, onStage }: WaitOptions,
): Promise<AnalysisEnd> {
  const { analysisId } = watch.analysis;
  let stop: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<AnalysisEnd>((resolve, reject) => {
    stop = watch.listen({
      changed: ({ state, engines }) =>
        onStage(
          state === 'scanning' ? { stage: 'scanning', engines, analysisId } : { stage: 'queued', analysisId },
        ),
      ended: resolve,
      failed: reject,
    });
    timer = setTimeout(() => {
      const timeout = (): void =>
        reject(
          new VirusTotalError(
            'VT_TIMEOUT',
            `Timeout: no end of the analysis ${analysisId} within ${Math.round(timeoutMs / 1000)} s. Its report may still come: look it up later`,
            { analysisId, retryable: true },
          ),
        );
      const { problem } = service.stats();
      // It could last until the next day.
      if (problem !== null && problem.reason !== 'rate') return timeout();
      inBackground(watch.poll(aheadOf(priority)).then(timeout));
    }, timeoutMs);
  });
  return abortable(end, ends, () => {
    clearTimeout(timer);
    stop();
  });
}

/**
 * The report of a completed analysis.
 * @throws VirusTotalError in the promise
 */
export async function reportOf(
  service: VirusTotalService,
  analysis: AnalysisOf,
  { priority, ends }: Pick<WaitOptions, 'priority' | 'ends'>,
): Promise<LookupResult> {
  const options = { priority: aheadOf(priority), signal: ends.signal };
  const found = await service.fetch(itemSpec(analysis), options);
  if (hasVerdict(found) || found.report.response_code === 1) return found;
  if (analysis.privacy.private && found.report.response_code === -2) return finished(found);
  await sleep(ITEM_AGAIN_MS * service.timeScale, ends);
  return service.fetch(itemSpec(analysis), options);
}

/** A private scan that is over has no verdict to wait for. */
function finished({ report, ...rest }: LookupResult): LookupResult {
  return {
    ...rest,
    report: { ...report, response_code: 1, verbose_msg: 'Private scan finished without a verdict' },
  };
}
