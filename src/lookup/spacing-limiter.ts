import type Bottleneck from 'bottleneck';
import type { Candidate, Candidates, Decision, RateLimiter } from './rate-limiter';

/** Wall and monotonic clock may drift apart by this much, in ms, before it counts as the clock having been set. */
const CLOCK_SET_MS = 500;

/**
 * Spaces starts by Bottleneck's `minTime`. Bottleneck knows nothing of when requests arrive, of earlier ones and of other limits: the
 * limiter behind it does, and decides. States: spaced (Bottleneck's job has run and no request has started since: the limiter is asked
 * directly), else the next decision waits for a job of Bottleneck. Bottleneck reckons by the wall clock, which can be set: an hour back
 * would stall it for an hour, so then it is replaced.
 */
export class SpacingLimiter implements RateLimiter {
  readonly isLocal = true;
  readonly #spacingMs: number;
  readonly #limiter: RateLimiter;
  #bottleneck: Bottleneck | undefined;
  #clockOffsetMs = 0;
  #isSpaced = false;
  #isClosed = false;

  /** @param limiter decides when the spacing is over */
  constructor(spacingMs: number, limiter: RateLimiter) {
    this.#spacingMs = spacingMs;
    this.#limiter = limiter;
  }

  async reserve<C extends Candidate>(candidates: Candidates<C>): Promise<readonly Decision<C>[]> {
    if (this.#isClosed) return [];
    const bottleneck = this.#currentBottleneck();
    try {
      if (!this.#isSpaced) await bottleneck.schedule(() => Promise.resolve());
    } catch {
      // Bottleneck rejects what still waits when it is stopped.
      return [];
    }
    const decisions = await this.#limiter.reserve(candidates);
    this.#isSpaced = decisions[0]?.action !== 'start';
    return decisions;
  }

  retryAfterMs(): number {
    return this.#limiter.retryAfterMs();
  }

  close(): void {
    this.#isClosed = true;
    this.#limiter.close();
    this.#bottleneck?.stop({ dropWaitingJobs: true }).catch(() => undefined);
  }

  #currentBottleneck(): Bottleneck {
    const offsetMs = wallClockOffsetMs();
    if (!this.#bottleneck || Math.abs(offsetMs - this.#clockOffsetMs) > CLOCK_SET_MS) {
      this.#clockOffsetMs = offsetMs;
      this.#bottleneck = new (loadBottleneck())({ minTime: Math.ceil(this.#spacingMs) });
    }
    return this.#bottleneck;
  }
}

/** Loaded with the first request that is spaced: other keys never use it. */
function loadBottleneck(): typeof Bottleneck {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('bottleneck') as typeof Bottleneck;
}

function wallClockOffsetMs(): number {
  return Date.now() - performance.now();
}
