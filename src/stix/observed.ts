import { fileNames } from './file-names';
import type { Observed } from './finding';
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
export function observe(graph: StixGraph, subject: Subject): Observed | undefined {
  switch (subject.type) {
    case 'domain':
      return observeDomain(graph, subject);
    case 'ip':
      return observeAddress(graph, subject);
    case 'url':
      return observeUrl(graph, subject);
    case 'file':
      return observeFile(graph, subject);
  }
}

function observeDomain(graph: StixGraph, { value }: Subject): Observed | undefined {
  const id = addDomain(graph, value);
  const name = hostName(value);
  if (id === undefined || name === undefined) return undefined;
  return { id, title: `domain: ${value}`, pattern: valuePattern('domain-name', name) };
}

function observeAddress(graph: StixGraph, { value }: Subject): Observed | undefined {
  const id = addAddress(graph, value);
  const address = ipAddress(value);
  if (id === undefined || address === undefined) return undefined;
  const kind = address.type === 'ipv4-addr' ? 'ipv4' : 'ipv6';
  return { id, title: `${kind}: ${address.value}`, pattern: valuePattern(address.type, address.value) };
}

function observeUrl(graph: StixGraph, { value }: Subject): Observed | undefined {
  const id = addUrl(graph, value);
  const address = uri(value);
  if (id === undefined || address === undefined) return undefined;
  return { id, title: `uri: ${value}`, pattern: valuePattern('url', address) };
}

/** Named by its strongest hash, whichever was asked: it is the same file. */
function observeFile(graph: StixGraph, { value, report }: Subject): Observed | undefined {
  const hashes = cryptographicHashes(report, value);
  const strongest = Object.values(hashes).at(-1);
  if (strongest === undefined) return undefined;
  const all = { ...hashes, ...similarityHashes(report) };
  const id = addFile(graph, all, fileNames(report)[0], report.size);
  return { id, title: `file: ${strongest}`, pattern: hashPattern(hashes) };
}
