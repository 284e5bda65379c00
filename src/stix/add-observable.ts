import { fileNames } from './file-names';
import type { Observable } from './assessed-report';
import type { StixGraph } from './graph';
import {
  addAddress,
  addDomain,
  addFile,
  addUrl,
  cryptographicHashes,
  hostName,
  ipAddress,
  similarityHashes,
} from './observables';
import { hashPattern, valuePattern } from './pattern';
import type { Subject } from './subject';
import { uri } from './uri';

/** Adds the observable; undefined for what STIX can't name. */
export function addObservable(graph: StixGraph, subject: Subject): Observable | undefined {
  switch (subject.type) {
    case 'domain':
      return addObservableDomain(graph, subject);
    case 'ip':
      return addObservableAddress(graph, subject);
    case 'url':
      return addObservableUrl(graph, subject);
    case 'file':
      return addObservableFile(graph, subject);
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
function addObservableFile(graph: StixGraph, { value, report }: Subject): Observable | undefined {
  const hashes = cryptographicHashes(report, value);
  const strongest = Object.values(hashes).at(-1);
  if (strongest === undefined) return undefined;
  const all = { ...hashes, ...similarityHashes(report) };
  const id = addFile(graph, all, fileNames(report)[0], report.size);
  return { id, title: `file: ${strongest}`, pattern: hashPattern(hashes) };
}
