import type { VirusTotalApi } from '../api/client';
import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import type { AnswerOrRedirect } from './in-flight-request';
import type { LookupResult, ReportRepository } from './report-repository';

/**
 * A service's API client and report repository. A service that takes over the requests of another brings its own; requests under way
 * end with the fetcher that started them.
 */
export class ReportFetcher {
  readonly reports: ReportRepository | undefined;
  readonly #api: VirusTotalApi;
  #running = 0;
  #isAborted = false;
  #onIdle: (() => void)[] = [];

  constructor(api: VirusTotalApi, reports: ReportRepository | undefined) {
    this.#api = api;
    this.reports = reports;
  }

  async getReport(
    indicator: Indicator,
    redirect: string | undefined,
    progress: Progress,
  ): Promise<AnswerOrRedirect<LookupResult>> {
    const exchange = await this.#track(this.#api.ask(indicator, { redirect, progress }));
    return 'redirect' in exchange ? exchange : { answer: { ...exchange.answer, cached: false } };
  }

  async behaviourMitreTrees(
    sha256: string,
    redirect: string | undefined,
    progress: Progress,
  ): Promise<AnswerOrRedirect<unknown>> {
    const trees = await this.#track(this.#api.behaviourMitreTrees(sha256, { redirect, progress }));
    return 'redirect' in trees ? trees : { answer: trees.body };
  }

  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * Resolves when nothing is under way any more. What takes longer is given up and fails for a passing reason: it goes again where it
   * is taken over.
   */
  async drain(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.idle(), limit]);
    clearTimeout(timer);
    this.#isAborted = true;
    await this.#api.close();
  }

  async #track<T>(exchange: Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await exchange;
    } catch (error) {
      if (!this.#isAborted) throw error;
      throw new VirusTotalError(
        'VT_NETWORK',
        'Flows stopped: the request was given up before its answer came',
        {
          retryable: true,
        },
      );
    } finally {
      if (--this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }
}
