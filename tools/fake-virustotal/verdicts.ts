import { FILE_ENGINES, HOST_ENGINES } from './engines';
import type { Finding, Kind } from './finding';
import { Seeded } from './seeded';

/** What one engine says, in v3's words. */
export interface Verdict {
  engine: string;
  category:
    | 'malicious'
    | 'suspicious'
    | 'undetected'
    | 'harmless'
    | 'timeout'
    | 'confirmed-timeout'
    | 'failure'
    | 'type-unsupported';
  result: string | null;
  version: string | null;
  /** "YYYYMMDD" */
  update: string;
}

const FAMILIES = [
  'Skarnel',
  'Orvex',
  'Plumbit',
  'Drayloc',
  'Mendrax',
  'Vantorr',
  'Loamer',
  'Tirrick',
  'Ghastwort',
];

export function familyOf(seed: string): string {
  return new Seeded(`family ${seed}`).pick(FAMILIES);
}

/** The verdicts behind a finding, in the engines' order; none while it is queued. */
export function verdictsOf(kind: Kind, seed: string, finding: Finding): Verdict[] {
  if (finding.state !== 'present') return [];
  const seeded = new Seeded(`verdicts ${seed}`);
  const family = familyOf(seed);
  const names = kind === 'file' ? FILE_ENGINES : HOST_ENGINES;
  const order = seeded.shuffled(names);
  const update = new Date(finding.scannedAt * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  const categories = new Map(
    order.map((engine, place) => [engine, categoryAt(place, kind, finding, seeded)]),
  );
  return names.flatMap((engine): Verdict[] => {
    const category = categories.get(engine);
    if (category === undefined) return [];
    return [
      {
        engine,
        category,
        result: kind === 'file' ? fileResult(category, family, seeded) : hostResult(category, seeded),
        version:
          seeded.next() < 0.05
            ? null
            : `${seeded.between(1, 9)}.${seeded.between(0, 40)}.${seeded.between(0, 9999)}`,
        update,
      },
    ];
  });
}

function categoryAt(
  place: number,
  kind: Kind,
  finding: Finding,
  seeded: Seeded,
): Verdict['category'] | undefined {
  if (place < finding.malicious) return 'malicious';
  if (place < finding.malicious + finding.suspicious) return 'suspicious';
  if (place < finding.engines && finding.unrated) return 'undetected';
  if (place < finding.engines) return kind !== 'file' && seeded.next() < 0.67 ? 'harmless' : 'undetected';
  if (kind !== 'file') return seeded.next() < 0.2 ? 'timeout' : undefined;
  return seeded.pick([
    'type-unsupported',
    'type-unsupported',
    'type-unsupported',
    'timeout',
    'failure',
    'confirmed-timeout',
  ]);
}

/** Recorded file objects give a text for malicious only, null for all others. */
function fileResult(category: Verdict['category'], family: string, seeded: Seeded): string | null {
  if (category !== 'malicious' && category !== 'suspicious') return null;
  const tail = seeded.hex(4);
  return seeded.pick([
    `Trojan.Win32.${family}.${tail}`,
    `W32/${family}.${tail.slice(0, 1).toUpperCase()}!tr`,
    `Gen:Variant.${family}.${seeded.between(1000, 99_999)}`,
    `${family}.Loader.${seeded.between(1, 40)}`,
    `Malicious (score: ${seeded.between(80, 100)})`,
    `Trojan:Win32/${family}.${tail.toUpperCase()}!MTB`,
    `BehavesLike.Win32.${family}.wc`,
  ]);
}

function hostResult(category: Verdict['category'], seeded: Seeded): string {
  if (category === 'malicious') return seeded.pick(['malicious', 'malware', 'phishing']);
  if (category === 'suspicious') return 'suspicious';
  return category === 'harmless' ? 'clean' : category === 'timeout' ? 'timeout' : 'unrated';
}

export function statsOf(kind: Kind, verdicts: readonly Verdict[]): Record<string, number> {
  const stats: Record<string, number> = {
    malicious: 0,
    suspicious: 0,
    undetected: 0,
    harmless: 0,
    timeout: 0,
  };
  if (kind === 'file') Object.assign(stats, { 'confirmed-timeout': 0, failure: 0, 'type-unsupported': 0 });
  for (const { category } of verdicts) stats[category] = (stats[category] ?? 0) + 1;
  return stats;
}
