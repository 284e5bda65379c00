import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';

const ROOT = join(__dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('The README', () => {
  it('shows the state of a workflow that is there, of the repository that the package names', () => {
    const [, repository = '', workflow = ''] =
      /(https:\/\/github\.com\/[^/]+\/[^/]+)\/actions\/workflows\/([\w.]+)\/badge\.svg/.exec(readme) ?? [];
    expect(manifest.repository.url).to.equal(`git+${repository}.git`);
    expect(existsSync(join(ROOT, '.github/workflows', workflow))).to.equal(true);
  });

  const targets = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, target = '']) => target);
  for (const target of new Set(targets))
    it(`links to a file that is there: ${target}`, () => {
      expect(existsSync(join(ROOT, target))).to.equal(true);
    });
});
