/** Letters and digits in a row by which a part of a secret is known. */
const GRAM = 8;
const BACKSLASH = 0x5c;
const U = 0x75;

/** Letters and digits of ASCII, in lower case; 0 for everything else, which divides. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte).toLowerCase();
  return byte < 0x80 && /[0-9a-z]/.test(char) ? char.charCodeAt(0) : 0;
});

/**
 * Looks in JSON for eight letters and digits of a secret in a row, whatever stands between them: `a1 b2 c3 d4`, which no search for
 * pieces without gaps can find. One step for each byte; codes of JSON (`\n`, `\u200b`) divide as well.
 */
export class DividedScan {
  /** By a hash of the last four letters: whether some place ends so. */
  readonly #ends = new Uint8Array(0x10000);
  readonly #grams = new Set<string>();

  /** @param form letters and digits, in lower case; the rows that begin at each `stride`th, and the last, are looked for. */
  add(form: string, stride: number): void {
    for (let at = 0; at + GRAM <= form.length; at += stride) this.#addGram(form.slice(at, at + GRAM));
    if (form.length >= GRAM) this.#addGram(form.slice(-GRAM));
  }

  /** Whether one of the rows is there. */
  finds(json: Buffer): boolean {
    const ends = this.#ends;
    const folded = FOLDED;
    const { length } = json;
    let sum = 0;
    for (let at = 0; at < length; at++) {
      const byte = json[at] as number;
      const char = folded[byte] as number;
      if (char === 0) {
        if (byte === BACKSLASH) at += json[at + 1] === U ? 5 : 1;
        continue;
      }
      sum = ((sum << 4) ^ char) & 0xffff;
      if (ends[sum] === 1 && this.#grams.has(rowBefore(json, at))) return true;
    }
    return false;
  }

  #addGram(gram: string): void {
    this.#grams.add(gram);
    let sum = 0;
    for (const char of gram) sum = ((sum << 4) ^ char.charCodeAt(0)) & 0xffff;
    this.#ends[sum] = 1;
  }
}

/** The eight letters and digits that end at a place. Rare enough to be read backwards. */
function rowBefore(json: Buffer, end: number): string {
  let row = '';
  for (let at = end; at >= 0 && row.length < GRAM; at--) {
    if (json[at - 1] === BACKSLASH && !isEscaped(json, at - 1)) continue;
    if (json[at - 5] === BACKSLASH && json[at - 4] === U && !isEscaped(json, at - 5)) {
      at -= 4;
      continue;
    }
    const char = FOLDED[json[at] as number] as number;
    if (char !== 0) row = String.fromCharCode(char) + row;
  }
  return row;
}

/** Whether a backslash is itself the second character of a code. */
function isEscaped(json: Buffer, at: number): boolean {
  let before = 0;
  while (json[at - 1 - before] === BACKSLASH) before++;
  return before % 2 === 1;
}
