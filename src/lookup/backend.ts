import type { VirusTotalApi } from '../api/client';
import { VirusTotalError } from '../errors';
import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import type { Exchange } from './flight';
import type { Found, ReportStore } from './report-store';

/**
 * What a service asks VirusTotal with, and where it keeps what it is told. A service that goes on with the requests of another brings
 * its own; those that are under way end in the one that they were made with.
 */
export class Backend {
  readonly reports: ReportStore | undefined;
  readonly #api: VirusTotalApi;
  #underWay = 0;
  #isGivenUp = false;
  #onIdle: (() => void)[] = [];

  constructor(api: VirusTotalApi, reports: ReportStore | undefined) {
    this.#api = api;
    this.reports = reports;
  }

  async ask(
    indicator: Indicator,
    redirect: string | undefined,
    progress: Progress,
  ): Promise<Exchange<Found>> {
    const exchange = await this.#watched(this.#api.ask(indicator, { redirect, progress }));
    return 'redirect' in exchange ? exchange : { answer: { ...exchange.answer, cached: false } };
  }

  async behaviourMitreTrees(
    sha256: string,
    redirect: string | undefined,
    progress: Progress,
  ): Promise<Exchange<unknown>> {
    const trees = await this.#watched(this.#api.behaviourMitreTrees(sha256, { redirect, progress }));
    return 'redirect' in trees ? trees : { answer: trees.body };
  }

  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * Resolves when nothing is under way any more. What takes longer is given up and fails for a passing reason: it goes again where it
   * is taken over.
   */
  async rest(mostMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, mostMs)));
    await Promise.race([this.idle(), limit]);
    clearTimeout(timer);
    this.#isGivenUp = true;
    await this.#api.close();
  }

  async #watched<T>(exchange: Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await exchange;
    } catch (error) {
      if (!this.#isGivenUp) throw error;
      throw new VirusTotalError(
        'VT_NETWORK',
        'Flows stopped: the request was given up before its answer came',
        {
          retryable: true,
        },
      );
    } finally {
      if (--this.#underWay === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }
}
