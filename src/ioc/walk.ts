import { encodingOf, hasMagic } from './byte-text';
import { checkFileSize } from './bytes-hash';
import { JsonLines, looksLikeLines, mayBeJson, readJsonLine, readJsonLines, readJsonText } from './json-text';
import { LARGE_JSON, LargeJson } from './large-json';
import { MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, MAX_OBJECTS, tooMuch } from './limits';
import { bytesOf, bytesOfJson } from '../mail/bytes-of';
import { elementOf, isList } from '../mail/list';
import type { Mail } from '../mail/mail';
import { MAX_MAIL_BYTES } from '../mail/mail-limits';
import { readMailObject } from '../mail/mail-object';
import { startsLikeMail } from '../mail/starts-like-mail';
import type { PropertyPath } from './property-path';
import { Trait, traitsOf } from './text-traits';
import { ValueSet } from './value-set';
import { runtime } from '../runtime/current';

/** Receives the texts of a value and its keys, each with its place. */
export interface Visitor {
  /** @param traits of the text, see {@link Trait} */
  text(text: string, traits: number, place: PropertyPath | undefined): void;
  key(key: string, place: PropertyPath): void;
  /**
   * Offered what may be a mail as it was sent; returns whether the visitor takes it. It is called before the next step then, and no text of the mail
   * is visited.
   */
  takeRawMail(mail: Uint8Array | string, place: PropertyPath | undefined): boolean;
  /** A mail that a program has parsed. */
  mail(mail: Mail, place: PropertyPath | undefined): void;
  /** Bytes of a file: of any that are no text, and of each attachment. */
  bytes(bytes: Uint8Array, place: PropertyPath | undefined): void;
  /** Told of a piece of work of about a millisecond that was neither. */
  busy(): void;
}

/** A list, Map, Set or object whose elements are being visited. Levels are used again: a large value has very many. */
interface Level {
  /** Of a list, live: what is appended meanwhile is visited too. */
  list: readonly unknown[] | undefined;
  /** Text whose lines may each be JSON: one without content can have millions, which are not made a list of. */
  lines: string | undefined;
  /** Where in that text the next one begins. */
  at: number;
  /** The keys of an object or a Map; undefined for a list. */
  keys: readonly unknown[] | undefined;
  /** What has the keys; undefined for a Map, whose values are in `list`. */
  object: object | undefined;
  place: PropertyPath | undefined;
  depth: number;
  /** Whether the text counts: what JSON text holds was counted as that text. */
  isCounted: boolean;
  next: number;
}

interface LargeText {
  json: LargeJson;
  text: string;
  place: PropertyPath | undefined;
  depth: number;
}

/**
 * Visits every text in a value once, in order: strings, Buffers of text, keys, and what JSON in a string holds. What
 * refers back to itself is visited once, a getter that throws is passed over, and anything else is no text. Values of
 * another realm, as a function node makes them, are told by what they are and not by their prototype.
 */
export class Walk {
  readonly #visitor: Visitor;
  #levels: Level[] | undefined;
  #open = 0;
  #seen: ValueSet<object> | undefined;
  #bytes = 0;
  #objects = 0;
  /** Of all lists. */
  #elements = 0;
  /** Of an object in a long JSON text what comes behind the members in it, in objects like it. */
  #further: Map<object, readonly Record<string, unknown>[]> | undefined;
  /** A long text that is being read as JSON. */
  #large: LargeText | undefined;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  /** @throws VirusTotalError `VT_INVALID_IOC` over 8 MiB of text or 64 levels of nesting, as `step` does. */
  start(value: unknown): void {
    this.#value(value, undefined, 0, true);
  }

  /** Visits what comes next, at most one text; returns false when nothing is left. */
  step(): boolean {
    if (this.#large !== undefined) {
      this.#readOn(this.#large);
      return true;
    }
    const level = this.#levels?.[this.#open - 1];
    if (level === undefined) return false;
    if (level.lines !== undefined) this.#nextOfLines(level, level.lines);
    else if (level.keys === undefined) this.#nextOfList(level, level.list ?? NONE);
    else this.#nextOfKeys(level, level.keys);
    return true;
  }

