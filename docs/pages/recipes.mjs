import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { flowPicture } from './flow-picture.mjs';
import { readText, ROOT } from './root.mjs';

/** The path below which the site is served, which VitePress puts before no link to a file. */
const BASE = process.env.DOCS_BASE ?? '/';
/** Node-RED's own nodes and ours, which need no further package. */
const INSTALLED = ['node-red', '@nr-threat-intel/node-red-virustotal'];

/** The examples as recipes: what a flow's first comment says, its picture if there is one, and what it is made of. */
export function recipes() {
  return readdirSync(join(ROOT, 'examples'))
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => recipe(file.slice(0, -'.json'.length)));
}

function recipe(name) {
  const nodes = JSON.parse(readText(`examples/${name}.json`));
  const tab = nodes.find(({ type }) => type === 'tab') ?? {};
  const comments = nodes.filter(({ type }) => type === 'comment');
  const picture = ['docs/images/recipes', 'docs/images']
    .map((folder) => `${folder}/${name}.png`)
    .find((path) => existsSync(join(ROOT, path)));
  const drawing = picture === undefined ? flowPicture(nodes.filter(({ z }) => z === tab.id)) : undefined;
  const address = picture?.slice('docs/'.length) ?? (drawing && `/images/recipes/${name}.svg`);
  return {
    name,
    title: tab.label || name,
    summary: firstParagraph(tab.info ?? comments[0]?.info ?? ''),
    drawing,
    markdown: page(name, tab, comments, address, modulesOf(nodes)),
  };
}

function page(name, tab, [first, ...others], picture, modules) {
  const steps = stepsOf(first?.name ?? '');
  return [
    `# ${tab.label || name}`,
    tab.info ?? '',
    // A click shows it as large as it is, which a phone needs.
    picture
      ? `[![The flow ${tab.label}](${picture})](${BASE}${picture.replace(/^\//, '')}){target="_self"}`
      : '',
    '## What to do',
    `In the editor, open _☰ → Import → Examples → @nr-threat-intel/node-red-virustotal → ${name}_, or import [this file](../examples/${name}.json){download target="_self"}.`,
    ...steps,
    modules.length > 0
      ? `It also needs these packages: ${modules.map((module) => `\`${module}\``).join(', ')}.`
      : '',
    '## How it works',
    first?.info ?? '',
    ...others.flatMap(({ name: title, info }) => [`**${title}**`, info ?? '']),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** "1. Do this. 2. Do that." as a list, without what stands before it: the flow's name. */
function stepsOf(name) {
  const text = name.slice(Math.max(0, name.indexOf('1. ')));
  const steps = text.split(/(?:^|\s)\d+\. /).filter((step) => step !== '');
  return /^\d+\. /.test(text) ? [steps.map((step, index) => `${index + 1}. ${step}`).join('\n')] : [text];
}

/** The packages that a flow names for Node-RED's import. */
function modulesOf(nodes) {
  const configs = nodes.filter(({ type }) => type === 'global-config');
  return configs
    .flatMap(({ modules }) => Object.keys(modules ?? {}))
    .filter((name) => !INSTALLED.includes(name));
}

function firstParagraph(text) {
  return text.split('\n\n')[0] ?? '';
}
