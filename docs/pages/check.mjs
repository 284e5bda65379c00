// Looks at the built site: fails for a link to a place of a page that is not there, and for a picture, script or style of another site.
// VitePress itself fails for a link to a page that is not there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { DIST } from './root.mjs';

const base = process.env.DOCS_BASE ?? '/';
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.html'));
const pages = new Map(files.map((file) => [file, readFileSync(join(DIST, file), 'utf8')]));
const ids = new Map(
  [...pages].map(([file, html]) => [
    file,
    new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)),
  ]),
);

const wrong = [];
for (const [file, html] of pages) {
  for (const [, target = ''] of html.matchAll(/<a [^>]*?href="([^"]*)"/g))
    if (!/^[a-z]+:/.test(target) && !isThere(file, target)) wrong.push(`${file}: ${target}`);
  for (const [tag] of html.matchAll(
    /<(?:img|script|link|iframe)\b[^>]*?(?:src|href)="(?:https?:)?\/\/[^>]*>/g,
  ))
    wrong.push(`${file}: ${tag}`);
}
if (wrong.length > 0) throw new Error(`Not there, or of another site:\n${[...new Set(wrong)].join('\n')}`);

function isThere(file, target) {
  const [path = '', anchor = ''] = target.split('#').map(decodeURIComponent);
  const isWhole = path.startsWith(base);
  const whole =
    path === '' ? file : isWhole ? path.slice(base.length) : posix.join(posix.dirname(file), path);
  const page = whole === '' || whole.endsWith('/') ? `${whole}index.html` : whole;
  if (!page.endsWith('.html')) return existsSync(join(DIST, page));
  return pages.has(page) && (anchor === '' || ids.get(page)?.has(anchor) === true);
}
