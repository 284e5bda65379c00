import type { Indicator } from '../ioc/ioc';
import { parseReport } from '../report/parse-report';
import type { Report } from '../report/report';
import type { CachedReport } from './report-cache';

/**
 * A report in the cache: VirusTotal's bytes, and what was read of them. Most are never asked for again, so the report that comes with
 * them goes to the first caller without a copy, and a later caller's is read from the bytes again.
 */
export class LazyReport implements CachedReport {
  readonly body: Buffer;
  readonly #apiVersion: 'v2' | 'v3';
  readonly #indicator: Indicator;
  #report: Report | undefined;

  /** @param report what was read of the bytes already */
  constructor(apiVersion: 'v2' | 'v3', indicator: Indicator, body: Buffer, report?: Report) {
    this.#apiVersion = apiVersion;
    this.#indicator = indicator;
    this.#report = report;
    this.body = body;
  }

  get report(): Report {
    return (this.#report ??= parseReport(
      this.#apiVersion,
      this.#indicator,
      JSON.parse(this.body.toString()) as unknown,
    ));
  }

  /** From now on somebody else may change the report that came with the bytes. */
  releaseParsed(): void {
    this.#report = undefined;
  }
}
