import type { VirusTotalApi } from '../api/client';
import type { ApiRequest, IndicatorQuery } from '../api/request';
import type { Indicator } from '../ioc/ioc';
import { copyJson, copyReport } from '../report/copy';
import type { RequestBackend, RequestSpec } from './in-flight-request';
import { cacheKey } from './report-cache';
import type { LookupResult, SharedLookup } from './report-repository';

/** A report. */
export class ReportRequest implements RequestSpec<LookupResult> {
  readonly key: string;
  readonly indicator: Indicator;
  readonly #refresh: boolean;

  constructor(indicator: Indicator, refresh: boolean) {
    this.key = cacheKey(indicator);
    this.indicator = indicator;
    this.#refresh = refresh;
  }

  of(api: VirusTotalApi): ApiRequest<LookupResult> {
    const { path, read } = api.report(this.indicator);
    return { path, read: (response) => ({ ...read(response), cached: false }) };
  }

  shared({ reports }: RequestBackend): SharedLookup<LookupResult> | undefined {
    return reports?.entry(this.indicator, this.#refresh);
  }

  copy(result: LookupResult): LookupResult {
    return { ...result, report: copyReport(result.report) };
  }
}

/** What sandboxes saw of a file, as MITRE ATT&CK trees. Neither stored nor shared. */
export class MitreTreesRequest implements RequestSpec<unknown> {
  readonly key: string;
  readonly indicator: Indicator;

  constructor(sha256: string) {
    this.key = `mitre:${sha256}`;
    this.indicator = { type: 'file', value: sha256 };
  }

  of(api: VirusTotalApi): ApiRequest<unknown> {
    return api.mitreTrees(this.indicator.value);
  }

  shared(): undefined {}

  copy(trees: unknown): unknown {
    return trees;
  }
}

/** An answer about an indicator that is not its report. Neither stored nor shared. */
export class QueryRequest<T> implements RequestSpec<T> {
  readonly key: string;
  readonly indicator: Indicator;
  readonly #query: IndicatorQuery<T>;

  constructor(query: IndicatorQuery<T>) {
    this.key = `query:${query.path}:${cacheKey(query.indicator)}`;
    this.indicator = query.indicator;
    this.#query = query;
  }

  of(api: VirusTotalApi): ApiRequest<T> {
    return api.query(this.#query);
  }

  shared(): undefined {}

  copy(answer: T): T {
    return copyJson(answer);
  }
}
