/** The platform that a bundle is written for; `generic` is STIX 2.1 without any extension but TLP 2.0's. */
export type Platform = 'generic' | 'opencti' | 'misp' | 'sentinel';

/** What Microsoft Sentinel's upload API takes; it answers any other type with an error. */
const SENTINEL_TYPES = new Set(['indicator', 'attack-pattern', 'threat-actor', 'identity', 'relationship']);

/** The types of objects that the platform takes; undefined: all. */
export function typesOf(platform: Platform): ReadonlySet<string> | undefined {
  return platform === 'sentinel' ? SENTINEL_TYPES : undefined;
}
