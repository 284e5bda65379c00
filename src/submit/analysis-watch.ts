import type { VirusTotalError } from '../errors';
import { inBackground } from '../in-background';
import type { LookupResult } from '../lookup/report-repository';
import type { VirusTotalService } from '../lookup/service';
import type { AnalysisState } from '../report/analysis-state';
import { scanTime } from '../report/scan-date';
import { sleep, type Ends } from './abortable';
import { hasVerdict, pollSpec, type AnalysisOf, type Polled } from './requests';

/** The first poll comes after this, in ms. Each later one waits longer, up to `LONGEST_WAIT_MS`. */
const FIRST_WAIT_MS = 30_000;
const LONGER_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;
/** Polls are for what the key has left: every other request goes first. */
const POLL_PRIORITY = 9;
/** VirusTotal may not know an id yet that it has just given out, in ms. */
const NOT_YET_MS = 60_000;
/**
 * A first poll that leaves this late, in ms, asks for the report at once: the queue was long, and the analysis, which takes a few minutes, is most
 * likely over. It saves one request for each submission just when there are many.
 */
const LATE_MS = 5 * 60_000;

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
  readonly #onOver: (hasEnded: boolean) => void;
  readonly #listeners = new Set<AnalysisListener>();
  /** Ends the wait between two polls when there is no listener any more. */
  readonly #left = new AbortController();
  readonly #ends: Ends;
  readonly #sentAt: number;
  #answers = 0;
  #isOver = false;
  #unknownSince: number | undefined;

  /**
   * @param times `sinceMs`: how long ago it was sent, in ms; `scannedBefore`: when the thing was scanned before, `never`, or undefined when that isn't known
   * @param onOver called once: with whether the analysis has ended, else there is no listener any more, or it can't be asked for
   */
  constructor(
    service: VirusTotalService,
    analysis: AnalysisOf,
    { sinceMs, scannedBefore }: { sinceMs: number; scannedBefore: string | undefined },
    onOver: (hasEnded: boolean) => void,
  ) {
    this.#service = service;
    this.analysis = analysis;
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
        pollSpec(this.analysis, () => this.#asksItem),
        { priority, signal },
      )
      .then(
        (polled) => this.#answered(polled),
        (error: VirusTotalError) => this.#failed(error),
      );
  }

  async #run(): Promise<void> {
    const { timeScale } = this.#service;
    let wait = FIRST_WAIT_MS;
    try {
      await sleep(Math.max(0, wait * timeScale - (performance.now() - this.#sentAt)), this.#ends);
      while (!this.#isOver) {
        await this.poll();
        wait = Math.min(LONGEST_WAIT_MS, wait + LONGER_MS);
        if (!this.#isOver) await sleep(wait * timeScale, this.#ends);
      }
    } catch (error) {
      this.#fail(error as VirusTotalError);
    }
  }

  /** How long ago it was sent, in ms of VirusTotal's waits. */
  get #ageMs(): number {
    return (performance.now() - this.#sentAt) / this.#service.timeScale;
  }

  get #asksItem(): boolean {
    return (
      this.#answers === 0 &&
      this.#ageMs >= LATE_MS &&
      this.#olderThan !== undefined &&
      !this.analysis.privacy.private
    );
  }

  #answered(polled: Polled): void {
    if (this.#isOver) return;
    this.#answers++;
    if ('item' in polled) {
      const { item } = polled;
      const scanned = scanTime(item.report.scan_date) ?? 0;
      if (hasVerdict(item) && scanned > (this.#olderThan ?? Infinity)) this.#end({ end: 'completed', item });
      return;
    }
    const { state } = polled;
    if (state === undefined) return this.#notFound();
    this.#unknownSince = undefined;
    if (state.state === 'completed') return this.#end({ end: 'completed' });
    if (state.state === 'failed') return this.#end({ end: 'failed', word: state.word });
    for (const listener of [...this.#listeners]) listener.changed(state);
  }

  /** One answer alone doesn't make an analysis unknown: it may be the first that VirusTotal gives for it. */
  #notFound(): void {
    const now = this.#ageMs;
    const before = this.#unknownSince;
    this.#unknownSince ??= now;
    if (before !== undefined && now - before >= FIRST_WAIT_MS && now >= NOT_YET_MS)
      this.#end({ end: 'gone' });
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
