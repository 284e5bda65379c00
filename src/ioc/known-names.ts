import { asciiHostName } from './domain';

/**
 * What is known of a dotted name whatever text it stands in. What is undefined wasn't asked yet: who asks keeps the answer there.
 */
export interface KnownName {
  /** In canonical form; undefined when it is no host name. */
  readonly value: string | undefined;
  /** Whether it is a domain to the reader where nothing speaks for it, and the same where a bracket opens behind it. */
  isLikely: boolean | undefined;
  isLikelyCalled: boolean | undefined;
  /** Whether it is nothing but a suffix under which names are registered. */
  isSuffix: boolean | undefined;
  /** Why it isn't sent: see guard.ts. */
  nonPublicReason: string | false | undefined;
}

const names = new Map<string, KnownName>();
const MOST_NAMES = 5000;
/** Longer ones are seldom seen twice. */
const LONGEST = 80;

/** What is known of a name as written: the same few hundred are in most messages of a flow. */
export function knownName(raw: string): KnownName {
  const known = names.get(raw);
  if (known !== undefined) return known;
  const own = copyOf(raw);
  const name: KnownName = {
    value: asciiHostName(own),
    isLikely: undefined,
    isLikelyCalled: undefined,
    isSuffix: undefined,
    nonPublicReason: undefined,
  };
  if (raw.length > LONGEST) return name;
  if (names.size >= MOST_NAMES) names.clear();
  names.set(own, name);
  return name;
}

/** A text of its own: to V8 a slice is a view of the whole text, which would stay in memory with it. */
export function copyOf(slice: string): string {
  return ` ${slice}`.slice(1);
}
