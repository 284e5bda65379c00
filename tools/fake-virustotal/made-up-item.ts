import type { Finding, Kind } from './finding';
import { certificate } from './host-details';
import type { RelatedItem } from './related-item';
import type { ItemType } from './relations';
import type { Seeded } from './seeded';
import { objectId } from './v3-objects';

/** What an item follows from. */
interface Origin {
  kind: Kind;
  identity: string;
  finding: Finding;
  /** Its id, where the type has no form of its own. */
  value: string;
  /** Unix seconds. */
  date: number;
  seeded: Seeded;
}

/** An item that is no indicator. */
export function madeUpItem(
  items: ItemType,
  { kind, identity, finding, value, date, seeded }: Origin,
): RelatedItem {
  const short = seeded.hex(8);
  const word = seeded.word();
  switch (items) {
    case 'comment':
      return {
        type: 'comment',
        id: `${kind.slice(0, 1)}-${objectId(kind, identity)}-${short}`,
        attributes: () => ({
          date,
          text: `Seen in a campaign of ${word}. #${word}`,
          html: `Seen in a campaign of ${word}. #${word}`,
          tags: [word],
          votes: { positive: 1, negative: 0, abuse: 0 },
        }),
      };
    case 'vote': {
      const verdict = finding.malicious > 0 ? 'malicious' : 'harmless';
      const id = `${kind.slice(0, 1)}-${objectId(kind, identity)}-${short}`;
      return {
        type: 'vote',
        id,
        attributes: () => ({ date, verdict, value: verdict === 'harmless' ? 1 : -1 }),
      };
    }
    case 'whois':
      return {
        type: 'whois',
        id: value,
        attributes: () => ({
          first_seen_date: date,
          last_updated: date,
          registrar_name: `${word} Names Ltd.`,
          registrant_country: 'NL',
          whois_map: { 'Domain Name': identity.toUpperCase(), Registrar: `${word} Names Ltd.` },
        }),
      };
    case 'ssl_cert':
      return {
        type: 'ssl_cert',
        id: value,
        context: { first_seen_date: date },
        attributes: () => certificate(identity, finding),
      };
    default:
      return { type: items, id: value, attributes: () => ({ date, name: word }) };
  }
}
