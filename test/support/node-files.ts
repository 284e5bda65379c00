import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import manifest from '../../package.json';

const NODES = join(__dirname, '../../nodes');

/** The types that the package brings, as their files are named. */
export const NODE_TYPES = readdirSync(NODES)
  .filter((file) => file.endsWith('.html'))
  .map((file) => file.replace('.html', ''));

/** Those of them that Node-RED is told of. */
export const LOADED_TYPES = Object.keys(manifest['node-red'].nodes);

export const LANGUAGES = ['en-US', 'de', 'fr', 'ja', 'zh-CN'];

/** The dialog of a node: its template, its script and the style that goes with it. */
export function dialog(type: string): string {
  return readFileSync(join(NODES, `${type}.html`), 'utf8');
}

/** The code that runs a node: its own file and those beside it that it takes in. None yet for a node that only has a dialog. */
export function runtime(type: string): string {
  const texts = new Map<string, string>();
  const read = (name: string): void => {
    const file = join(NODES, `${name}.ts`);
    if (texts.has(name) || !existsSync(file)) return;
    texts.set(name, readFileSync(file, 'utf8'));
    for (const [, next = ''] of (texts.get(name) ?? '').matchAll(/from '\.\/([\w-]+)'/g)) read(next);
  };
  read(type);
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

/** What a dialog gives to `RED.nodes.registerType`, as far as the tests look at it. */
export interface Definition {
  category: string;
  defaults: Record<string, Property>;
  credentials?: Record<string, Property>;
  outputs?: number;
  outputLabels?: (this: object, index: number) => string;
  label: (this: object) => string;
}

interface Property {
  value: unknown;
  type?: string;
  validate?: (this: object, value: unknown, options: object) => boolean | string;
}

/** Runs a dialog's script as the editor does at start, when no dialog is open: every field that it looks for is missing. */
export function definition(type: string): Definition {
  const scripts = [...dialog(type).matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)];
  let registered: Definition | undefined;
  const missing = { val: () => undefined, on: () => missing, length: 0, prop: () => undefined };
  const RED = {
    _: (key: string) => key.replace(/^.*:/, ''),
    i18n: { lang: () => 'en-US' },
    nodes: {
      registerType: (_type: string, given: Definition) => (registered = given),
      node: () => undefined,
    },
    utils: {
      validatePropertyExpression: (text: string) => text !== '' || 'empty',
      normalisePropertyExpression: (text: string) => text.split('.'),
      validateTypedProperty: () => true,
    },
  };
  const $ = Object.assign(() => missing, { virusTotalNumber: String });
  for (const [, script] of scripts) {
    runInNewContext(script ?? '', { RED, $, document: {}, URL });
  }
  if (!registered) throw new Error(`${type}.html registers no type`);
  return registered;
}