  #nextOfList(level: Level, list: readonly unknown[]): void {
    const until = Math.min(list.length, level.next + ELEMENTS_OF_A_STEP);
    while (level.next < until) {
      const index = level.next++;
      const element = elementOf(list, index);
      if (typeof element === 'string' || (typeof element === 'object' && element !== null)) {
        return this.#value(element, { key: index, parent: level.place }, level.depth, level.isCounted);
      }
    }
    if (level.next >= list.length) this.#open--;
    else this.#visitor.busy();
  }

  #nextOfLines(level: Level, text: string): void {
    for (let count = 0; level.at <= text.length && count < LINES_OF_A_STEP; count++) {
      const end = text.indexOf('\n', level.at);
      const line = text.slice(level.at, end < 0 ? text.length : end);
      const key = level.next++;
      level.at = end < 0 ? Infinity : end + 1;
      if (line.length > 1)
        return this.#value(lineOf(line), { key, parent: level.place }, level.depth, level.isCounted);
    }
    if (level.at > text.length) this.#open--;
    else this.#visitor.busy();
  }

  #nextOfKeys(level: Level, keys: readonly unknown[]): void {
    const { object, list, place: parent, depth, isCounted } = level;
    if (level.next >= keys.length) return void this.#open--;
    const index = level.next++;
    const key = keys[index];
    if (typeof key !== 'string') return this.#value(list?.[index], { key: index, parent }, depth, isCounted);
    if (object === undefined) {
      const place: PropertyPath = { key, parent };
      this.#key(key, place, isCounted);
      return this.#value(list?.[index], place, depth, isCounted);
    }
    const label =
      mayBeLabeled(key) && LABELLED.test(key) ? labelOf(object) : key === 'id' ? typeOf(object) : undefined;
    const place: PropertyPath =
      label === undefined ? { key, parent, object } : { key, parent, label, object };
    this.#key(key, place, isCounted);
    this.#value(read(object, key), place, depth, isCounted);
  }

  #value(value: unknown, place: PropertyPath | undefined, depth: number, isCounted: boolean): void {
    if (typeof value === 'string') return this.#text(value, place, depth, isCounted);
    if (typeof value !== 'object' || value === null) return;
    // What JSON holds can't refer back.
    if (isCounted) {
      if (!(this.#seen ??= new ValueSet<object>()).add(value)) return;
      if (++this.#objects > MAX_OBJECTS)
        throw tooMuch(`the value has more than ${MAX_OBJECTS} objects and lists: search a part of it`);
    }
    if (isList(value)) return this.#enter(value, undefined, undefined, place, depth, isCounted);
    const keysOfPlain = isPlain(value) ? keysOf(value) : undefined;
    const bytes = keysOfPlain?.includes('data') === false ? undefined : bytesOfJson(value);
    if (bytes !== undefined) return this.#buffer(bytes, place, depth, isCounted);
    if (keysOfPlain !== undefined) {
      const further = isCounted ? undefined : this.#further?.get(value);
      // The last one that is entered is visited first.
      for (const more of [...(further ?? [])].reverse())
        this.#enter(undefined, keysOf(more), more, place, depth, isCounted);
      return this.#object(value, keysOfPlain, place, depth, isCounted);
    }
    if (ArrayBuffer.isView(value) || runtime.types.isAnyArrayBuffer(value)) {
      const content = bytesOf(value);
      return content === undefined ? undefined : this.#buffer(content, place, depth, isCounted);
    }
    if (runtime.types.isStringObject(value))
      return this.#text(String.prototype.valueOf.call(value), place, depth, isCounted);
    if (runtime.types.isMap(value)) {
      const values = [...Map.prototype.values.call(value)];
      return this.#enter(values, [...Map.prototype.keys.call(value)], undefined, place, depth, isCounted);
    }
    if (runtime.types.isSet(value)) {
      const values = [...Set.prototype.values.call(value)];
      return this.#enter(values, undefined, undefined, place, depth, isCounted);
    }
    const keys = runtime.types.isNativeError(value) ? keysOfError(value) : keysOf(value);
    const url = keys.length === 0 ? urlOf(value) : undefined;
    if (url !== undefined) return this.#text(url, place, depth, isCounted);
    this.#object(value, keys, place, depth, isCounted);
  }

  #object(
    value: object,
    keys: readonly string[],
    place: PropertyPath | undefined,
    depth: number,
    isCounted: boolean,
  ): void {
    const parsed = mayBeMail(keys) ? readMailObject(value, keys) : undefined;
    if (parsed === undefined) return this.#enter(undefined, keys, value, place, depth, isCounted);
    const { mail, others } = parsed;
    for (const text of [...mail.texts, ...mail.htmls]) this.#count(runtime.utf8Length(text));
    this.#visitor.mail(mail, place);
    this.#enter(undefined, others, value, place, depth, isCounted);
  }

  #enter(
    list: readonly unknown[] | undefined,
    keys: readonly unknown[] | undefined,
    object: object | undefined,
    place: PropertyPath | undefined,
    outside: number,
    isCounted: boolean,
    lines?: string,
  ): void {
    const depth = outside + 1;
    if (depth > MAX_DEPTH) {
      throw tooMuch(`the value is nested deeper than ${MAX_DEPTH} levels: search a part of it`);
    }
    if (list !== undefined && (this.#elements += list.length) > MAX_ELEMENTS)
      throw tooMuch(`the lists of the value have more than ${MAX_ELEMENTS} elements: search a part of it`);
    const levels = (this.#levels ??= []);
    const level = levels[this.#open++];
    if (level === undefined) {
      levels.push({ list, lines, at: 0, keys, object, place, depth, isCounted, next: 0 });
      return;
    }
    level.list = list;
    level.lines = lines;
    level.at = 0;
    level.keys = keys;
    level.object = object;
    level.place = place;
    level.depth = depth;
    level.isCounted = isCounted;
    level.next = 0;
  }

  #enterLines(text: string, place: PropertyPath | undefined, depth: number): void {
    this.#enter(undefined, undefined, undefined, place, depth, false, text);
  }

  #key(key: string, place: PropertyPath, isCounted: boolean): void {
    if (isCounted) this.#count(key.length);
    if (key.length > 3) this.#visitor.key(key, place);
  }

  #buffer(bytes: Uint8Array, place: PropertyPath | undefined, depth: number, isCounted: boolean): void {
    // Before it is looked at: gigabytes would take their time.
    checkFileSize(bytes.length);
    if (startsLikeMail(headOf(bytes)) && this.#visitor.takeRawMail(bytes, place)) return;
    const encoding = bytes.length > 0 ? encodingOf(bytes) : undefined;
    if (isAttachment(place) || (encoding === undefined && mayBeFile(bytes, place)))
      this.#visitor.bytes(bytes, place);
    if (encoding === undefined) return;
    // Before it is decoded: no string is as long as a file may be.
    if (isCounted || bytes.length > MAX_BYTES) this.#count(bytes.length);
    const text = new TextDecoder(encoding).decode(bytes);
    this.#content(text, traitsOf(text), place, depth);
  }

  #text(text: string, place: PropertyPath | undefined, depth: number, isCounted: boolean): void {
    if (text.length > MAX_MAIL_BYTES) this.#count(text.length);
    const traits = traitsOf(text);
    const isMail = ((traits & Trait.LineFeed) !== 0 || text.includes('\r')) && startsLikeMail(text);
    if (isMail && this.#visitor.takeRawMail(text, place)) return;
    // To ask for the bytes takes longer than to read a short text.
    if (isCounted)
      this.#count(
        (traits & Trait.NotAscii) === 0 || text.length >= MAX_BYTES ? text.length : runtime.utf8Length(text),
      );
    this.#content(text, traits, place, depth);
  }

  #content(text: string, traits: number, place: PropertyPath | undefined, depth: number): void {
    if (text.length > LARGE_JSON) return this.#largeContent(text, place, depth);
    const json = readJsonText(text);
    if (json instanceof JsonLines) this.#enterLines(json.text, place, depth);
    else if (json !== undefined) this.#value(json, place, depth, false);
    else this.#visitor.text(text, traits, place);
  }

  #largeContent(text: string, place: PropertyPath | undefined, depth: number): void {
    const lines = looksLikeLines(text) ? readJsonLines(text, LARGE_JSON) : undefined;
    if (lines !== undefined) return this.#enterLines(lines.text, place, depth);
    if (!mayBeJson(text)) return this.#noJson(text, place, depth);
    this.#large = { json: new LargeJson(text), text, place, depth };
  }

  /** The next slice of a long text that may be JSON. */
  #readOn({ json, text, place, depth }: LargeText): void {
    this.#visitor.busy();
    try {
      json.advance();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#large = undefined;
      return this.#noJson(text, place, depth);
    }
    if (json.value === undefined) return;
    this.#large = undefined;
    for (const [object, further] of json.further) (this.#further ??= new Map()).set(object, further);
    this.#value(json.value, place, depth, false);
  }

  #noJson(text: string, place: PropertyPath | undefined, depth: number): void {
    const lines = readJsonLines(text, LARGE_JSON);
    if (lines !== undefined) this.#enterLines(lines.text, place, depth);
    else this.#visitor.text(text, Trait.All, place);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > MAX_BYTES) {
      throw tooMuch(`the value has more than ${MAX_BYTES / 1024 / 1024} MiB of text: search a part of it`);
    }
  }
}

