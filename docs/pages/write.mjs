// Writes the pages of the site from what the repository has already: README, docs/*.md, the help of the nodes, the examples. Nothing is
// written twice by hand, so that a page says what the editor and GitHub say.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { helpOf, termsOf } from './help.mjs';
import { withSiteLinks } from './links.mjs';
import { headingsOf, raised, sectionOf, slugOf, tableOf } from './markdown.mjs';
import { recipes } from './recipes.mjs';
import { PAGES, readText, ROOT } from './root.mjs';

const readme = readText('README.md');
const nodesSection = sectionOf(readme, 'Nodes and options');
const NODES = headingsOf(nodesSection)
  .filter(({ level, text }) => level === 3 && text.startsWith('virustotal'))
  .map(({ text }) => text);

/** The pages that are sections of README, by their route: their headings there, and the page's own title. */
const SECTIONS = {
  start: { title: 'Start in five minutes', headings: ['Install', 'First five minutes'] },
  messages: { title: 'Messages and reports', headings: ['Messages'] },
  quota: { title: 'Rate limit and quota', headings: ['Rate limit and quota'] },
  deploys: { title: 'Deploys and restarts', headings: ['Deploys and restarts'] },
  privacy: { title: 'Privacy', headings: ['Privacy'] },
  library: { title: 'Use without Node-RED', headings: ['Use without Node-RED'] },
  'nodes/sidebar': { title: 'Sidebar', headings: ['Sidebar'] },
};

/** The pages that are files of the repository, by their route. */
const FILES = {
  ...Object.fromEntries(
    readdirSync(join(ROOT, 'docs'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => [file.slice(0, -'.md'.length), `docs/${file}`]),
  ),
  security: 'SECURITY.md',
  changelog: 'CHANGELOG.md',
  ...(existsSync(join(ROOT, 'MIGRATION.md')) ? { upgrading: 'MIGRATION.md' } : {}),
};

const routes = new Map(Object.entries(FILES).map(([route, file]) => [file, `/${route}`]));
routes.set('README.md', '/');
for (const [route, { headings }] of Object.entries(SECTIONS))
  for (const heading of headings) {
    routes.set(
      `README.md#${slugOf(heading)}`,
      `/${route}${headings.length > 1 ? `#${slugOf(heading)}` : ''}`,
    );
    for (const { text } of headingsOf(sectionOf(readme, heading)))
      routes.set(`README.md#${slugOf(text)}`, `/${route}#${slugOf(text)}`);
  }
for (const type of NODES) routes.set(`README.md#${type}`, `/nodes/${type}`);
// VitePress puts the site's base before no link to a file that is not a page.
for (const { name } of recipes()) routes.set(`examples/${name}.json`, `../examples/${name}.json`);
routes.set('README.md#nodes-and-options', '/nodes/');
routes.set('README.md#errors', '/troubleshooting');

function routeOf(path, anchor) {
  if (path === 'README.md' && anchor !== '') return routes.get(`${path}#${anchor}`);
  if (path === 'docs/api/library.api.md') return '/library/api/';
  if (path === 'docs/api/host.api.md') return '/library/api/host';
  const route = routes.get(path);
  return route === undefined ? undefined : `${route}${anchor === '' ? '' : `#${anchor}`}`;
}

/** @param {string} source the file of the repository whose links it has */
function write(route, markdown, source, frontMatter = {}) {
  const file = join(PAGES, `${route}.md`);
  mkdirSync(dirname(file), { recursive: true });
  const matter = Object.entries({ ...frontMatter, editLink: false }).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}`,
  );
  const text = withSiteLinks(withoutUnknownTags(markdown), source, routeOf);
  writeFileSync(file, `---\n${matter.join('\n')}\n---\n\n${text.trim()}\n`);
}

function writeSections() {
  for (const [route, { title, headings }] of Object.entries(SECTIONS)) {
    const parts =
      headings.length === 1
        ? [raised(sectionOf(readme, headings[0]), 1)]
        : headings.map((heading) => `## ${heading}\n\n${sectionOf(readme, heading)}`);
    write(route, [`# ${title}`, ...parts].join('\n\n'), 'README.md', { title });
  }
}

function writeFiles() {
  for (const [route, file] of Object.entries(FILES)) write(route, readText(file), file);
  if (FILES.upgrading === undefined)
    write(
      'upgrading',
      `# Upgrading\n\nInstall the newest version in _☰ → Manage palette_, and restart Node-RED. Flows of an older version keep their meaning: a new option has the value that the node used before.\n\n[What has changed](CHANGELOG.md)`,
      'README.md',
    );
}

/** A node's page: its help in the editor, then its options and the rest of its chapter in README. */
function writeNodes() {
  const rows = NODES.map((type) => {
    const { label, intro } = node(type);
    return `| [${label}](/nodes/${type}) | \`${type}\` | ${intro} |`;
  });
  const before = nodesSection.slice(0, headingsOf(nodesSection)[0]?.at);
  const table = ['| node | type | what it does |', '| --- | --- | --- |', ...rows].join('\n');
  write(
    'nodes/index',
    `# Nodes\n\n${table}\n\n${before}\n\nThe editor also gets a [sidebar](/nodes/sidebar) with keys, problems and the last verdicts.`,
    'README.md',
  );
  for (const type of NODES) {
    const { label, intro, body } = node(type);
    const chapter = sectionOf(nodesSection, type).replace(/<!--[^]*?-->\n*/g, '');
    const markdown = `# ${label}\n\n\`${type}\`\n\n${intro}\n\n${body}\n\n## Options and details\n\n${chapter}`;
    write(`nodes/${type}`, markdown, 'README.md', { title: label });
  }
}

