import type { Origin } from '../report/origin';
import type { StixGraph } from './graph';
import { sampleId } from './malware';
import {
  addAddress,
  addFile,
  addRelatedDomain,
  addUrl,
  cryptographicHashes,
  strongestHash,
} from './observables';
import type { Times } from './times';

/** An observable that other indicators have led to. */
export interface Reached {
  /** The id of the observable. */
  readonly id: string;
  readonly origins: readonly Origin[];
  readonly times: Times;
}

/** What a malware does to what its file is related to; `undefined` where STIX has no word for it. */
const DEEDS: readonly (readonly [relation: RegExp, deed: string])[] = [
  [/^contacted_(domains|ips|urls)$/, 'communicates-with'],
  [/^dropped_files$/, 'drops'],
];

/**
 * Adds the indicators that led to an observable, and the relationships between them.
 * @param known the ids of the bundle's own observables, by the values that they are known by
 * @param limit indicators of each observable
 */
export function addOrigins(
  graph: StixGraph,
  { id, origins, times }: Reached,
  { known, limit }: { known: ReadonlyMap<string, string>; limit: number },
): void {
  for (const { relation, of } of origins.slice(0, limit)) {
    const source = known.get(of) ?? addIndicatorOf(graph, of);
    if (source === undefined || source === id) continue;
    if (relation === 'resolutions') addResolution(graph, source, id, times);
    else graph.relate(source, 'related-to', id, times, relation);
    addDeed(graph, { relation, of, target: id }, times);
  }
}

/** A name resolves to an address, whichever of them was asked. */
function addResolution(graph: StixGraph, source: string, target: string, times: Times): void {
  const isName = source.startsWith('domain-name--');
  const [name, address] = isName ? [source, target] : [target, source];
  graph.relate(name, 'resolves-to', address, times);
}

/** Only for a file that the bundle calls malware: a relation alone makes none. */
function addDeed(
  graph: StixGraph,
  { relation, of, target }: { relation: string; of: string; target: string },
  times: Times,
): void {
  const deed = DEEDS.find(([name]) => name.test(relation))?.[1];
  const hash = strongestHash(cryptographicHashes({}, of));
  if (deed === undefined || hash === undefined) return;
  const sample = sampleId(hash);
  if (graph.has(sample)) graph.relate(sample, deed, target, times);
}

/** What kind of indicator it is shows in its form. */
function addIndicatorOf(graph: StixGraph, value: string): string | undefined {
  const hashes = cryptographicHashes({}, value);
  if (strongestHash(hashes) !== undefined) return addFile(graph, hashes);
  if (value.includes('://')) return addUrl(graph, value);
  return addAddress(graph, value) ?? addRelatedDomain(graph, value);
}
