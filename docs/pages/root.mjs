import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Where the pages are written that VitePress reads; ignored by git. */
export const PAGES = join(ROOT, 'docs', '.pages');

/** The text of a file of the repository. */
export function readText(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The built site; ignored by git. */
export const DIST = join(ROOT, 'docs', '.vitepress', 'dist');
