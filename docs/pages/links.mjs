import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { headingsOf, outsideOfCode, slugOf } from './markdown.mjs';
import { readText, ROOT } from './root.mjs';

const REPOSITORY = 'https://github.com/nr-threat-intel/node-red-virustotal/blob/main/';
/** The site by its address, as README has it, which is shown in places where a relative link leads nowhere. */
const SITE = 'https://nr-threat-intel.github.io/node-red-virustotal/';
const RAW = 'https://raw.githubusercontent.com/nr-threat-intel/node-red-virustotal/main/docs/';
/** Up to the closing bracket, which is not in code. */
const LINK = /(\]\()([^)\s]+)(\))/g;

/**
 * Markdown of a file of the repository with its links as they are on the site: to the page that has the text, else to GitHub.
 *
 * @param {string} markdown
 * @param {string} source the path of the file from the root, as `docs/scaling.md`
 * @param {(path: string, anchor: string) => string | undefined} routeOf the page that a file, or its part, has become
 * @throws Error for a link to a file, or a heading of a Markdown file, that does not exist
 */
export function withSiteLinks(markdown, source, routeOf) {
  return outsideOfCode(markdown, (text) =>
    text.replace(LINK, (_, before, target, after) => `${before}${siteLink(target, source, routeOf)}${after}`),
  );
}

function siteLink(target, source, routeOf) {
  if (target.startsWith(RAW)) return `/${target.slice(RAW.length)}`;
  if (target.startsWith(SITE)) return `/${target.slice(SITE.length).replace('.html', '')}`;
  if (/^(?:[a-z]+:|\/)/.test(target)) return target;
  const [file = '', anchor = ''] = target.split('#');
  const path = file === '' ? source : posix.join(posix.dirname(source), file);
  const exists = existsSync(join(ROOT, path)) && (!path.endsWith('.md') || hasHeading(path, anchor));
  if (!exists) throw new Error(`${source} has a link to ${target}, which does not exist`);
  if (path.startsWith('docs/images/')) return `/${path.slice('docs/'.length)}`;
  return routeOf(path, anchor) ?? `${REPOSITORY}${path}${anchor === '' ? '' : `#${anchor}`}`;
}

function hasHeading(path, anchor) {
  return anchor === '' || headingsOf(readText(path)).some(({ text }) => slugOf(text) === anchor);
}
