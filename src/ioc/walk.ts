import { readJsonText } from './json-text';
import { IocLimitError, MAX_BYTES, MAX_DEPTH } from './limits';
import type { Place } from './place';

/** Receives the texts of a value and its keys, each with its place. */
export interface Visitor {
  text(text: string, place: Place | undefined): void;
  key(key: string, place: Place): void;
}

/**
 * Visits every text in a value once, in order: strings, Buffers of text, keys, and what JSON in a string holds. What
 * refers back to itself is visited once, a getter that throws is passed over, and anything else is no text.
 * @throws {IocLimitError} over 8 MiB of text or 64 levels of nesting.
 */
export function walk(value: unknown, visitor: Visitor): void {
  new Walk(visitor).value(value, undefined, 0);
}

class Walk {
  readonly #visitor: Visitor;
  #seen: Set<object> | undefined;
  #bytes = 0;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  value(value: unknown, place: Place | undefined, depth: number): void {
    if (typeof value === 'string') return this.#text(value, place, depth);
    if (typeof value !== 'object' || value === null) return;
    this.#seen ??= new Set();
    if (this.#seen.has(value)) return;
    this.#seen.add(value);
    if (value instanceof Uint8Array) return this.#buffer(value, place, depth);
    if (ArrayBuffer.isView(value)) return;
    if (value instanceof URL || value instanceof String) return this.#text(String(value), place, depth);
    const inside = depth + 1;
    if (inside > MAX_DEPTH) {
      throw new IocLimitError(`the value is nested deeper than ${MAX_DEPTH} levels: search a part of it`);
    }
    if (Array.isArray(value)) return this.#list(value, place, inside);
    if (value instanceof Map) return this.#map(value, place, inside);
    if (value instanceof Set) return this.#list([...value], place, inside);
    this.#object(value, place, inside);
  }

  #list(list: readonly unknown[], place: Place | undefined, depth: number): void {
    for (let index = 0; index < list.length; index++) {
      const element = list[index];
      if (typeof element === 'string' || (typeof element === 'object' && element !== null)) {
        this.value(element, { key: index, parent: place }, depth);
      }
    }
  }

  #map(map: ReadonlyMap<unknown, unknown>, place: Place | undefined, depth: number): void {
    let index = 0;
    for (const [key, value] of map) {
      const inner: Place = { key: typeof key === 'string' ? key : index, parent: place };
      if (typeof key === 'string') this.#key(inner);
      this.value(value, inner, depth);
      index++;
    }
  }

  #object(object: object, place: Place | undefined, depth: number): void {
    for (const key of keysOf(object)) {
      const label = LABELLED.test(key) ? labelOf(object) : key === 'id' ? typeOf(object) : undefined;
      const inner: Place = label === undefined ? { key, parent: place } : { key, parent: place, label };
      this.#key(inner);
      this.value(read(object, key), inner, depth);
    }
  }

  #key(place: Place): void {
    const key = String(place.key);
    this.#count(key.length);
    if (key.length > 3) this.#visitor.key(key, place);
  }

  #buffer(bytes: Uint8Array, place: Place | undefined, depth: number): void {
    this.#count(bytes.length);
    const text = decode(bytes);
    if (text !== undefined) this.#content(text, place, depth);
  }

  #text(text: string, place: Place | undefined, depth: number): void {
    this.#count(text.length < MAX_BYTES ? Buffer.byteLength(text) : text.length);
    this.#content(text, place, depth);
  }

  #content(text: string, place: Place | undefined, depth: number): void {
    const json = readJsonText(text);
    // What JSON text holds was counted as the text.
    if (json !== undefined) return new Walk(this.#visitor).value(json, place, depth);
    this.#visitor.text(text, place);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > MAX_BYTES) {
      throw new IocLimitError(
        `the value has more than ${MAX_BYTES / 1024 / 1024} MiB of text: search a part of it`,
      );
    }
  }
}

/** Keys of a value whose kind its neighbour names: MISP, TheHive, OTX, ThreatFox, Defender. */
const LABELLED = /^(?:value|data|indicator|observable|ioc|ioc_?value)$/i;
const LABELS = [
  'type',
  'Type',
  'dataType',
  'indicator_type',
  'indicatorType',
  'ioc_type',
  'observable_type',
  'name',
  'Name',
  'key',
  'algorithm',
  'Algorithm',
];

/** What `{type, value}`, `{name, value}` and their kin say of their value. */
function labelOf(object: object): string | undefined {
  for (const key of LABELS) {
    const label = read(object, key);
    if (typeof label === 'string') return label;
  }
  return undefined;
}

/** What an object of VirusTotal's API has under `id` is what it is about; of a URL it is the hash of that. */
function typeOf(object: object): string | undefined {
  const type = read(object, 'type');
  return type === 'file' || type === 'domain' || type === 'ip_address' ? type : undefined;
}

function keysOf(object: object): string[] {
  try {
    return Object.keys(object);
  } catch {
    return [];
  }
}

function read(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** Text of the bytes; undefined for bytes that are no text, as a picture's. */
function decode(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\u0000') ? undefined : text;
}
