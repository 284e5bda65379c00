import { createHash } from 'node:crypto';

/** Random numbers that are the same each time for the same text, so that an indicator always has the same report. */
export class Seeded {
  #state: number;

  constructor(text: string) {
    this.#state = createHash('sha256').update(text).digest().readUInt32LE(0);
  }

  /** At least 0, below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.between(0, list.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((item) => ({ item, order: this.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }

  hex(digits: number): string {
    const bytes = Buffer.alloc(Math.ceil(digits / 8) * 4);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(this.next() * 0x1_0000_0000, at);
    return bytes.toString('hex', 0, Math.ceil(digits / 2)).slice(0, digits);
  }

  word(): string {
    let text = '';
    for (let i = this.between(2, 4); i > 0; i--) text += this.pick(SYLLABLES);
    return text;
  }
}

const SYLLABLES = 'ba co dri el fo gra hu in jo ka lin mo nor pe qua ri sto tu ver wen yl zan'.split(' ');

export function digest(algorithm: 'md5' | 'sha1' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
