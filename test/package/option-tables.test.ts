import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { catalogue, dialog, NODE_TYPES } from '../support/node-files';

const ROOT = join(__dirname, '../..');

describe('The tables of options', () => {
  /** The labels in the table of a node's page: each is above its property. */
  function rows(type: string): string[] {
    const [, section = ''] = readFileSync(join(ROOT, 'docs/nodes', `${type}.md`), 'utf8').split(
      '## Options\n',
    );
    const [table = ''] = /^\|[\s\S]*?(?=\n\n)/m.exec(section) ?? [];
    return (
      table
        .split('\n')
        .slice(2)
        // A property that its dialog shows in the row above, as the kind of a source, has no label.
        .map((row) => /^\| ([^|`]*?)(?:<br>)?`/.exec(row)?.[1] ?? '')
        .filter((label) => label !== '')
    );
  }

  for (const type of NODE_TYPES)
    it(`call the fields of ${type} what its dialog calls them and leave none out`, () => {
      const texts = [...catalogue(type, 'en-US')];
      // A property that belongs to the row above has no label of its own.
      const named = rows(type)
        .flatMap((row) => row.split(' / '))
        .filter((label) => label !== '');
      const labels = texts.filter(([key]) => /^(label|source)\./.test(key)).map(([, text]) => text);
      expect(labels).to.include.members(named);
      // What a node's name is, and what belongs to the choice above it, needs no row.
      const withoutRow = ['name', 'heuristicExpression', 'redisUrl'];
      const ids = [...dialog(type).matchAll(/ id="node-(?:config-)?input-(\w+)"/g)].map(([, id]) => id ?? '');
      const fields = texts.filter(([key]) =>
        ids.some((id) => key === `label.${id}` && !withoutRow.includes(id)),
      );
      expect(named).to.include.members(fields.map(([, text]) => text));
    });

  it('are on pages that the list of nodes leads to', () => {
    const list = readFileSync(join(ROOT, 'docs/nodes/index.md'), 'utf8');
    for (const type of NODE_TYPES) expect(list).to.include(`](${type}.md) `);
  });
});
