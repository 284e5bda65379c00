// Writes the tables of options in docs/nodes from src/options.ts and the English labels of the dialogs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPTIONS, type NodeType, type Option } from '../src/options';

const ROOT = join(__dirname, '..');
/** In characters. */
const LONGEST_DEFAULT = 40;

/** The page of a node's documentation. */
export function pageOf(type: NodeType): string {
  return join(ROOT, 'docs', 'nodes', `${type}.md`);
}

interface Catalogue {
  label: Record<string, string | undefined>;
  source?: Record<string, string>;
}

/** The text of a node's page with a new table behind `<!-- options of TYPE -->`, as prettier writes it. */
export async function withOptionTable(type: NodeType, page: string): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  const settings = await resolveConfig(pageOf(type));
  const [begin, end] = [`<!-- options of ${type} -->`, `<!-- end of options -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${pageOf(type)} has no place for the options: ${begin}`);
  const table = await format(tableOf(type), { ...settings, parser: 'markdown' });
  return `${page.slice(0, from)}${begin}\n\n${table}\n${page.slice(to)}`;
}

function tableOf(type: NodeType): string {
  const file = join(ROOT, 'nodes', 'locales', 'en-US', `${type}.json`);
  const catalogue = JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
  const rows = Object.entries<Option>(OPTIONS[type]).map(([name, option]) =>
    [titleOf(name, catalogue), taken(option), ...defaultAndText(option)].join(' | '),
  );
  return ['option | takes | default | what it is for', '--- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`)
    .join('\n');
}

/** The label in the dialog, with the property below it. */
function titleOf(name: string, catalogue: Catalogue): string {
  const label = labelOf(name, catalogue);
  return `${label}${label === '' ? '' : '<br>'}\`${name}\``;
}

/** A default that would make its column wide is behind the text. */
function defaultAndText(option: Option): [shown: string, text: string] {
  const shown = shownDefault(option);
  return shown.length <= LONGEST_DEFAULT ? [shown, option.text] : ['', `${option.text}. Default: ${shown}`];
}

/** A value and its kind are one field; that of the source is named by what the action asks for. */
function labelOf(name: string, { label, source = {} }: Catalogue): string {
  const ofField = label[name] ?? label[name.replace(/Type$/, '')];
  return ofField ?? (name.startsWith('source') ? [...new Set(Object.values(source))].join(' / ') : '');
}

function shownDefault(option: Option): string {
  switch (option.kind) {
    case 'number':
      return option.default.toLocaleString('en-US');
    case 'switch':
      return option.default ? 'on' : 'off';
    default:
      return option.default === '' ? '' : `\`${option.default}\``;
  }
}

function taken(option: Option): string {
  switch (option.kind) {
    case 'number': {
      const { min, max, unit } = option;
      const [from, to] = [min, max].map((limit) => limit.toLocaleString('en-US'));
      return max === Number.MAX_SAFE_INTEGER ? `${from} or more ${unit}` : `${from} to ${to} ${unit}`;
    }
    case 'switch':
      return 'on, off';
    case 'choice':
      return option.choices.map((choice) => (choice === '' ? 'empty' : `\`${choice}\``)).join(', ');
    case 'node':
      return `the \`${option.type}\` node`;
    case 'secret':
      return 'a credential';
    case 'text':
      return 'text';
  }
}

async function writeTables(): Promise<void> {
  for (const type of Object.keys(OPTIONS) as NodeType[])
    writeFileSync(pageOf(type), await withOptionTable(type, readFileSync(pageOf(type), 'utf8')));
}

if (require.main === module) void writeTables();