const NONE: readonly unknown[] = [];
/** Elements of a list that are passed over in one go, as they are no text. */
const ELEMENTS_OF_A_STEP = 65_536;
/** Empty lines that are passed over in one go. */
const LINES_OF_A_STEP = 16_384;

/** A long one is read by slices, as any long text is. */
function lineOf(line: string): object | string {
  return line.length > LARGE_JSON ? line : readJsonLine(line);
}

/** Keys of a value whose kind its neighbor names: MISP, TheHive, OTX, ThreatFox, Defender. */
const LABELLED = /^(?:value|data|indicator|observable|ioc|ioc_?value|hash|hash_?value)$/i;

/** Whether a key begins as one of these. */
function mayBeLabeled(key: string): boolean {
  switch (key.charCodeAt(0) | 0x20) {
    case 0x64: // d
    case 0x68: // h
    case 0x69: // i
    case 0x6f: // o
    case 0x76: // v
      return true;
    default:
      return false;
  }
}

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
  'alg',
  'hash_type',
  'hashType',
  'HashType',
  'field',
  'label',
  'kind',
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

/** The text of a URL object of any realm or implementation. */
function urlOf(value: object): string | undefined {
  try {
    if (Object.prototype.toString.call(value) !== '[object URL]') return undefined;
  } catch {
    return undefined;
  }
  const href = read(value, 'href');
  return typeof href === 'string' ? href : undefined;
}

