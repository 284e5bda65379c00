/** What the hash of no bytes says of a file: that there was none, or that nothing was read. Those of Windows have no password. */
const NOTHING: ReadonlyMap<string, string> = new Map([
  ['d41d8cd98f00b204e9800998ecf8427e', 'hash of the empty file'],
  ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hash of the empty file'],
  ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hash of the empty file'],
  ['aad3b435b51404eeaad3b435b51404ee', 'hash of the empty password (LM)'],
  ['31d6cfe0d16ae931b73c59d7e0c089c0', 'hash of the empty password (NT)'],
]);

const FIRST_DIGITS: ReadonlySet<string> = new Set([...NOTHING.keys()].map((hash) => hash.slice(0, 2)));

/** Why a search does not ask about a hash that a great many things have in common, or undefined for any other. */
export function hashOfNothing(hash: string): string | undefined {
  // To look the whole hash up V8 has to read it first.
  return FIRST_DIGITS.has(hash.slice(0, 2)) ? NOTHING.get(hash) : undefined;
}
