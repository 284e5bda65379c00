import type { Evidence, Findings } from './findings';
import { placeOfHash, placeInRow, type Row } from './hash-place';
import { HashRun, labelOfOnly } from './hash-run';
import { hintBefore } from './hint';
import type { HashPlace } from './file-hashes';
import type { Hint } from './hint-words';
import type { IocType } from './ioc';
import type { PropertyPath } from './property-path';
import type { Refanged } from './refanged';

/** One text that is searched, with what is known of it and where its findings go. */
export class TextScan {
  readonly text: string;
  readonly refanged: Refanged;
  /** What the key of the text says of it; `key` when the text is itself a key. */
  readonly hint: Hint | 'key' | undefined;
  /** Where another host begins that a slash parts from the one before it; -1 without one. */
  hostAfterSlash = -1;
  readonly #path: PropertyPath | undefined;
  readonly #findings: Findings;
  /** Of a cell of a table. */
  readonly #row: Row | undefined;
  #run: HashRun | undefined;
  #listHint: Hint | undefined;
  #listJoins = JOINS_NAMES;
  #listEnd = 0;
  #idEnd = 0;
  #idLength = 0;
  #idJoins = JOINS_HASHES;

  constructor(
    refanged: Refanged,
    hint: Hint | 'key' | undefined,
    path: PropertyPath | undefined,
    findings: Findings,
    row?: Row,
  ) {
    this.text = refanged.text;
    this.refanged = refanged;
    this.hint = hint;
    this.#path = path;
    this.#findings = findings;
    this.#row = row;
  }

  /** Whether the domain of a mail address is wanted. */
  get mailDomains(): boolean {
    return this.#findings.mailDomains;
  }

  /**
   * What the words before a name or number say of it. Members of a list share what is said of the first: "domains a.zip,
   * b.zip and c.mov", "upgrade from 9.8.7.6 to 10.0.1.0".
   */
  hintAt(start: number, end: number): Hint | undefined {
    const before = hintBefore(this.text, start);
    const said = before ?? this.#hintOfList(start);
    if (said === 'domains' || said === 'version') {
      if (before !== undefined)
        this.#listJoins = said === 'domains' ? JOINS_NAMES : joinsOfVersions(this.text, start);
      this.#listHint = said;
      this.#listEnd = end;
    }
    return said;
  }

  #hintOfList(start: number): Hint | undefined {
    if (this.#listHint === undefined || start - this.#listEnd > 12) return undefined;
    return this.#listJoins.test(this.text.slice(this.#listEnd, start)) ? this.#listHint : undefined;
  }

  /**
   * What the words before a hash say of it. Members of a list share what is said of the first: "imphash: <hash>, <hash>",
   * and of several things, as "JA3 fingerprints", line by line.
   */
  hintOfHash(start: number, value: string): Hint | undefined {
    const before = hintBefore(this.text, start, LABEL_GAP);
    const end = start + value.length;
    if (before === undefined && this.#continuesIds(start, value)) {
      this.#idEnd = end;
      return 'not-a-file-hash';
    }
    if (before === 'not-a-file-hash') {
      this.#idEnd = end;
      this.#idLength = value.length;
      this.#idJoins = isOfSeveral(this.text, start) ? JOINS_LINES : JOINS_HASHES;
    }
    return before;
  }

  #continuesIds(start: number, { length }: string): boolean {
    if (this.#idEnd === 0 || length !== this.#idLength || start - this.#idEnd > 12) return false;
    return this.#idJoins.test(this.text.slice(this.#idEnd, start));
  }

  /** Takes what is known of hex digits of a hash's length where they stand. */
  addEvidence(hash: string, evidence: Evidence): void {
    this.#findings.addEvidence(hash, evidence);
  }

  /** Takes an indicator in canonical form that stands from `start` to `end` of the refanged text. */
  addIoc(type: IocType, value: string, start: number, end: number): void {
    if (type === 'file') this.#findings.addHash(value, () => this.#placeOf(start, end));
    this.#findings.add(type, value, this.refanged.originalText(start, end), this.#path);
  }

  #placeOf(start: number, end: number): HashPlace | undefined {
    const label = labelOfOnly(this.text, start, end);
    if (label === undefined) return (this.#run ??= new HashRun(this.text)).next(start, end);
    return this.#row === undefined ? placeOfHash(this.#path, label) : placeInRow(this.#path, this.#row);
  }

  /** Whether a canonical value was found before: then nothing has to be weighed again. */
  isKnown(value: string): boolean {
    return this.#findings.has(value);
  }
}

const JOINS_NUMBERS =
  /^(?: ?[/–-] ?|,? (?:and|or|to|through|und|oder|bis|bzw\.|et|ou|à|y|e) |及|和|至|到|と|から|、)$/;
/** After "versions" a comma goes on with the list; after "version" an address may follow. */
const JOINS_MANY = new RegExp(`^, $|${JOINS_NUMBERS.source}`);
const JOINS_NAMES = /^["'`*_]?(?:[,;|、/]?\s*(?:and|or|und|oder|bzw\.|et|ou|y|e|&)?\s*[-*•]?\s*)["'`*_]?$/;

function joinsOfVersions(text: string, start: number): RegExp {
  return /s:? $/i.test(text.slice(Math.max(0, start - 3), start)) ? JOINS_MANY : JOINS_NUMBERS;
}

/** Labels of hashes stand in columns: "Thumbprint                 : <hash>". */
const LABEL_GAP = 40;
const JOINS_HASHES = /^["'`]?(?: ?[,;|/&] ?| (?:and|or|und|oder|et|ou|y|e) )["'`]?$/;
const JOINS_LINES = /^["'`]?(?:\s*[,;|]?\s*(?:and|or|und|oder|et|ou|y|e|&)?\s*[-*•]?\s*)["'`]?$/;

/** Whether the label before a hash is of several: "JA3 hashes:", "commits". */
function isOfSeveral(text: string, start: number): boolean {
  return /s["'`]?\)?[\s"'`:=[({*-]*$/i.test(text.slice(Math.max(0, start - 24), start));
}
