import type { Privacy } from '../api/submission-requests';
import { inBackground } from '../in-background';
import type { Indicator } from '../ioc/ioc';
import type { LookupResult } from '../lookup/report-repository';
import type { VirusTotalService } from '../lookup/service';
import { abortable, type Ends } from './abortable';
import type { CheckedOptions } from './checked-options';
import type { SubmitOptions } from './options';
import { privateReportSpec } from './requests';
import type { PendingAnalysis } from './result';
import type { SubmitStage } from './stage';
import { submissionsOf, type OpenAnalysis, type Submissions } from './submissions';

/** What one submission knows of itself: how it is set up, how far it is, and what is to be kept of it for a restart. */
export class SubmissionState {
  readonly service: VirusTotalService;
  readonly ends: Ends;
  options: CheckedOptions = {
    when: 'unknown',
    maxAgeDays: 30,
    wait: true,
    timeoutMs: 600_000,
    private: false,
  };
  stage: SubmitStage = { stage: 'looking-up' };
  onStage: ((stage: SubmitStage) => void) | undefined;
  /** See `Submission.pending`. */
  pending: PendingAnalysis | undefined;
  /** What was sent has left to its end: without that, VirusTotal takes nothing of a body. */
  isWhole = true;

  constructor(service: VirusTotalService, { signal, onStage }: SubmitOptions) {
    this.service = service;
    this.ends = { signal, closing: service.closing };
    this.onStage = onStage;
  }

  /** What it has in common with the other submissions of the service. */
  get shared(): Submissions {
    return submissionsOf(this.service);
  }

  get privacy(): Privacy {
    return { private: this.options.private };
  }

  /** @param refresh asks VirusTotal, whatever the cache has */
  look(indicator: Indicator, refresh = false, priority = this.options.priority): Promise<LookupResult> {
    const { owner, batch, signal } = this.options;
    const options = { priority, owner, batch, signal, refresh };
    return abortable(
      this.privacy.private
        ? this.service.fetch(privateReportSpec(indicator), options)
        : this.service.get(indicator, options),
      this.ends,
    );
  }

  /** It has an analysis from here on. */
  sentAs(indicator: Indicator, { analysisId, sentAt, scannedBefore }: OpenAnalysis): void {
    const since = Date.now() - (performance.now() - sentAt);
    this.pending = this.#record(indicator, { since, analysisId, scannedBefore });
    this.tell({ stage: 'queued', analysisId });
  }

  /** From here on it may arrive. */
  leaves(indicator: Indicator, scannedBefore: OpenAnalysis['scannedBefore']): void {
    this.pending = this.#record(indicator, { since: Date.now(), scannedBefore });
    this.tell({ stage: 'uploading', percent: 0 });
  }

  /** So far of its body, in bytes. */
  uploaded(sent: number, length: number): void {
    this.isWhole = sent >= length;
    const percent = length === 0 ? 100 : Math.floor((100 * sent) / length);
    if (this.stage.stage !== 'uploading' || this.stage.percent === percent) return;
    this.tell({ stage: 'uploading', percent });
  }

  #record(
    { type, value }: Indicator,
    sent: { since: number; analysisId?: string; scannedBefore: OpenAnalysis['scannedBefore'] },
  ): PendingAnalysis {
    const { since, analysisId, scannedBefore } = sent;
    return {
      ...(analysisId === undefined ? {} : { analysisId }),
      target: { kind: type === 'url' || type === 'file' ? type : 'rescan', type, value },
      since: Math.round(since),
      private: this.privacy.private,
      ...(scannedBefore === undefined ? {} : { scannedBefore }),
    };
  }

  /** Nothing follows `done`. */
  tell(stage: SubmitStage): void {
    if (this.stage.stage === 'done') return;
    this.stage = stage;
    try {
      this.onStage?.(stage);
    } catch (error) {
      inBackground(Promise.reject(error instanceof Error ? error : new Error('a listener threw')));
    }
  }
}
