import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { headingsOf } from './markdown.mjs';
import { readText, ROOT } from './root.mjs';

/** The pages that are files of the repository as they stand, by their file: the route of each. */
export const FILES = new Map([
  ...['docs', 'docs/nodes'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => [`${folder}/${file}`, `${folder}/${file}`.slice('docs/'.length, -'.md'.length)]),
  ),
  ['SECURITY.md', 'security'],
  ['SUPPORT.md', 'support'],
  ['MIGRATION.md', 'upgrading'],
  ['CHANGELOG.md', 'changelog'],
]);

/** Where text has become a page otherwise: the chapters of README, and the library's API, which TypeDoc writes. */
const OTHERS = new Map([
  ['README.md', '/'],
  ['README.md#install', '/start#install'],
  ['README.md#examples', '/recipes/'],
  ['docs/api/library.api.md', '/library/api/'],
  ['docs/api/host.api.md', '/library/api/host'],
]);

/** The page that a file, or the part of it at an anchor, has become: undefined for a file that is not on the site. */
export function routeOf(path, anchor) {
  const other = OTHERS.get(anchor === '' ? path : `${path}#${anchor}`);
  if (other !== undefined) return other;
  // VitePress puts the site's base before no link to a file that is not a page.
  if (/^examples\/[\w-]+\.json$/.test(path)) return `../${path}`;
  const route = FILES.get(path);
  return route && `/${route.replace(/(^|\/)index$/, '$1')}${anchor === '' ? '' : `#${anchor}`}`;
}

/** The first heading of a page. */
export function titleOf(file) {
  return headingsOf(readText(file))[0]?.text ?? file;
}
