import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import { cleanTexts } from './clean-text';
import { objectId, observableId } from './ids';
import type { Properties, StixBundle, StixObject } from './stix';
import { CONSTANT_CREATED, type Times } from './times';
import { tlpMarking, type Tlp } from './tlp';

/** VirusTotal, who says all this. It is public knowledge: no marking. */
const VIRUSTOTAL: StixObject = {
  type: 'identity',
  spec_version: '2.1',
  id: objectId('identity', ['VirusTotal']),
  created: CONSTANT_CREATED,
  modified: CONSTANT_CREATED,
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
    const cleaned = cleanTexts(contributing);
    return this.#add({
      type,
      spec_version: '2.1',
      id: observableId(type, identifying(cleaned)),
      object_marking_refs: [this.#marking.id],
      ...cleaned,
      ...cleanTexts(others),
    });
  }

  /**
   * Adds an object that has versions. The milliseconds of `modified`, which no report has, tell apart what the same scan comes to under
   * another marking, threshold or option: the same id with the same `modified` has the same content.
   *
   * @param key what makes it this one and no other
   * @returns its id
   */
  object(
    type: string,
    key: readonly unknown[],
    { created, modified }: Times,
    properties: Properties,
  ): string {
    const content: Properties = {
      created_by_ref: VIRUSTOTAL.id,
      created,
      modified,
      object_marking_refs: [this.#marking.id],
      ...cleanTexts(properties),
    };
    return this.#add({
      type,
      spec_version: '2.1',
      id: objectId(type, cleanTexts(key)),
      ...content,
      modified: versionOf(modified, content),
    });
  }

  /** Ties two objects. Reports of either may say so. */
  relate(source: string, relation: string, target: string, { modified }: Times, description?: string): void {
    this.object(
      'relationship',
      [source, relation, target],
      { created: CONSTANT_CREATED, modified },
      {
        relationship_type: relation,
        ...(description === undefined ? {} : { description }),
        source_ref: source,
        target_ref: target,
      },
    );
  }

  /** Whether the object with this id is there already. */
  has(id: string): boolean {
    return this.#objects.has(id);
  }

  /** The ids of all objects so far. */
  ids(): string[] {
    return [...this.#objects.keys()];
  }

  /**
   * @param types the types that the platform takes; all others are left out, and the relationships that would lead to them. Default: all
   */
  bundle(types?: ReadonlySet<string>): StixBundle {
    const all = [this.#marking, VIRUSTOTAL, ...this.#objects.values()];
    const objects = types === undefined ? all : onlyOf(types, all);
    return { type: 'bundle', id: objectId('bundle', [canonicalJson(objects)]), objects };
  }

  /** Of two reports that say something of the same object, the newer one is right. */
  #add(object: StixObject): string {
    const before = this.#objects.get(object.id);
    if (!before || String(before.modified) < String(object.modified)) this.#objects.set(object.id, object);
    return object.id;
  }
}

function onlyOf(types: ReadonlySet<string>, all: readonly StixObject[]): StixObject[] {
  const taken = all.filter(({ type }) => types.has(type));
  const ids = new Set(taken.map(({ id }) => id));
  const isThere = (id: unknown): boolean => id === undefined || ids.has(id as string);
  return taken.filter(({ source_ref, target_ref }) => isThere(source_ref) && isThere(target_ref));
}

/** The time of a version, to the second as VirusTotal gives it, and in its milliseconds a number made from the content. */
function versionOf(modified: string, content: Properties): string {
  const ms = createHash('sha1').update(canonicalJson(content)).digest().readUInt32BE() % 1000;
  return modified.replace(/\.\d{3}Z$/, `.${String(ms).padStart(3, '0')}Z`);
}

/** Of several hashes only one makes the id, the first there is of these (STIX 2.1, section 2.9). */
const HASH_ORDER = ['MD5', 'SHA-1', 'SHA-256', 'SHA-512'];

function identifying(contributing: Properties): Properties {
  const hashes = contributing.hashes as Record<string, string> | undefined;
  if (!hashes) return contributing;
  const first = HASH_ORDER.find((name) => hashes[name] !== undefined) ?? Object.keys(hashes).sort()[0];
  return first === undefined ? contributing : { ...contributing, hashes: { [first]: hashes[first] } };
}
