import type { Privacy } from '../api/submission-requests';
import type { Indicator } from '../ioc/ioc';
import type { VirusTotalService } from '../lookup/service';
import { AnalysisDurations } from './analysis-durations';
import { AnalysisWatch } from './analysis-watch';
import { submissionKey, type AnalysisOf } from './requests';
import { SharedPost, type Post, type PostOptions } from './shared-post';

/** An analysis that VirusTotal has begun, whose end has not been seen yet. */
export interface OpenAnalysis {
  analysisId: string;
  /** Monotonic time. */
  sentAt: number;
  /** See `AnalysisWatch`. */
  scannedBefore: string | undefined;
}

/** For how long the same thing joins an analysis that no message waits for, in ms. */
const OPEN_MS = 60 * 60_000;

/** What the submissions of one service, and of those that take over from it, share: one request and one poll loop for the same thing. */
export class Submissions {
  readonly #posts = new Map<string, SharedPost>();
  readonly #watches = new Map<string, AnalysisWatch>();
  readonly #open = new Map<string, OpenAnalysis>();
  readonly #durations = new AnalysisDurations();

  /** What is being sent for the same thing. */
  post(indicator: Indicator, privacy: Privacy): SharedPost | undefined {
    return this.#posts.get(submissionKey(indicator, privacy));
  }

  /** The analysis that is under way for the same thing. */
  open(service: VirusTotalService, indicator: Indicator, privacy: Privacy): OpenAnalysis | undefined {
    const now = performance.now();
    for (const [key, { analysisId, sentAt }] of this.#open)
      if (!this.#watches.has(analysisId) && now - sentAt > OPEN_MS * service.timeScale)
        this.#open.delete(key);
    return this.#open.get(submissionKey(indicator, privacy));
  }

  /** Starts to send. The result is stored before the waiting callers receive it. */
  startPost(service: VirusTotalService, what: Post, options: PostOptions): SharedPost {
    const key = submissionKey(what.indicator, what.privacy);
    const post = new SharedPost(
      service,
      what,
      options,
      (analysisId) =>
        void this.#open.set(key, {
          analysisId,
          sentAt: performance.now(),
          scannedBefore: what.scannedBefore,
        }),
    );
    this.#posts.set(key, post);
    const over = (): void => {
      if (this.#posts.get(key) === post) this.#posts.delete(key);
    };
    post.onOver = over;
    return post;
  }

  /** The polls of an analysis. */
  watch(
    service: VirusTotalService,
    analysis: AnalysisOf,
    times: { sinceMs: number; scannedBefore: OpenAnalysis['scannedBefore'] },
  ): AnalysisWatch {
    const { analysisId, indicator, privacy } = analysis;
    let watch = this.#watches.get(analysisId);
    if (watch === undefined) {
      watch = new AnalysisWatch(service, analysis, { ...times, durations: this.#durations }, (hasEnded) => {
        this.#watches.delete(analysisId);
        if (!hasEnded) return;
        const key = submissionKey(indicator, privacy);
        if (this.#open.get(key)?.analysisId === analysisId) this.#open.delete(key);
      });
      this.#watches.set(analysisId, watch);
    }
    return watch;
  }
}

/** By the signal that ends a service: the one that takes over has the same. */
const byService = new WeakMap<AbortSignal, Submissions>();

/** What the submissions of a service share. */
export function submissionsOf(service: VirusTotalService): Submissions {
  let submissions = byService.get(service.closing);
  if (submissions === undefined) {
    submissions = new Submissions();
    byService.set(service.closing, submissions);
  }
  return submissions;
}
