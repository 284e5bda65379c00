import type { Finding } from './finding';
import { Seeded } from './seeded';

/** The lists that still rank domains; those of Alexa, Quantcast and Statvoo have ended. */
const LISTS = ['Cisco Umbrella', 'Cloudflare Radar', 'Majestic'];

/** A domain's places in lists of what is visited most; empty for five of nine, and for what engines call malicious. */
export function popularityRanks(domain: string, finding: Finding): Record<string, object> {
  const seeded = new Seeded(`popularity ${domain}`);
  if (finding.malicious > 0 || seeded.next() > 4 / 9) return {};
  const timestamp = finding.scannedAt - seeded.between(3_600, 90_000);
  const lists = seeded.shuffled(LISTS).slice(0, seeded.between(1, LISTS.length));
  return Object.fromEntries(
    lists.map((list) => [list, { rank: Math.round(200 * 5_000 ** seeded.next()), timestamp }]),
  );
}
