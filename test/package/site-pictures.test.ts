import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readExample } from '../support/example-flow';
import { flowDigest } from '../support/flow-digest';
import { LOADED_TYPES } from '../support/node-files';

const ROOT = join(__dirname, '../..');
const IMAGES = join(ROOT, 'docs/images');
const examples = readdirSync(join(ROOT, 'examples')).map((file) => file.replace('.json', ''));

/** What each picture of a flow was taken of, noted by `npm run screenshots`. */
const noted = JSON.parse(readFileSync(join(IMAGES, 'recipes/flows.json'), 'utf8')) as Record<string, string>;

describe('The pictures of the site', () => {
  for (const name of examples)
    it(`show the flow of ${name} as it is: npm run screenshots takes them again`, () => {
      expect(existsSync(join(IMAGES, 'recipes', `${name}.png`))).to.equal(true);
      expect(flowDigest(readExample(`${name}.json`))).to.equal(noted[name]);
    });

  it('show the dialog of each node', () => {
    for (const type of LOADED_TYPES)
      expect(existsSync(join(IMAGES, 'nodes', `${type}.png`)), type).to.equal(true);
  });

  it('show nothing that is no longer there', () => {
    const pictures = (folder: string): string[] =>
      readdirSync(join(IMAGES, folder)).filter((file) => file.endsWith('.png'));
    expect(pictures('recipes').sort()).to.deep.equal(examples.map((name) => `${name}.png`).sort());
    expect(pictures('nodes').sort()).to.deep.equal(LOADED_TYPES.map((type) => `${type}.png`).sort());
    expect(Object.keys(noted).sort()).to.deep.equal(examples.sort());
  });

  it('load fast: none is larger than 120 kB', () => {
    for (const folder of ['recipes', 'nodes'])
      for (const file of readdirSync(join(IMAGES, folder)))
        expect(readFileSync(join(IMAGES, folder, file)).length, file).to.be.below(120_000);
  });

  it('of a flow that has moved is out of date, and of one whose help was reworded is not', () => {
    const nodes = readExample('01-ioc-triage.json');
    const drawn = nodes.find(({ x }) => typeof x === 'number');
    const change = (more: Record<string, unknown>): string =>
      flowDigest(nodes.map((node) => (node === drawn ? { ...node, ...more } : node)));
    expect(change({ info: 'Other words.' })).to.equal(flowDigest(nodes));
    for (const more of [{ x: 1 }, { name: 'Other' }, { wires: [[]] }])
      expect(change(more)).to.not.equal(flowDigest(nodes));
  });
});
