import type { FileHashes } from './ioc';

/** Why hashes may be of one file, the surest first. */
export const enum Side {
  /** Values of one object, of a list of its hashes or of a row, by names that differ in nothing but the algorithm. */
  Named,
  /** One after the other in a text. */
  Text,
  /** Elements of a list of indicators, each with its kind. */
  List,
}

/** Where a hash stands beside others. */
export interface HashPlace {
  readonly side: Side;
  /** The same for what may be of one file, and for nothing else. */
  readonly scope: string | number;
  /** Of an element of a list: its index. */
  readonly index?: number;
  /** Neither a name nor a word says that it goes with the one before it: they stand in one line or row. */
  readonly isBare?: boolean;
}

interface Standing {
  readonly side: Side;
  readonly hashes: string[];
  /** Of the elements of a list. */
  readonly indexes: number[];
  isBare: boolean;
}

/**
 * Which of the hashes of a value are of one file. Each hash comes with a place: a scope, within which hashes of different kinds may be of
 * one file. What the scope is depends on where the hash stands (an object, a row, a stretch of text, a list); that two are of one file is
 * decided here, the same way for all of them:
 *
 * - In a scope the hashes are read in their order, and a kind that comes again begins the next file. Two of a kind that stand next to each
 *   other are a list by kind: nothing in it is joined.
 * - What was joined at one place holds for the value as a whole, whichever of the hashes stands alone at another. The surer places come first;
 *   what would give a file two hashes of a kind isn't joined.
 */
export class FilesByHash {
  /** By side, the surest first, and scope. */
  readonly #scopes: (Map<string | number, Standing> | undefined)[] = [undefined, undefined, undefined];

  add(hash: string, { side, scope, index = 0, isBare = false }: HashPlace): void {
    const scopes = (this.#scopes[side] ??= new Map<string | number, Standing>());
    const standing = scopes.get(scope);
    if (standing === undefined)
      return void scopes.set(scope, { side, hashes: [hash], indexes: [index], isBare });
    // The same once more says nothing new.
    if (standing.hashes.includes(hash, Math.max(0, standing.hashes.length - 3))) return;
    standing.hashes.push(hash);
    standing.indexes.push(index);
    standing.isBare ||= isBare;
  }

  /**
   * Hashes by the file that they are of: each has the same object as the others of its file. Those that stand alone are left out.
   * @param isHash whether a hash counts at all
   */
  files(isHash: (hash: string) => boolean): ReadonlyMap<string, FileHashes> {
    const files = new Map<string, FileHashes>();
    for (const scopes of this.#scopes) {
      if (scopes === undefined) continue;
      for (const standing of scopes.values()) {
        if (standing.hashes.length < 2) continue;
        for (const group of groupsOf(standing, isHash)) join(group, files);
      }
    }
    return files;
  }
}

const NAMES = new Map<number, keyof FileHashes>([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
]);
const MOST = 3;

/** The name of a hash's algorithm. */
function kindOf(hash: string): keyof FileHashes {
  return NAMES.get(hash.length) ?? 'sha256';
}

/** A hash by the name of its algorithm. A literal for each: what it makes has one shape, and takes a fraction of the time. */
export function byKind(hash: string): FileHashes {
  switch (hash.length) {
    case 32:
      return { md5: hash };
    case 40:
      return { sha1: hash };
    default:
      return { sha256: hash };
  }
}

/** The hashes of a file, the strongest last. */
export function hashesOf({ md5, sha1, sha256 }: FileHashes): string[] {
  return [md5, sha1, sha256].filter((hash) => hash !== undefined);
}

/** The strongest hash, by which the file is looked up: files with the same MD5 or SHA-1 can be made, so those could give another file's report. */
export function strongest({ md5, sha1, sha256 }: FileHashes): string {
  return sha256 ?? sha1 ?? md5 ?? '';
}

function groupsOf(
  { side, hashes, indexes, isBare }: Standing,
  isHash: (hash: string) => boolean,
): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  let before = -1;
  for (let position = 0; position < hashes.length; position++) {
    const hash = hashes[position] ?? '';
    if (!isHash(hash)) continue;
    const last = group.at(-1);
    if (last?.length === hash.length && last !== hash) return [];
    const index = indexes[position] ?? 0;
    const isApart = side === Side.List && before >= 0 && index !== before + 1;
    if (last === undefined || isApart || group.some(({ length }) => length === hash.length))
      groups.push((group = []));
    group.push(hash);
    before = index;
  }
  // A list may hold two files, each by one of its hashes; three in a row of which each is of another kind are of one.
  if ((side === Side.List || isBare) && groups.some(({ length }) => length !== MOST)) return [];
  return groups.filter((each) => each.length > 1 && (side !== Side.List || isOrdered(each)));
}

/** Tools that write the hashes of one file into a list go from the weakest to the strongest or back; those of several files come in any order. */
function isOrdered([first = '', second = '', third = '']: readonly string[]): boolean {
  return first.length < second.length === second.length < third.length;
}

function join(group: readonly string[], files: Map<string, FileHashes>): void {
  const joined: FileHashes = {};
  for (const hash of group) {
    for (const other of [hash, ...hashesOf(files.get(hash) ?? {})]) {
      const kind = kindOf(other);
      if (joined[kind] !== undefined && joined[kind] !== other) return;
      joined[kind] = other;
    }
  }
  for (const hash of hashesOf(joined)) files.set(hash, joined);
}
