import type { Findings } from './findings';
import { hintBefore } from './hint';
import type { Hint } from './hint-words';
import type { IocType } from './ioc';
import type { Place } from './place';
import type { Refanged } from './refanged';

/** One text that is searched, with what is known of it and where its findings go. */
export class Reading {
  readonly text: string;
  readonly refanged: Refanged;
  /** What the key of the text says of it; `key` when the text is itself a key. */
  readonly hint: Hint | 'key' | undefined;
  readonly #place: Place | undefined;
  readonly #findings: Findings;
  #listHint: Hint | undefined;
  #listJoins = JOINS_NAMES;
  #listEnd = 0;

  constructor(
    refanged: Refanged,
    hint: Hint | 'key' | undefined,
    place: Place | undefined,
    findings: Findings,
  ) {
    this.text = refanged.text;
    this.refanged = refanged;
    this.hint = hint;
    this.#place = place;
    this.#findings = findings;
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

  /** Takes an indicator in canonical form that stands from `start` to `end` of the refanged text. */
  found(type: IocType, value: string, start: number, end: number): void {
    this.#findings.add(type, value, this.refanged.asItStood(start, end), this.#place);
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
