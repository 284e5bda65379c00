import type { Extraction } from '../../src/ioc/extract';
import { hashesOf } from '../../src/ioc/file-hashes';

/** What was found, as `file <hash>`: every hash by itself, as a corpus and other extractors list them. Those of one file stand together. */
export function foundIn({ iocs }: Pick<Extraction, 'iocs'>): string[] {
  return iocs.flatMap(({ type, value, hashes }) =>
    hashes === undefined ? [`${type} ${value}`] : hashesOf(hashes).map((hash) => `file ${hash}`),
  );
}

/** The same where the order of a file's hashes is open: all of it sorted. */
export function inAnyOrder(lines: readonly string[]): string[] {
  return lines.some((line) => line.startsWith('file ')) ? [...lines].sort() : [...lines];
}
