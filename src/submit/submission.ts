import { VirusTotalError, type ErrorDetails } from '../errors';
import type { Privacy, Submitted } from '../api/submission-requests';
import { inBackground } from '../in-background';
import type { Indicator } from '../ioc/ioc';
import type { LookupResult } from '../lookup/report-repository';
import type { VirusTotalService } from '../lookup/service';
import { scanTime } from '../report/scan-date';
import { abortable, sleep, type Ends } from './abortable';
import { reportOf, waitForAnalysis } from './analysis-wait';
import { checkedOptions, type CheckedOptions } from './checked-options';
import { checkFile } from './guard';
import type { SubmitOptions } from './options';
import { privateReportSpec, type Sendable } from './requests';
import type { PendingAnalysis, SubmitResult } from './result';
import { RefusedBefore, type SharedPost } from './shared-post';
import type { SubmitStage } from './stage';
import { submissionsOf, type OpenAnalysis, type Submissions } from './submissions';
import { indicatorOf, type SubmitTarget } from './target';

/** A submission that has been started, or taken up again. */
export interface Submission {
  /** Rejects with VirusTotalError. It may be left unhandled. */
  readonly result: Promise<SubmitResult>;
  /** How far it is. */
  readonly stage: SubmitStage;
  /** Gets each change; may be replaced. Must not throw. */
  onStage: ((stage: SubmitStage) => void) | undefined;
  /** What is to be kept for a restart; undefined before anything may have left and after the end, unless that was `VT_CLOSED`. */
  pending(): PendingAnalysis | undefined;
}

/** Submits something. Never throws: whatever is wrong rejects `result`. */
export function startSubmission(
  service: VirusTotalService,
  target: SubmitTarget,
  options: SubmitOptions = {},
): Submission {
  return new OneSubmission(service, options, (submission) => submission.submit(target));
}

/** Goes on with a submission from before a restart, and sends nothing again. Never throws: whatever is wrong rejects `result`. */
export function resumeSubmission(
  service: VirusTotalService,
  pending: PendingAnalysis,
  options: SubmitOptions = {},
): Submission {
  return new OneSubmission(service, { ...options, private: pending.private }, (submission) =>
    submission.resume(pending),
  );
}

/** Between the lookups of what may have arrived, in ms. A report may come only with the end of the first analysis, which takes a few minutes. */
const ARRIVAL_MS = [10_000, 30_000, 60_000, 120_000];
/** Between the lookups of what has arrived and is being analyzed, in ms. */
const UNDER_WAY_MS = 60_000;
/** What a wait gets at least after a restart, in ms. */
const LEAST_WAIT_MS = 60_000;
/** How far this machine's clock may be from VirusTotal's, in ms. */
const CLOCKS_APART_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** What became of sending. */
type Sent = { open: OpenAnalysis } | { found: LookupResult; submitted: boolean } | 'unknown';

/**
 * One message's submission. It is `looking-up` until it is known whether something is to be sent; then `waiting` for its turn in the key's queue, and
 * `uploading` from the moment when it may arrive. With the id of its analysis it is `queued`, then `scanning`, and `done` with the report. An answer that
 * was lost leads to `recovering`: the report is asked for, and nothing is sent again. From every one of them an error, the signal and the end of the service
 * lead to `done`. What is the same for several messages, sending and polling, is in `Submissions`; each of them has states of its own.
 */
