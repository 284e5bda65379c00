// Writes the defaults and credentials of each html file's registration from src/options.ts: Node-RED's scorecard reads them there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIALOGS } from '../editor/dialogs';
import { OPTIONS, type NodeType, type Option } from '../src/options';

const NODES = join(__dirname, '..', 'nodes');

export function htmlFile(type: NodeType): string {
  return join(NODES, `${type}.html`);
}

/** The html file with its defaults and credentials replaced. */
export function withDefaults(type: NodeType, html: string): string {
  const checked = DIALOGS[type]().checked;
  const all = Object.entries<Option>(OPTIONS[type]).map(
    ([name, option]) => [name, option, definition(name, option, checked.includes(name))] as const,
  );
  const definitions = (isSecret: boolean): Map<string, string> =>
    new Map(
      all.flatMap(([name, { kind }, text]) => ((kind === 'secret') === isSecret ? [[name, text]] : [])),
    );
  return withBlock(withBlock(html, 'defaults', definitions(false)), 'credentials', definitions(true));
}

function definition(name: string, option: Option, isChecked: boolean): string {
  const value = typeof option.default === 'string' ? `'${option.default}'` : String(option.default);
  const parts = option.kind === 'secret' ? [`type: 'password'`] : [`value: ${value}`];
  if (option.kind === 'node') parts.push(`type: '${option.type}'`);
  if (isChecked) parts.push(`validate: check('${name}')`);
  // Node-RED itself wants every node that is named, unless there is a rule.
  else if (option.kind === 'node') parts.push('required: false');
  return parts.join(', ');
}

/** A property keeps its place: flow files have them in this order, and would all differ after another one. */
function withBlock(html: string, block: string, definitions: ReadonlyMap<string, string>): string {
  if (definitions.size === 0) return html;
  const place = new RegExp(`\\n( *)${block}: \\{\\n((?:[^]*?\\n)?)\\1\\},`);
  if (!place.test(html))
    throw new Error(`No place for ${block}: "${block}: {" and "}," on lines of their own`);
  return html.replace(place, (_found, indent: string, before: string) => {
    const placed = [...before.matchAll(/^ *(\w+): \{/gm)].map(([, name = '']) => name);
    const names = new Set([...placed, ...definitions.keys()].filter((name) => definitions.has(name)));
    const lines = [...names].map((name) => `${indent}  ${name}: { ${definitions.get(name)} },\n`);
    return `\n${indent}${block}: {\n${lines.join('')}${indent}},`;
  });
}

if (require.main === module)
  for (const type of Object.keys(OPTIONS) as NodeType[]) {
    const html = readFileSync(htmlFile(type), 'utf8');
    writeFileSync(htmlFile(type), withDefaults(type, html));
  }
