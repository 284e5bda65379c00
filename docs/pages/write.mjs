// Writes the pages of the site in docs/.pages: each file of docs/ as it stands, with the help of the editor in the page of its node;
// SECURITY, SUPPORT, MIGRATION and CHANGELOG; the first page and the start, from README; and the examples.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FILES, routeOf } from './files.mjs';
import { helpOf } from './help.mjs';
import { homeOf, startOf } from './home.mjs';
import { withSiteLinks } from './links.mjs';
import { outsideOfCode } from './markdown.mjs';
import { recipes } from './recipes.mjs';
import { PAGES, readText, ROOT } from './root.mjs';
import { sidebar } from './sidebar.mjs';

/** What is a tag of the site's own pages; any other `<word>` is text, which Vue would take for a tag without an end. */
const TAG =
  /<(?!\/?(?:a|b|br|code|dd|details|div|dl|dt|i|img|kbd|li|ol|p|span|summary|ul|ClientOnly|PlaygroundOfVerdicts)[\s/>]|!--|https?:)/g;

/** @param {string} source the file of the repository whose links it has */
function write(route, markdown, source, frontMatter) {
  const file = join(PAGES, `${route}.md`);
  mkdirSync(dirname(file), { recursive: true });
  const text = withSiteLinks(withoutTags(markdown, TAG), source, routeOf);
  writeFileSync(file, frontMatter ? `---\n${JSON.stringify(frontMatter)}\n---\n\n${text}\n` : `${text}\n`);
}

function withoutTags(markdown, tag) {
  return outsideOfCode(markdown, (text) => text.replace(tag, '&lt;').replaceAll('{{', '&#123;&#123;'));
}

/** The page of a node: its lead, its help in the editor, its options and more, and at the end the references of the help. */
function withHelp(markdown, type) {
  const help = helpOf(readText(`nodes/locales/en-US/${type}.html`));
  if (!markdown.includes('\n## Options\n')) throw new Error(`docs/nodes/${type}.md has no heading "Options"`);
  const [text = '', references] = help.split('\n## References\n');
  const page = markdown
    .replace('\n## Options\n', () => `\n${text}\n\n## Options\n`)
    .replace(/<!-- options of .*? -->/, '<div class="options">')
    .replace('<!-- end of options -->', '</div>');
  return references === undefined ? page : `${page}\n## References\n${references}`;
}

/** A recipe's texts are written for Node-RED, where `<token>` is text. */
function writeRecipes() {
  const all = recipes();
  const [pictures, examples] = [join(PAGES, 'public/images/recipes'), join(PAGES, 'public/examples')];
  for (const folder of [pictures, examples]) mkdirSync(folder, { recursive: true });
  for (const { name, title, markdown, drawing } of all) {
    if (drawing !== undefined) writeFileSync(join(pictures, `${name}.svg`), drawing);
    write(`recipes/${name}`, withoutTags(markdown, /</g), 'docs/recipes.md', { title });
    cpSync(join(ROOT, 'examples', `${name}.json`), join(examples, `${name}.json`));
  }
  const rows = all.map(
    ({ name, title, summary }) => `| [${title}](/recipes/${name}) | ${withoutTags(summary, /</g)} |`,
  );
  const lead = 'Flows to import and to change. Each opens with a comment that says what to fill in.';
  const table = ['| recipe | what it does |', '| --- | --- |', ...rows].join('\n');
  write('recipes/index', `# Recipes\n\n${lead}\n\n${table}`, 'README.md');
  return all.map(({ name, title }) => ({ text: title, link: `/recipes/${name}` }));
}

rmSync(PAGES, { recursive: true, force: true });
const readme = readText('README.md');
const { frontMatter, markdown } = homeOf(readme);
write('index', markdown, 'README.md', frontMatter);
write('start', startOf(readme), 'README.md');
for (const [file, route] of FILES) {
  const text = readText(file);
  write(route, /^nodes\/virustotal/.test(route) ? withHelp(text, basename(route)) : text, file);
}
const pages = writeRecipes();
cpSync(join(ROOT, 'docs/images'), join(PAGES, 'public', 'images'), { recursive: true });
cpSync(join(ROOT, 'icons'), join(PAGES, 'public', 'icons'), { recursive: true });
writeFileSync(join(PAGES, 'sidebar.json'), JSON.stringify(sidebar(pages)));