class OneSubmission implements Submission {
  readonly result: Promise<SubmitResult>;
  stage: SubmitStage = { stage: 'looking-up' };
  onStage: ((stage: SubmitStage) => void) | undefined;
  readonly #service: VirusTotalService;
  readonly #ends: Ends;
  #options: CheckedOptions = {
    when: 'unknown',
    maxAgeDays: 30,
    wait: true,
    timeoutMs: 600_000,
    private: false,
  };
  #pending: PendingAnalysis | undefined;
  #hasSent = false;
  /** What was sent has left to its end: without that, VirusTotal takes nothing of a body. */
  #isWhole = true;

  constructor(
    service: VirusTotalService,
    options: SubmitOptions,
    run: (submission: OneSubmission) => Promise<SubmitResult>,
  ) {
    this.#service = service;
    this.#ends = { signal: options.signal, closing: service.closing };
    this.onStage = options.onStage;
    this.result = Promise.resolve()
      .then(() => {
        this.#options = checkedOptions(options);
        return run(this);
      })
      .then(
        (result) => {
          this.#pending = undefined;
          return result;
        },
        (thrown: unknown) => {
          const error = withPending(thrown, this.#pending);
          if (!(error instanceof VirusTotalError && error.code === 'VT_CLOSED')) this.#pending = undefined;
          throw error;
        },
      )
      .finally(() => this.#tell({ stage: 'done' }));
    this.result.catch(() => undefined);
  }

  pending(): PendingAnalysis | undefined {
    return this.#pending && { ...this.#pending, target: { ...this.#pending.target } };
  }

  async submit(given: SubmitTarget): Promise<SubmitResult> {
    this.#needV3();
    if (given.kind === 'file') checkFile(given);
    const target = this.#sendable(given);
    const indicator = indicatorOf(target);
    const sent = (await this.#join(target)) ?? (await this.#decide(target, indicator));
    if (sent === 'unknown') return { report: unknown(indicator), ...NOTHING_SENT };
    if ('found' in sent) return resultOf(sent.found, { submitted: sent.submitted, waitedMs: 0 });
    return this.#finish(indicator, sent.open);
  }

  async resume(pending: PendingAnalysis): Promise<SubmitResult> {
    this.#needV3();
    const { analysisId, since } = pending;
    const indicator = { type: pending.target.type, value: pending.target.value };
    this.#pending = pending;
    const sinceMs = Math.max(0, Date.now() - since);
    if (analysisId === undefined) {
      const found = await this.#recover(indicator, pending.scannedBefore);
      if (found === undefined) throw lost(indicator);
      return resultOf(found, { submitted: true, waitedMs: sinceMs });
    }
    this.#tell({ stage: 'queued', analysisId });
    const { scannedBefore } = pending;
    const open = { analysisId, sentAt: performance.now() - sinceMs, scannedBefore };
    const { timeoutMs } = this.#options;
    return this.#finish(indicator, open, Math.max(Math.min(LEAST_WAIT_MS, timeoutMs), timeoutMs - sinceMs));
  }

  /** The analysis that is under way for the same thing, or being started by another message. */
  async #join(target: SubmitTarget): Promise<Sent | undefined> {
    const indicator = indicatorOf(target);
    const open = this.#shared.open(this.#service, indicator, this.#privacy);
    if (open !== undefined) {
      this.#sentAs(indicator, open);
      return { open };
    }
    return this.#send(target, undefined, undefined);
  }

  /** Looks first, where that decides what is sent. */
  async #decide(target: SubmitTarget, indicator: Indicator): Promise<Sent> {
    const { when } = this.#options;
    const rescan: Sendable = { kind: 'rescan' };
    if (target.kind === 'rescan' && when !== 'older') return this.#sendNew(target, rescan, undefined);
    if (target.kind === 'url' && when === 'always')
      return this.#sendNew(target, { kind: 'url', url: target.url }, undefined);
    this.#tell({ stage: 'looking-up' });
    let found = await this.#look(indicator);
    // It may have been scanned since.
    if (found.report.response_code === -2 && found.cached) found = await this.#look(indicator, true);
    const { response_code: code, scan_date: date } = found.report;
    if (code === 0) return this.#sendContent(target);
    if (code === 1 && (when === 'unknown' || (when === 'older' && !this.#isOld(date))))
      return { found, submitted: false };
    // Private scanning visits a URL again when it is submitted again.
    if (this.#privacy.private && target.kind === 'url') return this.#sendContent(target);
    return this.#sendNew(target, rescan, date ?? 'never');
  }

  /** For what VirusTotal does not know. */
  #sendContent(target: SubmitTarget): Promise<Sent> {
    const content = contentOf(target);
    return content === undefined ? Promise.resolve('unknown') : this.#sendNew(target, content, 'never');
  }

  #isOld(date: string | undefined): boolean {
    const time = scanTime(date);
    return time === undefined || Date.now() - time > this.#options.maxAgeDays * DAY_MS;
  }

  #look(indicator: Indicator, refresh = false, priority = this.#options.priority): Promise<LookupResult> {
    const { owner, batch, signal } = this.#options;
    const options = { priority, owner, batch, signal, refresh };
    return abortable(
      this.#privacy.private
        ? this.#service.fetch(privateReportSpec(indicator), options)
        : this.#service.get(indicator, options),
      this.#ends,
    );
  }

  async #sendNew(
    target: SubmitTarget,
    sendable: Sendable,
    scannedBefore: OpenAnalysis['scannedBefore'],
  ): Promise<Sent> {
    return (await this.#send(target, sendable, scannedBefore)) as Sent;
  }

  /** @param sendable undefined: joins another message that sends the same, or returns undefined */
  async #send(
    target: SubmitTarget,
    sendable: Sendable | undefined,
    scannedBefore: OpenAnalysis['scannedBefore'],
  ): Promise<Sent | undefined> {
    const indicator = indicatorOf(target);
    let answer: Submitted | undefined;
    try {
      answer = await this.#posted(indicator, sendable, scannedBefore);
    } catch (error) {
      if (!(error instanceof VirusTotalError) || error.mayHaveArrived !== true) throw error;
      const found = await this.#recover(indicator, this.#pending?.scannedBefore);
      if (found === undefined) throw notArrived(error, indicator);
      return { found, submitted: true };
    }
    if (answer === undefined) return undefined;
    if (answer.analysisId === undefined) return this.#answeredWithout(answer.is, target, sendable);
    const open = this.#shared.open(this.#service, indicator, this.#privacy) ?? {
      analysisId: answer.analysisId,
      sentAt: performance.now(),
      scannedBefore,
    };
    this.#sentAs(indicator, open);
    return { open };
  }

  /** Sends, or waits for another message that sends the same. */
  async #posted(
    indicator: Indicator,
    sendable: Sendable | undefined,
    scannedBefore: OpenAnalysis['scannedBefore'],
  ): Promise<Submitted | undefined> {
    for (;;) {
      const joined = this.#shared.post(indicator, this.#privacy);
      if (joined === undefined && sendable === undefined) return undefined;
      this.#tell({ stage: 'waiting' });
      const post = joined ?? this.#startPost(indicator, sendable as Sendable, scannedBefore);
      const leave = post.join({
        leaves: () => this.#leaves(indicator, post.scannedBefore),
        sent: (sent, length) => this.#uploaded(sent, length),
      });
      try {
        return await abortable(post.answer, this.#ends, leave);
      } catch (error) {
        if (!(error instanceof RefusedBefore)) throw error;
        if (joined === undefined) throw error.cause;
      }
    }
  }

  #startPost(
    indicator: Indicator,
    sendable: Sendable,
    scannedBefore: OpenAnalysis['scannedBefore'],
  ): SharedPost {
    const { priority, batch, beforeSend } = this.#options;
    const isFirst = !this.#hasSent;
    this.#hasSent = true;
    return this.#shared.startPost(
      this.#service,
      { indicator, sendable, privacy: this.#privacy, scannedBefore },
      { priority, batch, beforeSend: isFirst ? beforeSend : undefined },
    );
  }

  /** VirusTotal has answered, but with no analysis. */
  async #answeredWithout(
    is: 'known already' | 'unknown',
    target: SubmitTarget,
    sendable: Sendable | undefined,
  ): Promise<Sent> {
    this.#pending = undefined;
    if (is === 'unknown' && (sendable === undefined || sendable.kind === 'rescan'))
      return this.#sendContent(target);
    const indicator = indicatorOf(target);
    const found = await this.#look(indicator, true);
    if (found.report.response_code !== 0) return { found, submitted: false };
    throw new VirusTotalError(
      'VT_REQUEST',
      `Submission refused: VirusTotal does not take ${indicator.value} (${is})`,
    );
  }

  /**
   * The report, when it shows that what may have arrived has arrived. One whose analysis goes on is waited for.
   * @param scannedBefore a report that is no newer proves nothing; where that isn't known, one from before it was sent
   */
  async #recover(
    indicator: Indicator,
    scannedBefore: OpenAnalysis['scannedBefore'],
  ): Promise<LookupResult | undefined> {
    this.#tell({ stage: 'recovering' });
    const sentAt = this.#pending?.since ?? Date.now();
    const before = scannedBefore === 'never' ? 0 : (scanTime(scannedBefore) ?? sentAt - CLOCKS_APART_MS);
    const until = performance.now() + this.#options.timeoutMs;
    for (let looks = 0; ; looks++) {
      const found = await this.#look(indicator, true, looks === 0 ? this.#options.priority : 9);
      const { response_code: code, scan_date: date } = found.report;
      if (code === 1 && (scanTime(date) ?? 1) > before) return found;
      const isUnderWay = code === -2;
      if (isUnderWay && (!this.#options.wait || performance.now() > until)) return found;
      const wait = isUnderWay ? UNDER_WAY_MS : this.#isWhole ? ARRIVAL_MS[looks] : undefined;
      if (wait === undefined) break;
      if (isUnderWay) this.#tell({ stage: 'queued' });
      await sleep(wait * this.#service.timeScale, this.#ends);
    }
    this.#service.forget(indicator);
    return undefined;
  }

  /** Waits for the analysis, and gets its report. */
  async #finish(
    indicator: Indicator,
    open: OpenAnalysis,
    timeoutMs = this.#options.timeoutMs,
  ): Promise<SubmitResult> {
    const { analysisId, sentAt, scannedBefore } = open;
    if (!this.#options.wait) {
      if (!this.#privacy.private) this.#service.forget(indicator);
      return { analysisId, submitted: true, cached: false, waitedMs: 0 };
    }
    const { priority } = this.#options;
    const analysis = { analysisId, indicator, privacy: this.#privacy };
    const sinceMs = performance.now() - sentAt;
    const end = await waitForAnalysis(
      this.#service,
      this.#shared.watch(this.#service, analysis, { sinceMs, scannedBefore }),
      { timeoutMs, priority, ends: this.#ends, onStage: (stage) => this.#tell(stage) },
    );
    const done = (found: LookupResult): SubmitResult => ({
      ...resultOf(found, { submitted: true, waitedMs: Math.round(performance.now() - sentAt) }),
      analysisId,
    });
    switch (end.end) {
      case 'completed':
        return done(
          end.item ??
            (await abortable(reportOf(this.#service, analysis, { priority, ends: this.#ends }), this.#ends)),
        );
      case 'failed':
        throw new VirusTotalError(
          'VT_REQUEST',
          `Analysis failed: VirusTotal ended the analysis ${analysisId} of ${indicator.value} as "${end.word}"`,
        );
      case 'gone': {
        const found = await this.#look(indicator, true);
        if (found.report.response_code === 1) return done(found);
        throw new VirusTotalError(
          'VT_REQUEST',
          `Analysis not known: VirusTotal does not know the analysis ${analysisId} any more, and has no report of ${indicator.value}. Look it up later`,
        );
      }
    }
  }

  #sentAs(indicator: Indicator, { analysisId, sentAt, scannedBefore }: OpenAnalysis): void {
    const since = Date.now() - (performance.now() - sentAt);
    this.#pending = this.#record(indicator, { since, analysisId, scannedBefore });
    this.#tell({ stage: 'queued', analysisId });
  }

  #leaves(indicator: Indicator, scannedBefore: OpenAnalysis['scannedBefore']): void {
    this.#pending = this.#record(indicator, { since: Date.now(), scannedBefore });
    this.#tell({ stage: 'uploading', percent: 0 });
  }

  #uploaded(sent: number, length: number): void {
    this.#isWhole = sent >= length;
    const percent = length === 0 ? 100 : Math.floor((100 * sent) / length);
    if (this.stage.stage !== 'uploading' || this.stage.percent === percent) return;
    this.#tell({ stage: 'uploading', percent });
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
      private: this.#privacy.private,
      ...(scannedBefore === undefined ? {} : { scannedBefore }),
    };
  }

  get #shared(): Submissions {
    return submissionsOf(this.#service);
  }

  get #privacy(): Privacy {
    return { private: this.#options.private };
  }

  #needV3(): void {
    if (this.#service.apiVersion === 'v2')
      throw new VirusTotalError(
        'VT_CONFIG',
        'API v3 needed: nothing is submitted with API v2. Choose v3 in the VirusTotal config',
      );
  }

  /** @throws VirusTotalError `VT_INVALID_IOC` for what may not be sent: private, on the allow list, or not what it is said to be */
  #sendable(target: SubmitTarget): SubmitTarget {
    const indicator = this.#service.filter.sendable(indicatorOf(target));
    if (target.kind === 'rescan') {
      if (this.#privacy.private && !(indicator.type === 'file' && indicator.value.length === 64))
        throw new VirusTotalError(
          'VT_INVALID_IOC',
          'Not scanned again: in private scanning that is possible for a file by its SHA-256 only',
        );
      return { kind: 'rescan', indicator };
    }
    if (target.kind === 'file') return target;
    if (indicator.type !== 'url')
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        `Not submitted: ${target.url} is a wrapped link that tells no more than the domain ${indicator.value}`,
      );
    return { kind: 'url', url: indicator.value };
  }

  #tell(stage: SubmitStage): void {
    if (this.stage.stage === 'done') return;
    this.stage = stage;
    try {
      this.onStage?.(stage);
    } catch (error) {
      inBackground(Promise.reject(error instanceof Error ? error : new Error('a listener threw')));
    }
  }
}

const NOTHING_SENT = { submitted: false, cached: false, waitedMs: 0 };

function resultOf(
  { report, body, cached }: LookupResult,
  sent: { submitted: boolean; waitedMs: number },
): SubmitResult {
  return { report, body, cached, ...sent };
}

function unknown({ type, value }: Indicator): NonNullable<SubmitResult['report']> {
  return { type, resource: value, response_code: 0, verbose_msg: 'Not found in dataset' };
}

/** What there is to send of something that VirusTotal doesn't know. */
function contentOf(target: SubmitTarget): Sendable | undefined {
  if (target.kind === 'file') return { kind: 'file', file: target };
  if (target.kind === 'url') return { kind: 'url', url: target.url };
  return target.indicator.type === 'url' ? { kind: 'url', url: target.indicator.value } : undefined;
}

/** An error of the network says less than what may have happened by it. */
function notArrived(error: VirusTotalError, { type, value }: Indicator): VirusTotalError {
  return new VirusTotalError(
    error.code,
    [
      error.message,
      `The ${type === 'file' ? 'upload' : 'submission'} may have arrived all the same and is not sent again: VirusTotal has no new report of ${value} yet, look it up later`,
    ].join('. '),
    { ...detailsOf(error), retryable: false, mayHaveArrived: true },
  );
}

function lost({ value }: Indicator): VirusTotalError {
  return new VirusTotalError(
    'VT_NETWORK',
    `Interrupted: Node.js ended while ${value} was sent, and VirusTotal has no new report of it. It may have arrived all the same and is not sent again: look it up later`,
    { retryable: false, mayHaveArrived: true },
  );
}

/** The error with what is known of what was sent. */
function withPending(error: unknown, pending: PendingAnalysis | undefined): unknown {
  if (!(error instanceof VirusTotalError) || pending === undefined) return error;
  const { analysisId } = pending;
  if (analysisId === undefined && error.code !== 'VT_CLOSED') return error;
  return new VirusTotalError(error.code, error.message, {
    ...detailsOf(error),
    ...(analysisId === undefined ? { mayHaveArrived: true } : { analysisId }),
  });
}

function detailsOf(error: VirusTotalError): ErrorDetails {
  const { status, retryable, retryAfterMs, reason, mayHaveArrived } = error;
  return {
    retryable,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(reason === undefined ? {} : { reason }),
    ...(mayHaveArrived === undefined ? {} : { mayHaveArrived }),
  };
}
