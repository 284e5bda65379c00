import type { Findings } from './findings';
import type { Hint } from './hint';
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

  /** Takes an indicator in canonical form that stands from `start` to `end` of the refanged text. */
  found(type: IocType, value: string, start: number, end: number): void {
    this.#findings.add(type, value, this.refanged.asItStood(start, end), this.#place);
  }

  /** Whether a canonical value was found before: then nothing has to be weighed again. */
  isKnown(value: string): boolean {
    return this.#findings.has(value);
  }
}
