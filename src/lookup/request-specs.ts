import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import { copyReport } from '../report/copy';
import type { ReportFetcher } from './report-fetcher';
import type { RequestSpec, AnswerOrRedirect, SharedLookup } from './in-flight-request';
import { cacheKey } from './report-cache';
import type { LookupResult } from './report-repository';

/** Has the current fetcher: a deploy may replace it while a request waits. */
export interface HasFetcher {
  readonly fetcher: ReportFetcher;
}

/** A report. A class and no closures: a hundred thousand may wait. */
export class ReportRequest implements RequestSpec<LookupResult> {
  readonly key: string;
  readonly indicator: Indicator;
  readonly #owner: HasFetcher;
  readonly #refresh: boolean;

  constructor(owner: HasFetcher, indicator: Indicator, refresh: boolean) {
    this.key = cacheKey(indicator);
    this.indicator = indicator;
    this.#owner = owner;
    this.#refresh = refresh;
  }

  send(redirect: string | undefined, progress: Progress): Promise<AnswerOrRedirect<LookupResult>> {
    return this.#owner.fetcher.getReport(this.indicator, redirect, progress);
  }

  shared(): SharedLookup<LookupResult> | undefined {
    return this.#owner.fetcher.reports?.entry(this.indicator, this.#refresh);
  }

  copy(result: LookupResult): LookupResult {
    return { ...result, report: copyReport(result.report) };
  }
}

/** What sandboxes saw of a file, as MITRE ATT&CK trees. */
export class MitreTreesRequest implements RequestSpec<unknown> {
  readonly key: string;
  readonly indicator: Indicator;
  readonly #owner: HasFetcher;

  constructor(owner: HasFetcher, sha256: string) {
    this.key = `mitre:${sha256}`;
    this.indicator = { type: 'file', value: sha256 };
    this.#owner = owner;
  }

  send(redirect: string | undefined, progress: Progress): Promise<AnswerOrRedirect<unknown>> {
    return this.#owner.fetcher.behaviourMitreTrees(this.indicator.value, redirect, progress);
  }
}
