import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  license: string;
  engines: { node: string };
  repository: { url: string };
  'node-red': { version: string };
};

/** What a badge of img.shields.io says, as `["Node.js", "≥ 20.19"]`. */
function badges(): Map<string, string> {
  const found = readme.matchAll(/img\.shields\.io\/badge\/([^)]+)-\w+\)/g);
  const words = (text: string): string => decodeURIComponent(text).replaceAll('--', '-');
  return new Map(
    [...found].map(([, badge = '']) => {
      const [label = '', message = ''] = badge.split(/(?<!-)-(?!-)/);
      return [words(label), words(message)];
    }),
  );
}

describe('the badges of the README', () => {
  it('say what the package itself says', () => {
    expect(Object.fromEntries(badges())).to.deep.equal({
      'Node-RED': manifest['node-red'].version.replace('>=', '≥ ').replace(/\.0$/, ''),
      'Node.js': manifest.engines.node.replace('>=', '≥ '),
      license: manifest.license,
    });
  });

  it('show the workflow that is there, of the repository that the package names', () => {
    const [, repository = '', workflow = ''] =
      /(https:\/\/github\.com\/[^/]+\/[^/]+)\/actions\/workflows\/([\w.]+)\/badge\.svg/.exec(readme) ?? [];
    expect(manifest.repository.url).to.equal(`git+${repository}.git`);
    expect(existsSync(join(ROOT, '.github/workflows', workflow))).to.equal(true);
  });
});

describe('the links of the README', () => {
  for (const [, target = ''] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g))
    it(`find ${target}`, () => {
      expect(existsSync(join(ROOT, target))).to.equal(true);
    });
});
