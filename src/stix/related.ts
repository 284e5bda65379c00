import { isObject, type JsonObject } from '../report/narrow';
import type { AssessedReport } from './assessed-report';
import type { StixGraph } from './graph';
import {
  addAddress,
  addAutonomousSystem,
  addFile,
  addRelatedDomain,
  addUrl,
  cryptographicHashes,
} from './observables';
import type { Times } from './times';
import { parsedUrl } from '../parsed-url';

/** What a report knows around its observable. */
class RelatedObjects {
  readonly #graph: StixGraph;
  readonly #observableId: string;
  readonly #report: JsonObject;
  readonly #times: Times;
  readonly #limit: number;

  constructor(graph: StixGraph, { observable, report, times }: AssessedReport, limit: number) {
    this.#graph = graph;
    this.#observableId = observable.id;
    this.#report = report;
    this.#times = times;
    this.#limit = limit;
  }

  /**
   * Ties to the observable what `add` makes of the elements of a list, as many as are wanted.
   *
   * @param add adds an observable and returns its id, or undefined for an element that gives none
   * @param from whether the relationship leads from the observable, or to it
   */
  addAll(
    list: unknown,
    relation: string,
    from: 'observable' | 'related',
    add: (graph: StixGraph, entry: unknown) => string | undefined,
    describe: (entry: unknown) => string | undefined = () => undefined,
  ): void {
    let count = 0;
    for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
      if (count >= this.#limit) return;
      const related = add(this.#graph, entry);
      if (related === undefined || related === this.#observableId) continue;
      count += 1;
      const [source, target] =
        from === 'observable' ? [this.#observableId, related] : [related, this.#observableId];
      this.#graph.relate(source, relation, target, this.#times, describe(entry));
    }
  }

  /** v2 lists where a domain led and what was at an address. */
  resolutions(field: 'ip_address' | 'hostname'): void {
    const described = (entry: unknown) => {
      const last = isObject(entry) ? entry.last_resolved : undefined;
      return typeof last === 'string' ? `Last resolved ${last}` : undefined;
    };
    if (field === 'ip_address') {
      const address = (graph: StixGraph, entry: unknown) => addAddress(graph, fieldOf(entry, field));
      this.addAll(this.#report.resolutions, 'resolves-to', 'observable', address, described);
    } else {
      const domain = (graph: StixGraph, entry: unknown) => addRelatedDomain(graph, fieldOf(entry, field));
      this.addAll(this.#report.resolutions, 'resolves-to', 'related', domain, described);
    }
  }

  /** v3 has a domain's records as its name server gave them last. */
  dnsRecords(): void {
    const records = this.#report.last_dns_records;
    const target = (graph: StixGraph, entry: unknown) => {
      const type = fieldOf(entry, 'type');
      const value = fieldOf(entry, 'value');
      if (type === 'A' || type === 'AAAA') return addAddress(graph, value);
      return type === 'CNAME' ? addRelatedDomain(graph, value) : undefined;
    };
    this.addAll(records, 'resolves-to', 'observable', target);
  }

  detectedUrls(): void {
    const url = (graph: StixGraph, entry: unknown) => addUrl(graph, fieldOf(entry, 'url'));
    this.addAll(this.#report.detected_urls, 'related-to', 'related', url, (entry) =>
      detections('URL of it', entry),
    );
  }

  detectedSamples(field: string, what: string): void {
    const sample = (graph: StixGraph, entry: unknown) => {
      const hashes = cryptographicHashes({ sha256: fieldOf(entry, 'sha256') }, '');
      return Object.keys(hashes).length === 0 ? undefined : addFile(graph, hashes);
    };
    this.addAll(this.#report[field], 'related-to', 'related', sample, (entry) => detections(what, entry));
  }
}

/**
 * Adds what the report knows around its observable, at most `most` of each kind: resolutions, the autonomous system, the host of
 * a URL, other names of a file, detected URLs and samples.
 */
export function addRelated(graph: StixGraph, assessed: AssessedReport, limit: number): void {
  const { type, report } = assessed;
  const related = new RelatedObjects(graph, assessed, limit);
  if (type === 'url') {
    const host = (_graph: StixGraph, name: unknown) =>
      addRelatedDomain(graph, name) ?? addAddress(graph, name);
    related.addAll(hostsOf(report.url), 'related-to', 'observable', host, () => 'Host of the URL');
    const final = [report.last_final_url];
    related.addAll(final, 'related-to', 'observable', addUrl, () => 'Redirects to it');
    return;
  }
  if (type === 'file') {
    related.addAll(report.ITW_urls, 'related-to', 'related', addUrl, () => 'Seen in the wild there');
    return;
  }
  related.resolutions(type === 'domain' ? 'ip_address' : 'hostname');
  if (type === 'domain') related.dnsRecords();
  const asn = (_graph: StixGraph, number: unknown) => addAutonomousSystem(graph, number, report.as_owner);
  if (type === 'ip') related.addAll([report.asn], 'belongs-to', 'observable', asn);
  related.detectedUrls();
  related.detectedSamples('detected_downloaded_samples', 'Downloaded from it');
  related.detectedSamples('detected_communicating_samples', 'Communicates with it');
  related.detectedSamples('detected_referrer_samples', 'Refers to it');
}

function hostsOf(url: unknown): string[] {
  const parsed = typeof url === 'string' ? parsedUrl(url) : undefined;
  return parsed === undefined ? [] : [parsed.hostname.replace(/^\[|\]$/g, '')];
}

function detections(what: string, entry: unknown): string {
  const [positives, total] = [fieldOf(entry, 'positives'), fieldOf(entry, 'total')];
  return typeof positives === 'number' && typeof total === 'number' && total > 0
    ? `${what}; detected by ${positives} of ${total} engines`
    : what;
}

function fieldOf(entry: unknown, name: string): unknown {
  return isObject(entry) ? entry[name] : undefined;
}
