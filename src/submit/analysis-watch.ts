import type { VirusTotalError } from '../errors';
import { inBackground } from '../in-background';
import type { LookupResult } from '../lookup/report-repository';
import type { VirusTotalService } from '../lookup/service';
import type { AnalysisState } from '../report/analysis-state';
import { scanTime } from '../report/scan-date';
import { sleep, type Ends } from './abortable';
import { waitsAfter, type AnalysisDurations } from './analysis-durations';
import { hasVerdict, pollSpec, type AnalysisOf, type Polled } from './requests';

/** Polls are for what the key has left: every other request goes first. */
const POLL_PRIORITY = 9;
/** VirusTotal may not know an id yet that it has just given out, in ms. */
const NOT_YET_MS = 60_000;
/** An id that VirusTotal does not know for this long, in ms, it does not know any more. */
const GONE_MS = 30_000;
/** The most polls in a row that ask for the report alone: only the analysis itself says that it failed. */
const MOST_ITEMS = 2;

/** How a watch ends: the analysis is completed, perhaps with the report in hand; VirusTotal ended it without one; or it doesn't know the id. */
export type AnalysisEnd =
  { end: 'completed'; item?: LookupResult } | { end: 'failed'; word: string } | { end: 'gone' };

/** Callbacks for one submission that waits for an analysis. None may throw. */
export interface AnalysisListener {
  changed(state: AnalysisState): void;
  ended(end: AnalysisEnd): void;
  failed(error: VirusTotalError): void;
}

/**
 * The polls of one analysis, for all submissions that wait for it. It waits, polls, and waits again, as long as there is a listener; it is over with the
 * end of the analysis, with an error that waiting does not solve, or with its last listener.
 */
export class AnalysisWatch {
  readonly analysis: AnalysisOf;
  /** When the analysis before this one was made, in ms since 1970: a report that is no newer is not of this one. */
  readonly #olderThan: number | undefined;
  readonly #service: VirusTotalService;
  readonly #durations: AnalysisDurations;
  readonly #onOver: (hasEnded: boolean) => void;
  readonly #listeners = new Set<AnalysisListener>();
  /** Ends the wait between two polls when there is no listener any more. */
  readonly #left = new AbortController();
  readonly #ends: Ends;
  readonly #sentAt: number;
  #answers = 0;
  /** Polls for the report since the last for the analysis itself. */
  #items = 0;
  /** When the last poll left, in ms of VirusTotal's waits from the submission on. */
  #polledAtMs = 0;
  #isOver = false;
  #unknownSince: number | undefined;

  /**
   * @param known `sinceMs`: how long ago it was sent, in ms; `scannedBefore`: when the thing was scanned before, `never`, or undefined when that isn't
   *   known; `durations`: of the analyses before
   * @param onOver called once: with whether the analysis has ended, else there is no listener any more, or it can't be asked for
   */
  constructor(
    service: VirusTotalService,
    analysis: AnalysisOf,
    {
      sinceMs,
      scannedBefore,
      durations,
    }: { sinceMs: number; scannedBefore: string | undefined; durations: AnalysisDurations },
    onOver: (hasEnded: boolean) => void,
  ) {
    this.#service = service;
    this.analysis = analysis;
    this.#durations = durations;
    this.#olderThan = scannedBefore === 'never' ? 0 : scanTime(scannedBefore);
    this.#sentAt = performance.now() - sinceMs;
    this.#onOver = onOver;
    this.#ends = { signal: this.#left.signal, closing: service.closing };
    inBackground(this.#run());
  }

  /** @returns a function that ends it */
  listen(listener: AnalysisListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#isOver) return;
      this.#over(false);
      this.#left.abort();
    };
  }

