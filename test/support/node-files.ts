import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';

const NODES = join(__dirname, '../../nodes');
const EDITOR = join(__dirname, '../../editor');

/** The types that the package brings, as their files are named. */
export const NODE_TYPES = readdirSync(NODES)
  .filter((file) => file.endsWith('.html'))
  .map((file) => file.replace('.html', ''))
  .filter((name) => !Object.hasOwn(manifest['node-red'].plugins, name));

/** Those of them that package.json registers with Node-RED. */
export const LOADED_TYPES = Object.keys(manifest['node-red'].nodes);

export const LANGUAGES = ['en-US', 'de', 'fr', 'ja', 'zh-CN'];

/** The html file of a node: the template of its dialog, its registration, and the style that goes with it. */
export function dialog(type: string): string {
  return readFileSync(join(NODES, `${type}.html`), 'utf8');
}

/** The code of a node: its own file and those beside it that it takes in. None for a node that only has a dialog. */
export function runtime(type: string): string {
  return withImports(NODES, [type]);
}

/** The code of a node's dialog, and of what the editor does for it beside. */
export function dialogCode(type: string): string {
  const files = readdirSync(EDITOR).map((file) => file.replace('.ts', ''));
  const isOf = new RegExp(`(TYPE = |textsOf\\()'${type}'`);
  return withImports(
    EDITOR,
    files.filter((file) => isOf.test(readFileSync(join(EDITOR, `${file}.ts`), 'utf8'))),
  );
}

function withImports(folder: string, names: string[]): string {
  const texts = new Map<string, string>();
  const read = (name: string): void => {
    const file = join(folder, `${name}.ts`);
    if (texts.has(name) || !existsSync(file)) return;
    texts.set(name, readFileSync(file, 'utf8'));
    for (const [, next = ''] of (texts.get(name) ?? '').matchAll(/from '\.\/([\w-]+)'/g)) read(next);
  };
  names.forEach(read);
  return [...texts.values()].join('\n');
}

export function help(type: string, language: string): string {
  return readFileSync(join(NODES, 'locales', language, `${type}.html`), 'utf8');
}

/** The texts of a node by their full key, as `label.name`. */
export function catalogue(type: string, language: string): Map<string, string> {
  const file = join(NODES, 'locales', language, `${type}.json`);
  return new Map(flatten(JSON.parse(readFileSync(file, 'utf8')) as object));
}

function flatten(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flatten(value as object, `${path}${key}.`),
  );
}

/** What the html file of a node gives to `RED.nodes.registerType`, as it is written there. */
export interface Registration {
  category: string;
  outputs: number;
  /** Property and default. */
  defaults: Record<string, unknown>;
  /** Names. */
  credentials: string[];
  /** Properties and credentials with a validator. */
  checked: string[];
}

export function registration(type: string): Registration {
  const html = dialog(type);
  const [, literal = ''] =
    new RegExp(`RED\\.nodes\\.registerType\\('${type}', \\{\\n([^]*?)\\n {4}\\}\\);`).exec(html) ?? [];
  const block = (name: string): [string, string][] => {
    const [, inner = ''] = new RegExp(`^ {6}${name}: \\{\\n([^]*?)\\n {6}\\},`, 'm').exec(literal) ?? [];
    return [...inner.matchAll(/^ *(\w+): \{ (.*) \},$/gm)].map(([, key = '', value = '']) => [key, value]);
  };
  const [defaults, credentials] = [block('defaults'), block('credentials')];
  const valueOf = (text: string): unknown =>
    JSON.parse((/value: ('.*?'|[^,]*)/.exec(text)?.[1] ?? 'null').replaceAll("'", '"'));
  return {
    category: /^ {6}category: '(.*)',/m.exec(literal)?.[1] ?? '',
    outputs: Number(/^ {6}outputs: (\d+),/m.exec(literal)?.[1] ?? 0),
    defaults: Object.fromEntries(defaults.map(([name, text]) => [name, valueOf(text)])),
    credentials: credentials.map(([name]) => name),
    checked: [...defaults, ...credentials].flatMap(([name, text]) =>
      text.includes(`validate: check('${name}')`) ? [name] : [],
    ),
  };
}
