import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import manifest from '../../package.json';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const review = read('docs/security-review.md');

describe('The security review', () => {
  const links = [...review.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, path = '']) => path);

  it('links to existing files', () => {
    expect(links).to.have.length.above(25);
    for (const path of links) expect(existsSync(join(ROOT, path)), path).to.equal(true);
  });

  it('names existing tests', () => {
    const tests = [...review.matchAll(/"([^"]+)" in \[[^\]]+\]\(\.\.\/([^)]+)\)/g)];
    expect(tests).to.have.length.above(6);
    for (const [, title = '', path = ''] of tests)
      expect(
        titlesOf(path).some((each) => each.test(title)),
        title,
      ).to.equal(true);
  });

  it('answers each question of a table', () => {
    const rows = review.split('\n').filter((line) => line.startsWith('| '));
    for (const row of rows) expect(row.split('|')[2]?.trim(), row).to.not.equal('');
  });
});

describe('The package', () => {
  it('runs nothing at installation', () => {
    expect(manifest.scripts).to.not.have.any.keys('preinstall', 'install', 'postinstall', 'prepare');
  });

  it('is published for all, with provenance', () => {
    expect(manifest.publishConfig).to.deep.equal({ access: 'public', provenance: true });
    expect(manifest.keywords).to.include.members(['node-red', 'siem', 'threat-intel', 'thehive']);
  });
});

describe('A workflow', () => {
  for (const name of readdirSync(join(ROOT, '.github/workflows')))
    it(`has no trigger that gives a pull request rights: ${name}`, () => {
      expect(read(join('.github/workflows', name))).to.not.match(/pull_request_target|workflow_run:/);
    });
});

/** The titles in a test file, with any text where the file puts a value in. */
function titlesOf(path: string): RegExp[] {
  const titles = [...read(path).matchAll(/\bit\(\s*(['`"])(.*?)\1/g)].map(([, , title = '']) => title);
  return titles.map(
    (title) =>
      new RegExp(
        `^${title
          .split(/\$\{[^}]*\}/)
          .map(escaped)
          .join('.*')}`,
      ),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
