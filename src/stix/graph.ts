import { canonicalJson } from './canonical-json';
import { objectId, observableId } from './ids';
import type { Properties, StixBundle, StixObject } from './stix';
import type { Times } from './times';
import { tlpMarking, type Tlp } from './tlp';

/** VirusTotal, who says all this. It is public knowledge: no marking. */
const VIRUSTOTAL: StixObject = {
  type: 'identity',
  spec_version: '2.1',
  id: objectId('identity', ['VirusTotal']),
  created: '2004-06-01T00:00:00.000Z',
  modified: '2004-06-01T00:00:00.000Z',
  name: 'VirusTotal',
  identity_class: 'organization',
};

/** The objects of a bundle, each once, with what all of them carry. */
export class StixGraph {
  readonly #marking: StixObject;
  readonly #objects = new Map<string, StixObject>();

  constructor(tlp: Tlp) {
    this.#marking = tlpMarking(tlp);
  }

  /**
   * @param contributing the properties that make its id
   * @returns its id
   */
  observable(type: string, contributing: Properties, others: Properties = {}): string {
    const id = observableId(type, identifying(contributing));
    return this.#add({
      type,
      spec_version: '2.1',
      id,
      object_marking_refs: [this.#marking.id],
      ...contributing,
      ...others,
    });
  }

  /**
   * @param key what makes it this one and no other
   * @returns its id
   */
  object(type: string, key: readonly unknown[], times: Times, properties: Properties): string {
    return this.#add({
      type,
      spec_version: '2.1',
      id: objectId(type, key),
      created_by_ref: VIRUSTOTAL.id,
      ...times,
      object_marking_refs: [this.#marking.id],
      ...properties,
    });
  }

  relate(source: string, relation: string, target: string, times: Times, description?: string): void {
    this.object('relationship', [source, relation, target], times, {
      relationship_type: relation,
      ...(description === undefined ? {} : { description }),
      source_ref: source,
      target_ref: target,
    });
  }

  bundle(): StixBundle {
    const objects = [this.#marking, VIRUSTOTAL, ...this.#objects.values()];
    return { type: 'bundle', id: objectId('bundle', [canonicalJson(objects)]), objects };
  }

  /** Of two reports that say something of the same object, the newer one is right. */
  #add(object: StixObject): string {
    const before = this.#objects.get(object.id);
    if (!before || String(before.modified) < String(object.modified)) this.#objects.set(object.id, object);
    return object.id;
  }
}

/** Of several hashes only one makes the id, the first there is of these (STIX 2.1, section 2.9). */
const HASH_ORDER = ['MD5', 'SHA-1', 'SHA-256', 'SHA-512'];

function identifying(contributing: Properties): Properties {
  const hashes = contributing.hashes as Record<string, string> | undefined;
  if (!hashes) return contributing;
  const first = HASH_ORDER.find((name) => hashes[name] !== undefined) ?? Object.keys(hashes).sort()[0];
  return first === undefined ? contributing : { ...contributing, hashes: { [first]: hashes[first] } };
}
