import { decodedOnce, squeezedTrace, traced, type Traced } from './decoded-text';
import { squeezed, wholeForms } from './secret-forms';

/** Letters and digits in a row by which a part of a secret is known. */
const GRAM = 8;
/** A match of this many consecutive characters is no coincidence: each is one of at least 16 possible characters. */
const CERTAIN = 16;
/** Codes in codes that are looked into. */
const MOST_LAYERS = 4;

interface Form {
  codes: Uint16Array;
  /** The shortest part that counts, wherever it stands. */
  least: number;
  /** The shortest part that counts where it stands alone, between other things than letters and digits. */
  leastAlone: number;
}

type Range = [from: number, to: number];

/**
 * Where a text holds secrets or parts of them: cut, divided, reversed, in codes, in hex or in base64.
 *
 * The text is reduced to its letters and digits, which undoes dividers and line breaks, and each of them keeps its place in the original. Every eight
 * in a row are looked up among those of the secrets, and a hit is extended as far as both agree. Then one layer of codes (`%64`, `&#100;`,
 * `\u0064`) is decoded and the same is done again, up to `MOST_LAYERS` deep.
 *
 * How long a part must be is a matter of chance. Sixteen characters of a key do not occur by accident; eight may occur inside a longer word or hash, so
 * they count only where they stand alone, or in texts where removing too much does no harm (`strict`: errors, logs).
 */
export class SecretRuns {
  readonly #forms: Form[] = [];
  readonly #places = new Map<string, { form: Form; at: number }[]>();
  /** By a hash of eight letters: whether some place begins so. Most don't, and are passed over quickly. */
  readonly #begins = new Uint8Array(0x10000);

  constructor(secrets: readonly string[]) {
    for (const secret of secrets) {
      const { reversed, hex, base64 } = wholeForms(secret);
      const own = squeezed(secret);
      // A short one is no secret in parts.
      if (own.length < GRAM) continue;
      const alone = own.length < CERTAIN ? own.length : GRAM;
      this.#add(own, Math.min(CERTAIN, own.length), alone);
      for (const form of [reversed, ...hex, ...base64].map(squeezed))
        if (form.length >= GRAM) this.#add(form, Math.min(CERTAIN, form.length), Infinity);
    }
  }

  /**
   * Begin and end of each run, in order and without overlaps.
   * @param strict true: a short part counts even if it is joined to other letters. For texts where a chance match does no harm
   */
  in(text: string, strict: boolean): Range[] {
    const found: Range[] = [];
    if (this.#forms.length === 0 || text.length < GRAM) return found;
    let layer: Traced | undefined = traced(text);
    for (let depth = 0; layer && depth < MOST_LAYERS; depth++) {
      this.#search(text, squeezedTrace(layer), strict, found);
      layer = decodedOnce(layer);
    }
    return merged(found);
  }

  #add(text: string, least: number, leastAlone: number): void {
    const form = { codes: codesOf(text), least, leastAlone };
    this.#forms.push(form);
    for (let at = 0; at + GRAM <= text.length; at++) {
      const gram = text.slice(at, at + GRAM);
      const places = this.#places.get(gram) ?? [];
      this.#places.set(gram, places);
      places.push({ form, at });
      this.#begins[hash(form.codes, at)] = 1;
    }
  }

  #search(original: string, { length, codes, from, to }: Traced, strict: boolean, found: Range[]): void {
    for (let i = 0; i + GRAM <= length; i++) {
      if (this.#begins[hash(codes, i)] === 0) continue;
      const places = this.#places.get(String.fromCharCode(...codes.subarray(i, i + GRAM)));
      let most = 0;
      for (const { form, at } of places ?? []) {
        const run = common(codes, i, length, form.codes, at);
        if (run <= most) continue;
        const alone = strict || standsAlone(original, from[i] as number, to[i + run - 1] as number);
        if (run >= (alone ? Math.min(form.least, form.leastAlone) : form.least)) most = run;
      }
      if (most === 0) continue;
      found.push([from[i] as number, to[i + most - 1] as number]);
      i += most - 1;
    }
  }
}

function common(codes: Uint16Array, i: number, length: number, form: Uint16Array, at: number): number {
  let run = GRAM;
  while (i + run < length && at + run < form.length && codes[i + run] === form[at + run]) run++;
  return run;
}

function codesOf(text: string): Uint16Array {
  return Uint16Array.from(text, (char) => char.charCodeAt(0));
}

function standsAlone(text: string, begin: number, end: number): boolean {
  return !/[0-9a-z]/i.test(text.charAt(begin - 1)) && !/[0-9a-z]/i.test(text.charAt(end));
}

/** Of eight letters. */
function hash(codes: Uint16Array, at: number): number {
  let sum = 0;
  for (let i = at; i < at + GRAM; i++) sum = (Math.imul(sum, 31) + (codes[i] as number)) | 0;
  return (sum ^ (sum >>> 16)) & 0xffff;
}

function merged(ranges: Range[]): Range[] {
  const all: Range[] = [];
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}
