import type { JsonObject } from '../report/narrow';
import { fileNames } from './file-names';
import type { Observable } from './assessed-report';
import type { StixGraph } from './graph';
import { scoreOf } from './indicator';
import {
  addAddress,
  addDomain,
  addFile,
  addUrl,
  cryptographicHashes,
  hostName,
  ipAddress,
  similarityHashes,
  strongestHash,
} from './observables';
import { hashPattern, valuePattern } from './pattern';
import type { Platform } from './platform';
import type { Subject } from './subject';
import { uri } from './uri';

const MOST_NAMES = 100;

/** Adds the observable; undefined for what STIX can't name. */
export function addObservable(
  graph: StixGraph,
  subject: Subject,
  platform: Platform,
): Observable | undefined {
  switch (subject.type) {
    case 'domain':
      return addObservableDomain(graph, subject);
    case 'ip':
      return addObservableAddress(graph, subject);
    case 'url':
      return addObservableUrl(graph, subject);
    case 'file':
      return addObservableFile(graph, subject, platform);
  }
}

function addObservableDomain(graph: StixGraph, { value }: Subject): Observable | undefined {
  const id = addDomain(graph, value);
  const name = hostName(value);
  if (id === undefined || name === undefined) return undefined;
  return { id, title: `domain: ${value}`, pattern: valuePattern('domain-name', name) };
}

function addObservableAddress(graph: StixGraph, { value }: Subject): Observable | undefined {
  const id = addAddress(graph, value);
  const address = ipAddress(value);
  if (id === undefined || address === undefined) return undefined;
  const kind = address.type === 'ipv4-addr' ? 'ipv4' : 'ipv6';
  return { id, title: `${kind}: ${address.value}`, pattern: valuePattern(address.type, address.value) };
}

function addObservableUrl(graph: StixGraph, { value }: Subject): Observable | undefined {
  const id = addUrl(graph, value);
  const address = uri(value);
  if (id === undefined || address === undefined) return undefined;
  return { id, title: `uri: ${value}`, pattern: valuePattern('url', address) };
}

/** Named by its strongest hash, whichever was asked: it is the same file. */
function addObservableFile(
  graph: StixGraph,
  { value, report, assessment }: Subject,
  platform: Platform,
): Observable | undefined {
  const hashes = cryptographicHashes(report, value);
  const hash = strongestHash(hashes);
  if (hash === undefined) return undefined;
  const all = { ...hashes, ...similarityHashes(report) };
  const others = platform === 'opencti' ? { ...namesFor(report), ...scoreOf(assessment?.rate ?? null) } : {};
  const id = addFile(graph, all, report.size, others);
  return { id, title: `file: ${hash}`, pattern: hashPattern(hashes) };
}

/** OpenCTI's own property for what the specification has no place for. */
function namesFor(report: JsonObject): { x_opencti_additional_names?: string[] } {
  const names = fileNames(report).slice(0, MOST_NAMES);
  return names.length === 0 ? {} : { x_opencti_additional_names: names };
}
