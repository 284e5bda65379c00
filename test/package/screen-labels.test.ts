import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(__dirname, '../..');
const CATALOGUES = join(ROOT, 'nodes/locales/en-US');

/** What other programs show: Node-RED's editor, GitHub, Grafana and Prometheus. */
const OF_OTHERS = [
  ...['☰ → Manage palette → Install', '☰ → Import → Examples', 'View', 'Help', '+'],
  ...['Update', 'Done', 'Deploy', 'Security → Report a vulnerability'],
  ...['Dashboards → New → Import', 'Status → Targets'],
];

/** The texts of a catalogue, at any depth. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** What the editor shows of this package: its labels, and the examples with the names of their nodes. */
function shownTexts(): Set<string> {
  const catalogues = readdirSync(CATALOGUES).filter((file) => file.endsWith('.json'));
  const examples = readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.json'));
  const nodes = examples.flatMap(
    (file) => JSON.parse(readFileSync(join(ROOT, 'examples', file), 'utf8')) as { name?: string }[],
  );
  return new Set([
    ...OF_OTHERS,
    ...catalogues.flatMap((file) => textsOf(JSON.parse(readFileSync(join(CATALOGUES, file), 'utf8')))),
    ...examples.map((file) => file.replace('.json', '')),
    ...nodes.flatMap(({ name }) => (name === undefined ? [] : [name])),
  ]);
}

/** What a document sets in italics, outside of code and of the targets of links. */
function italicsIn(file: string): string[] {
  const prose = readFileSync(join(ROOT, file), 'utf8')
    .replace(/```.*?```/gs, '')
    .replace(/`[^`]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']');
  return [...prose.matchAll(/(?<![\w*_])_([^_]+)_(?![\w*])/g)].map(([, text = '']) =>
    text.replace(/\s+/g, ' '),
  );
}

describe('The documents', () => {
  const shown = shownTexts();
  const pages = ['docs', 'docs/nodes'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );

  for (const file of ['README.md', 'SECURITY.md', 'SUPPORT.md', 'MIGRATION.md', ...pages])
    it(`name in italics only what a screen shows, as it shows it: ${file}`, () => {
      const others = italicsIn(file).filter((text) => {
        const [example] = /[^ ]+$/.exec(text) ?? [];
        return !shown.has(/→ @nr-threat-intel\//.test(text) ? (example ?? '') : text);
      });
      expect(others).to.deep.equal([]);
    });
});