/** What the palette calls a node, and its help. */
function node(type) {
  const { label = {} } = JSON.parse(readText(`nodes/locales/en-US/${type}.json`));
  const help = helpOf(readText(`nodes/locales/en-US/${type}.html`));
  return {
    label: label.palette ?? (type === 'virustotal-config' ? 'VirusTotal instance' : 'VirusTotal'),
    ...help,
  };
}

/** One section for each code: its row of README's table, and what the help of the node says of it. */
function writeTroubleshooting() {
  const section = sectionOf(readme, 'Errors');
  const help = termsOf(readText('nodes/locales/en-US/virustotal.html'));
  const codes = tableOf(section, 'code').map(([code = '', what = '', todo = '']) => {
    const name = code.replaceAll('`', '');
    const more = help.get(name);
    return [
      `## ${name}`,
      `**What happened:** ${what}.`,
      `**What to do:** ${todo}.`,
      ...(more === undefined ? [] : [`::: details What the help of the VirusTotal node says\n${more}\n:::`]),
    ].join('\n\n');
  });
  const [before, after] = section.split(/^\|[^]*\|$/m);
  write(
    'troubleshooting',
    ['# Troubleshooting by code', before, ...codes, `## Several indicators in a message\n\n${after}`].join(
      '\n\n',
    ),
    'README.md',
  );
}

function writeRecipes() {
  const all = recipes();
  mkdirSync(join(PAGES, 'public', 'images', 'recipes'), { recursive: true });
  for (const { name, title, markdown, drawing } of all) {
    if (drawing !== undefined)
      writeFileSync(join(PAGES, 'public', 'images', 'recipes', `${name}.svg`), drawing);
    write(`recipes/${name}`, withoutHtml(markdown), 'docs/recipes.md', { title });
    mkdirSync(join(PAGES, 'public', 'examples'), { recursive: true });
    cpSync(join(ROOT, 'examples', `${name}.json`), join(PAGES, 'public', 'examples', `${name}.json`));
  }
  const rows = all.map(
    ({ name, title, summary }) => `| [${title}](/recipes/${name}) | ${withoutHtml(summary)} |`,
  );
  write(
    'recipes/index',
    [
      '# Recipes\n\nFlows to import and to change. Each opens with a comment that says what to fill in.\n',
      '| recipe | what it does |',
      '| --- | --- |',
      ...rows,
    ].join('\n'),
    'README.md',
  );
  return all.map(({ name, title }) => ({ text: title, link: `/recipes/${name}` }));
}

/** What is a tag of the site's own pages; any other `<word>` is text, which Vue would take for a tag without an end. */
const TAG =
  /<(?!\/?(?:a|b|br|code|dd|details|div|dl|dt|i|img|kbd|li|ol|p|span|summary|ul|ClientOnly|PlaygroundOfVerdicts)[\s/>]|!--|https?:)/g;

function withoutUnknownTags(text) {
  return text
    .split(/(^```[^]*?^```|`[^`]*`)/m)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(TAG, '&lt;').replaceAll('{{', '&#123;&#123;'),
    )
    .join('');
}

/** The texts of a flow are written for Node-RED, where `<token>` is text. */
function withoutHtml(text) {
  return text
    .split(/(```[^]*?```|`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;'),
    )
    .join('');
}

function writeHome() {
  const lead = readme.split('\n').find((line) => /^[A-Z].*\.$/.test(line)) ?? '';
  const features = [
    ...sectionOf(readme, 'Why trust it').matchAll(/^- \*\*(.+?)\.?\*\* ([^]*?)(?=\n- |$(?![^]))/gm),
  ];
  const details = (text) =>
    text
      .replace(/\s+/g, ' ')
      .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
      .replaceAll('`', '');
  const matter = {
    layout: 'home',
    title: 'VirusTotal for Node-RED',
    titleTemplate: false,
    hero: {
      name: 'VirusTotal for Node-RED',
      text: 'Know what is malicious',
      tagline: lead,
      actions: [
        { theme: 'brand', text: 'Start in five minutes', link: '/start' },
        { theme: 'alt', text: 'Try the playground', link: '/playground' },
        { theme: 'alt', text: 'Recipes', link: '/recipes/' },
      ],
    },
    features: features.slice(0, 6).map(([, title, text = '']) => ({ title, details: details(text) })),
  };
  write(
    'index',
    '![The IoC triage flow in the Node-RED editor](docs/images/triage-flow.png)',
    'README.md',
    matter,
  );
}

function writePlayground() {
  const text = `# Playground

The program itself, in this page: what the VirusTotal node would look up, how Report Analysis judges, and what Incident Summary sends. Nothing that you enter leaves your browser, and nothing is asked of VirusTotal: the reports below are made up.

## What would be looked up

<ClientOnly><PlaygroundOfVerdicts /></ClientOnly>`;
  write('playground', text, 'README.md', { title: 'Playground', outline: false, aside: false });
}

rmSync(PAGES, { recursive: true, force: true });
writeHome();
writeSections();
writeFiles();
writeNodes();
writeTroubleshooting();
writePlayground();
const recipePages = writeRecipes();
if (existsSync(join(ROOT, 'docs/images')))
  cpSync(join(ROOT, 'docs/images'), join(PAGES, 'public', 'images'), { recursive: true });
cpSync(join(ROOT, 'icons'), join(PAGES, 'public', 'icons'), { recursive: true });
const nodePages = NODES.map((type) => ({ text: node(type).label, link: `/nodes/${type}` }));
const docs = Object.entries(FILES).filter(([, file]) => file.startsWith('docs/'));
const docPages = docs.map(([route, file]) => ({
  text: headingsOf(readText(file))[0]?.text ?? route,
  link: `/${route}`,
}));
writeFileSync(join(PAGES, 'sidebar.json'), JSON.stringify({ nodePages, recipePages, docPages }));
