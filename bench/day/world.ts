import { hashesOf, type FileHashes } from '../../tools/fake-virustotal/file-details';
import type { Seeded } from '../../tools/fake-virustotal/seeded';

/** One thing that an alert is about, and every value under which a lookup of it gives its verdict. */
export interface Entity {
  readonly kind: 'file' | 'link' | 'host';
  readonly values: readonly string[];
}

export interface FileEntity extends Entity {
  readonly hashes: FileHashes;
}

export interface HostEntity extends Entity {
  readonly name: string;
}

export interface LinkEntity extends Entity {
  readonly url: string;
}

/** Of each kind; a day of 2,000 alerts meets far fewer of them. */
const POPULATION = 20_000;
/** Of Zipf's law: the second is met half as often as the first, the third a third as often. */
const EXPONENT = 1;

/** What there is in the world, made up: the same for the same seed. A few things are met very often, most of them once. */
export class World {
  readonly #seeded: Seeded;
  readonly #cumulated: number[] = [];
  readonly #files = new Map<number, FileEntity>();
  readonly #links = new Map<number, LinkEntity>();
  readonly #domains = new Map<number, HostEntity>();
  readonly #addresses = new Map<number, HostEntity>();

  constructor(seeded: Seeded) {
    this.#seeded = seeded;
    let sum = 0;
    for (let rank = 1; rank <= POPULATION; rank++) this.#cumulated.push((sum += 1 / rank ** EXPONENT));
  }

  file(): FileEntity {
    return this.#met(this.#files, () => {
      const hashes = hashesOf(this.#seeded.hex(64));
      return { kind: 'file', values: Object.values(hashes), hashes };
    });
  }

  link(): LinkEntity {
    return this.#met(this.#links, () => {
      const url = `https://${this.#name()}/${this.#seeded.word()}/${this.#seeded.hex(10)}`;
      return { kind: 'link', values: [url], url };
    });
  }

  domain(): HostEntity {
    return this.#met(this.#domains, () => hostEntity(this.#name()));
  }

  address(): HostEntity {
    return this.#met(this.#addresses, () => {
      const [a, b] = [this.#seeded.pick([23, 45, 62, 91, 146, 185]), this.#seeded.between(1, 254)];
      return hostEntity(`${a}.${b}.${this.#seeded.between(1, 254)}.${this.#seeded.between(1, 254)}`);
    });
  }

  #name(): string {
    return `${this.#seeded.word()}-${this.#seeded.hex(5)}.${this.#seeded.pick(['com', 'net', 'org', 'info'])}`;
  }

  #met<T>(known: Map<number, T>, make: () => T): T {
    const at = this.#seeded.next() * (this.#cumulated.at(-1) ?? 0);
    const rank = this.#cumulated.findIndex((sum) => sum > at);
    const entity = known.get(rank) ?? make();
    known.set(rank, entity);
    return entity;
  }
}

function hostEntity(name: string): HostEntity {
  return { kind: 'host', values: [name], name };
}
