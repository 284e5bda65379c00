import type { Progress } from '../api/http-exchange';
import type { Indicator } from '../ioc/ioc';
import { copyReport } from '../report/copy';
import type { Backend } from './backend';
import type { Errand, Exchange, Sharing } from './flight';
import { cacheKey } from './report-cache';
import type { Found } from './report-store';

/** Where the backend of now stands: a deploy may bring another while a request waits. */
export interface HasBackend {
  readonly backend: Backend;
}

/** A report. A class and no closures: a hundred thousand may wait. */
export class ReportErrand implements Errand<Found> {
  readonly key: string;
  readonly indicator: Indicator;
  readonly #place: HasBackend;
  readonly #refresh: boolean;

  constructor(place: HasBackend, indicator: Indicator, refresh: boolean) {
    this.key = cacheKey(indicator);
    this.indicator = indicator;
    this.#place = place;
    this.#refresh = refresh;
  }

  ask(redirect: string | undefined, progress: Progress): Promise<Exchange<Found>> {
    return this.#place.backend.ask(this.indicator, redirect, progress);
  }

  sharing(): Sharing<Found> | undefined {
    return this.#place.backend.reports?.errand(this.indicator, this.#refresh);
  }

  copy(found: Found): Found {
    return { ...found, report: copyReport(found.report) };
  }
}

/** What sandboxes saw of a file, as MITRE ATT&CK trees. */
export class TechniquesErrand implements Errand<unknown> {
  readonly key: string;
  readonly indicator: Indicator;
  readonly #place: HasBackend;

  constructor(place: HasBackend, sha256: string) {
    this.key = `mitre:${sha256}`;
    this.indicator = { type: 'file', value: sha256 };
    this.#place = place;
  }

  ask(redirect: string | undefined, progress: Progress): Promise<Exchange<unknown>> {
    return this.#place.backend.behaviourMitreTrees(this.indicator.value, redirect, progress);
  }
}
