import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';

const ROOT = join(__dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('The README', () => {
  it("shows the badge of an existing workflow of the package's repository", () => {
    const [, repository = '', workflow = ''] =
      /(https:\/\/github\.com\/[^/]+\/[^/]+)\/actions\/workflows\/([\w.]+)\/badge\.svg/.exec(readme) ?? [];
    expect(manifest.repository.url).to.equal(`git+${repository}.git`);
    expect(existsSync(join(ROOT, '.github/workflows', workflow))).to.equal(true);
  });

  // The Flow Library resolves a relative address against a branch that is not this repository's, and npm shows no docs/.
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\((?!https:\/\/img\.shields\.io)([^)]+)\)/g)];
  it('shows its pictures by an absolute address of the repository, each of an existing file', () => {
    const repository = manifest.repository.url.replace(/^git\+https:\/\/github\.com\/|\.git$/g, '');
    const base = `https://raw.githubusercontent.com/${repository}/main/`;
    expect(pictures).not.to.be.empty;
    for (const [, address = ''] of pictures) {
      if (/\/badge\.svg$/.test(address)) continue;
      expect(address).to.satisfy((text: string) => text.startsWith(base));
      expect(existsSync(join(ROOT, address.slice(base.length))), address).to.equal(true);
    }
  });

  /** The anchor that GitHub and npm give a heading. */
  const anchorOf = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-');
  const anchorsIn = (file: string): string[] =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      anchorOf(heading),
    );

  const targets = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => target);
  for (const target of new Set(targets))
    it(`links to an existing file and heading: ${target}`, () => {
      const [file = '', anchor] = target.split('#');
      expect(existsSync(join(ROOT, file))).to.equal(true);
      if (anchor !== undefined) expect(anchorsIn(file === '' ? 'README.md' : file)).to.include(anchor);
    });
});