  /** One more poll, with a priority of its own. A waiting one gets that priority. Resolves when its answer has been told; never rejects. */
  poll(priority = POLL_PRIORITY): Promise<void> {
    const { signal } = this.#left;
    return this.#service
      .fetch(
        pollSpec(this.analysis, () => this.#asksItem()),
        { priority, signal },
      )
      .then(
        (polled) => this.#answered(polled),
        (error: VirusTotalError) => this.#failed(error),
      );
  }

  async #run(): Promise<void> {
    const { timeScale } = this.#service;
    const firstMs = this.#durations.firstPollAt(this.#kind);
    try {
      await sleep(Math.max(0, firstMs * timeScale - (performance.now() - this.#sentAt)), this.#ends);
      for (const waitMs of waitsAfter(firstMs)) {
        await this.poll();
        if (this.#isOver) return;
        await sleep(waitMs * timeScale, this.#ends);
        if (this.#isOver) return;
      }
    } catch (error) {
      this.#fail(error as VirusTotalError);
    }
  }

  /** How long ago it was sent, in ms of VirusTotal's waits. */
  get #ageMs(): number {
    return (performance.now() - this.#sentAt) / this.#service.timeScale;
  }

  get #kind(): string {
    const { indicator, privacy } = this.analysis;
    return `${privacy.private ? 'private ' : ''}${indicator.type}`;
  }

  /** Decided when the poll leaves, as it may have waited long in the queue. */
  #asksItem(): boolean {
    this.#polledAtMs = this.#ageMs;
    return (
      this.#items < MOST_ITEMS &&
      this.#olderThan !== undefined &&
      !this.analysis.privacy.private &&
      this.#durations.isLikelyOver(this.#kind, this.#polledAtMs)
    );
  }

  #answered(polled: Polled): void {
    if (this.#isOver) return;
    const isFirst = this.#answers++ === 0;
    const end = 'item' in polled ? this.#itemCame(polled.item) : this.#stateCame(polled.state);
    if (end === undefined) this.#durations.running(this.#kind, this.#polledAtMs, isFirst);
    else if (end.end === 'completed') this.#durations.ended(this.#kind, this.#polledAtMs, isFirst);
    if (end !== undefined) this.#end(end);
  }

  /** A report that is no newer than the one before is not of this analysis. */
  #itemCame(item: LookupResult): AnalysisEnd | undefined {
    this.#items++;
    const scanned = scanTime(item.report.scan_date) ?? 0;
    return hasVerdict(item) && scanned > (this.#olderThan ?? Infinity)
      ? { end: 'completed', item }
      : undefined;
  }

  #stateCame(state: AnalysisState | undefined): AnalysisEnd | undefined {
    this.#items = 0;
    if (state === undefined) return this.#notFound();
    this.#unknownSince = undefined;
    if (state.state === 'completed') return { end: 'completed' };
    if (state.state === 'failed') return { end: 'failed', word: state.word };
    for (const listener of [...this.#listeners]) listener.changed(state);
    return undefined;
  }

  /** One answer alone doesn't make an analysis unknown: it may be the first that VirusTotal gives for it. */
  #notFound(): AnalysisEnd | undefined {
    const now = this.#ageMs;
    const before = this.#unknownSince;
    this.#unknownSince ??= now;
    return before !== undefined && now - before >= GONE_MS && now >= NOT_YET_MS ? { end: 'gone' } : undefined;
  }

  /** What may pass is waited for, as long as those who listen do. */
  #failed(error: VirusTotalError): void {
    if (error.code === 'VT_BAD_RESPONSE' || (error.retryable && error.code !== 'VT_QUOTA')) return;
    this.#fail(error);
  }

  #fail(error: VirusTotalError): void {
    if (this.#isOver) return;
    this.#over(false);
    for (const listener of this.#takeListeners()) listener.failed(error);
  }

  #end(end: AnalysisEnd): void {
    this.#over(true);
    for (const listener of this.#takeListeners()) listener.ended(end);
  }

  #over(hasEnded: boolean): void {
    this.#isOver = true;
    this.#onOver(hasEnded);
  }

  #takeListeners(): AnalysisListener[] {
    const all = [...this.#listeners];
    this.#listeners.clear();
    // The wait between two polls ends too.
    queueMicrotask(() => this.#left.abort());
    return all;
  }
}
