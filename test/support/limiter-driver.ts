import { DispatchLog, type Reservation } from '../../src/lookup/dispatch-log';
import type { RateLimiter } from '../../src/lookup/rate-limiter';

/** What a request does with its reservation; by default it is answered at once. */
export type Request = (reservation: Reservation) => void;

const answerAtOnce: Request = (reservation) => reservation.answered();

/** Asks a limiter as a key's scheduler does: one decision after the other, and again when its wait is over or the log changes. */
export class LimiterDriver {
  readonly dispatches = new DispatchLog(() => {
    if (!this.limiter?.isLocal) return;
    this.#isOutdated = true;
    if (this.#timer !== undefined) this.#step();
  });
  /** Monotonic times at which requests started. */
  readonly starts: number[] = [];
  limiter: RateLimiter | undefined;
  #wanted: Request[] = [];
  #timer: NodeJS.Timeout | undefined;
  #deciding = false;
  #isOutdated = false;

  /** Starts further requests as soon as the limiter lets it. */
  start(count: number, request: Request = answerAtOnce): this {
    for (let i = 0; i < count; i++) this.#wanted.push(request);
    if (!this.#deciding) this.#step();
    return this;
  }

  /** Ends the limiter as a deploy does. */
  close(): void {
    clearTimeout(this.#timer);
    this.#wanted = [];
    this.limiter?.close();
  }

  #step(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#deciding = true;
    this.#decideAll().then(
      () => (this.#deciding = false),
      (error: unknown) => {
        throw error;
      },
    );
  }

  async #decideAll(): Promise<void> {
    while (this.#wanted.length > 0) {
      this.#isOutdated = false;
      const decisions = await this.limiter?.reserve(() =>
        this.#wanted.length > 0 ? [{ lease: undefined }] : [],
      );
      const decision = decisions?.[0];
      if (!decision) return;
      if (decision.action === 'wait') {
        if (this.#isOutdated) continue;
        this.#timer = setTimeout(() => this.#step(), Math.ceil(decision.waitMs));
        return;
      }
      if (decision.action !== 'start') continue;
      this.starts.push(performance.now());
      this.#wanted.shift()?.(decision.reservation);
    }
  }
}
