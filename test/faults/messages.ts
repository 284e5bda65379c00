import type { ReportOverrides } from '../../tools/fake-virustotal/finding';
import { digest, Seeded } from '../../tools/fake-virustotal/seeded';

/** Something that may be looked up. */
export interface Known {
  /** As the report names it. */
  readonly value: string;
  /** As messages may spell it. */
  readonly spellings: readonly string[];
  /** What VirusTotal has of it: engines that detected it, or nothing. */
  readonly positives: number | 'unknown';
}

type KnownKind = 'domain' | 'file' | 'ip' | 'url';

/** A message, and what is to become of it. */
export interface Planned {
  /** Id of the node that gets it. */
  readonly node: string;
  readonly msg: Record<string, unknown>;
  /** What it asks for, in order. */
  readonly asks: readonly Known[];
  /** Whether each of them ends by itself, in an output or an error; else the message ends once. */
  readonly each: boolean;
}

const EACH_KIND = 100;
const MAKE: Record<KnownKind, (n: number) => string> = {
  domain: (n) => `shop-${n}.net`,
  file: (n) => digest(n % 2 === 0 ? 'sha256' : 'md5', `file ${n}`),
  ip: (n) => `93.${160 + (n % 40)}.${n % 251}.${1 + (n % 253)}`,
  url: (n) => `http://mail-${n}.net/inbox/${n}?id=${n}`,
};
const DEFANG: Record<KnownKind, (value: string) => string> = {
  domain: (value) => value.toUpperCase(),
  file: (value) => value.toUpperCase(),
  ip: (value) => ` ${value} `,
  url: (value) => value.replace('http://', 'hxxp://').replace('.net', '[.]net'),
};

/** Everything that is asked for in a run; a few of them often, most of them seldom. */
export class World {
  readonly #known: Record<KnownKind, Known[]>;
  readonly #chance: Seeded;

  /** @param seed of what is known @param script of the messages */
  constructor(seed: string, script: string) {
    const chance = new Seeded(`known ${seed}`);
    this.#chance = new Seeded(`messages ${script}`);
    const all = (kind: KnownKind): Known[] =>
      Array.from({ length: EACH_KIND }, (_, n) => {
        const value = MAKE[kind](n);
        const positives = chance.between(0, 9) === 0 ? 'unknown' : chance.between(0, 15);
        return { value, spellings: [value, DEFANG[kind](value)], positives };
      });
    this.#known = { domain: all('domain'), file: all('file'), ip: all('ip'), url: all('url') };
  }

  /** For the stand-in. Few engines: the reports are not what is tried here. */
  get catalogue(): ReportOverrides {
    const told = Object.values(this.#known)
      .flat()
      .map(({ value, positives }): [string, ReportOverrides[string]] => [
        value,
        positives === 'unknown' ? 'unknown' : { malicious: positives, suspicious: 0, engines: 16 },
      ]);
    return Object.fromEntries(told);
  }

  /** The next message of the script. */
  message(): Planned {
    const chance = this.#chance;
    const lot = chance.between(0, 99);
    if (lot < 24) return this.#single('domain', 'domain');
    if (lot < 40) return this.#single('file', 'file');
    if (lot < 50) return this.#single('ip', 'ip');
    if (lot < 60) return this.#single('url', 'url');
    if (lot < 72) return this.#single('file-v2', 'file');
    if (lot < 80) return this.#single('report', 'domain');
    if (lot < 90) return this.#search('search', true);
    if (lot < 95) return this.#search('array', false);
    if (lot < 97) return { node: 'ip', msg: this.#msg('10.20.30.40'), asks: [], each: false };
    return { node: 'url', msg: this.#msg('not a URL'), asks: [], each: false };
  }

  #single(node: string, kind: KnownKind): Planned {
    const known = this.#pick(kind);
    return { node, msg: this.#msg(this.#chance.pick(known.spellings)), asks: [known], each: false };
  }

  #search(node: string, each: boolean): Planned {
    const kinds = this.#chance.shuffled<KnownKind>(['domain', 'file', 'ip', 'url']);
    const asks = kinds.slice(0, this.#chance.between(1, 4)).map((kind) => this.#pick(kind));
    const text = asks.map(({ spellings }) => this.#chance.pick(spellings).trim());
    return { node, msg: this.#msg(`seen: ${text.join(' and ')} today`), asks, each };
  }

  #msg(payload: string): Record<string, unknown> {
    const msg: Record<string, unknown> = { payload };
    if (this.#chance.between(0, 9) === 0) msg['priority'] = this.#chance.between(0, 9);
    if (this.#chance.between(0, 24) === 0) msg['refresh'] = true;
    return msg;
  }

  #pick(kind: KnownKind): Known {
    return this.#known[kind][Math.floor(this.#chance.next() ** 3 * EACH_KIND)] as Known;
  }
}
