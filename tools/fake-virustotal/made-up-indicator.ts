import type { Kind } from './finding';
import type { Seeded } from './seeded';

/** An indicator that belongs to no one, in a form that may leave a network: no reserved name and no reserved address. */
export function madeUpIndicator(kind: Kind, seeded: Seeded): string {
  switch (kind) {
    case 'file':
      return seeded.hex(64);
    case 'ip':
      return `21.${seeded.between(1, 254)}.${seeded.between(1, 254)}.${seeded.between(1, 254)}`;
    case 'domain':
      return `${seeded.word()}-${seeded.word()}.net`;
    case 'url':
      return `http://${seeded.word()}-${seeded.word()}.net/${seeded.word()}`;
  }
}
