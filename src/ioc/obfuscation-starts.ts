import { FirstOf } from './first-of';
import { MOST_READ, OBFUSCATION_STARTS, Trait, TRAITS } from './text-traits';

// Held for the reason that char-class.ts gives.
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the text as `this`
const { charCodeAt } = String.prototype;

const START = new RegExp(`[${OBFUSCATION_STARTS.replace(/[[\]\\]/g, '\\$&')}]`);
/** The same, and what else {@link refang} reads: " dot " and strings that a dot puts together. */
export const MAY_BE_OBFUSCATED = new RegExp(`${START.source}|dot |DOT |["'] ?\\. ?["']`);
/** Whether a text has characters beyond Latin-1. Costs nothing for one that has none: V8 keeps such a text in bytes. */
export const WIDE = /[\u0100-\uffff]/;
/** What an obfuscation begins with in a text that has none. */
const LATIN_STARTS = ['[', '(', '{', '<', ']', '\\', '&', '+', '^', '\u00ad'] as const;
/** What is shorter is read through before ten searches have begun. */
const LONG = 2048;

/** Whether there is anything in a text that an obfuscation begins with. */
export function hasObfuscationStart(source: string, traits: number): boolean {
  if ((traits & Trait.Obfuscation) === 0) return false;
  return (source + '').length <= MOST_READ || START.test(source);
}

/** Where an obfuscation may begin, asked from left to right. */
export class ObfuscationStarts {
  readonly #source: string;
  readonly #latin: FirstOf | undefined;

  constructor(source: string) {
    this.#source = source;
    this.#latin = source.length > LONG && !WIDE.test(source) ? new FirstOf(source, LATIN_STARTS) : undefined;
  }

  /** The first place from a position on, which must not be before that of an earlier call; the text's length without one. */
  next(from: number): number {
    if (this.#latin !== undefined) return this.#latin.next(from);
    const source = this.#source;
    const table = TRAITS;
    const { length } = source + '';
    let at = from;
    while (at < length && ((table[charCodeAt.call(source, at)] ?? 0) & Trait.Obfuscation) === 0) at++;
    return at;
  }
}
