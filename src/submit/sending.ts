import type { Submitted } from '../api/submission-requests';
import { VirusTotalError } from '../errors';
import type { Indicator } from '../ioc/ioc';
import type { LookupResult } from '../lookup/report-repository';
import { scanTime } from '../report/scan-date';
import { abortable } from './abortable';
import { recover } from './recovery';
import type { Sendable } from './requests';
import { RefusedBefore, type SharedPost } from './shared-post';
import { notArrived } from './submission-errors';
import type { SubmissionState } from './submission-state';
import type { OpenAnalysis } from './submissions';
import { indicatorOf, type SubmitTarget } from './target';

const DAY_MS = 86_400_000;

/** What became of sending. */
export type Sent = { open: OpenAnalysis } | { found: LookupResult; submitted: boolean } | 'unknown';

/** The part of a submission that decides whether something is sent, and sends it. */
export class Sending {
  readonly #state: SubmissionState;
  #hasSent = false;

  constructor(state: SubmissionState) {
    this.#state = state;
  }

  /** The analysis that is under way for the same thing, or being started by another message. */
  async join(target: SubmitTarget): Promise<Sent | undefined> {
    const indicator = indicatorOf(target);
    const open = this.#state.shared.open(this.#state.service, indicator, this.#state.privacy);
    if (open !== undefined) {
      this.#state.sentAs(indicator, open);
      return { open };
    }
    return this.#send(target, undefined, undefined);
  }

  /** Looks first, where that decides what is sent. */
  async decide(target: SubmitTarget, indicator: Indicator): Promise<Sent> {
    const { when } = this.#state.options;
    const rescan: Sendable = { kind: 'rescan' };
    if (target.kind === 'rescan' && when !== 'older') return this.#sendNew(target, rescan, undefined);
    if (target.kind === 'url' && when === 'always')
      return this.#sendNew(target, { kind: 'url', url: target.url }, undefined);
    this.#state.tell({ stage: 'looking-up' });
    let found = await this.#state.look(indicator);
    // It may have been scanned since.
    if (found.report.response_code === -2 && found.cached) found = await this.#state.look(indicator, true);
    const { response_code: code, scan_date: date } = found.report;
    if (code === 0) return this.#sendContent(target);
    if (code === 1 && (when === 'unknown' || (when === 'older' && !this.#isOld(date))))
      return { found, submitted: false };
    // Private scanning visits a URL again when it is submitted again.
    if (this.#state.privacy.private && target.kind === 'url') return this.#sendContent(target);
    return this.#sendNew(target, rescan, date ?? 'never');
  }

  /** For what VirusTotal does not know. */
  #sendContent(target: SubmitTarget): Promise<Sent> {
    const content = contentOf(target);
    return content === undefined ? Promise.resolve('unknown') : this.#sendNew(target, content, 'never');
  }

  #isOld(date: string | undefined): boolean {
    const time = scanTime(date);
    return time === undefined || Date.now() - time > this.#state.options.maxAgeDays * DAY_MS;
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
      const found = await recover(this.#state, indicator, this.#state.pending?.scannedBefore);
      if (found === undefined) throw notArrived(error, indicator);
      return { found, submitted: true };
    }
    if (answer === undefined) return undefined;
    if (answer.analysisId === undefined) return this.#answeredWithout(answer.is, target, sendable);
    const open = this.#state.shared.open(this.#state.service, indicator, this.#state.privacy) ?? {
      analysisId: answer.analysisId,
      sentAt: performance.now(),
      scannedBefore,
    };
    this.#state.sentAs(indicator, open);
    return { open };
  }

  /** Sends, or waits for another message that sends the same. */
  async #posted(
    indicator: Indicator,
    sendable: Sendable | undefined,
    scannedBefore: OpenAnalysis['scannedBefore'],
  ): Promise<Submitted | undefined> {
    for (;;) {
      const joined = this.#state.shared.post(indicator, this.#state.privacy);
      if (joined === undefined && sendable === undefined) return undefined;
      this.#state.tell({ stage: 'waiting' });
      const post = joined ?? this.#startPost(indicator, sendable as Sendable, scannedBefore);
      const leave = post.join({
        leaves: () => this.#state.leaves(indicator, post.scannedBefore),
        sent: (sent, length) => this.#state.uploaded(sent, length),
      });
      try {
        return await abortable(post.answer, this.#state.ends, leave);
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
    const { priority, batch, beforeSend } = this.#state.options;
    const isFirst = !this.#hasSent;
    this.#hasSent = true;
    return this.#state.shared.startPost(
      this.#state.service,
      { indicator, sendable, privacy: this.#state.privacy, scannedBefore },
      { priority, batch, beforeSend: isFirst ? beforeSend : undefined },
    );
  }

  /** VirusTotal has answered, but with no analysis. */
  async #answeredWithout(
    is: 'known already' | 'unknown',
    target: SubmitTarget,
    sendable: Sendable | undefined,
  ): Promise<Sent> {
    this.#state.pending = undefined;
    if (is === 'unknown' && (sendable === undefined || sendable.kind === 'rescan'))
      return this.#sendContent(target);
    const indicator = indicatorOf(target);
    const found = await this.#state.look(indicator, true);
    if (found.report.response_code !== 0) return { found, submitted: false };
    throw new VirusTotalError(
      'VT_REQUEST',
      `Submission refused: VirusTotal does not take ${indicator.value} (${is})`,
    );
  }
}

/** What there is to send of something that VirusTotal doesn't know. */
function contentOf(target: SubmitTarget): Sendable | undefined {
  if (target.kind === 'file') return { kind: 'file', file: target };
  if (target.kind === 'url') return { kind: 'url', url: target.url };
  return target.indicator.type === 'url' ? { kind: 'url', url: target.indicator.value } : undefined;
}