/** What an error says is not enumerable. Its stack names files of this machine, and repeats the message. */
function keysOfError(error: Error): string[] {
  const hidden = ['message', 'cause', 'errors'].filter(
    (key) => Object.hasOwn(error, key) && !Object.prototype.propertyIsEnumerable.call(error, key),
  );
  const keys = Object.hasOwn(error, 'stack') ? keysOf(error).filter((key) => key !== 'stack') : keysOf(error);
  return hidden.length === 0 ? keys : hidden.concat(keys);
}

/** Whether an object is of this realm and nothing but its keys. To ask that first is quicker: nearly all are. */
function isPlain(object: object): boolean {
  try {
    return Object.getPrototypeOf(object) === Object.prototype;
  } catch {
    return false;
  }
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

/** Cheap, and true of hardly any other object. */
function mayBeMail(keys: readonly string[]): boolean {
  for (const key of keys)
    if (key === 'html' || key === 'attachments' || key === 'text' || key === 'header') return true;
  return false;
}

/** What the header of a mail is in. */
function headOf(bytes: Uint8Array): string {
  return runtime.latin1Of(bytes.subarray(0, HEAD));
}

const HEAD = 262_144;

/** As short as that, bytes within a value are an id, a key or a digest. */
const LONGEST_ID = 32;

function mayBeFile(bytes: Uint8Array, place: PropertyPath | undefined): boolean {
  return place === undefined || bytes.length > LONGEST_ID || hasMagic(bytes);
}

/** `{filename, content}`, as mails have their attachments: a file, whatever it holds. */
function isAttachment(place: PropertyPath | undefined): boolean {
  return place?.key === 'content' && typeof read(place.object ?? {}, 'filename') === 'string';
}
