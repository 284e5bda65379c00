import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';
import { LANGUAGES, LOADED_TYPES } from '../support/node-files';

const ROOT = join(__dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const REPOSITORY = manifest.repository.url.replace(/^git\+https:\/\/github\.com\/|\.git$/g, '');
const SITE = `https://${REPOSITORY.replace('/', '.github.io/')}/`;

/** The text of a chapter. */
function chapter(heading: string): string {
  const [, text = ''] = readme.split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
}

describe('The README', () => {
  it('is short', () => {
    expect(readme.split('\n')).to.have.length.below(200);
  });

  it('says what it is, shows it, then says why to trust it, how to install it and how to begin', () => {
    const [top = '', ...chapters] = readme.split(/^## /m);
    expect(top).to.match(/^# VirusTotal for Node-RED\n/);
    expect(top).to.match(/!\[[^\]]+\]\([^)]+\/docs\/images\/[^)]+\)/);
    const headings = chapters.map((text) => text.split('\n')[0]);
    expect(headings.slice(0, 3)).to.deep.equal(['Why trust it', 'Install', 'First five minutes']);
  });

  it("names the limits of the free API's license before it says how to install", () => {
    const text = chapter('Install');
    const license = text.indexOf('may not be used in commercial products');
    expect(license).to.be.within(0, text.indexOf('npm install'));
  });

  it('says how many packages the whole dependency tree has, and that none runs a script', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
    };
    const needed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
    const [, count] =
      /The whole dependency tree is (\d+) npm packages\. None of them runs a script/.exec(
        chapter('Why trust it'),
      ) ?? [];
    expect(Number(count)).to.equal(needed.length);
    expect(needed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).to.deep.equal([]);
  });

  it('says in how many languages dialogs and help are', () => {
    const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    expect(chapter('Why trust it')).to.include(`in ${words[LANGUAGES.length]} languages`);
  });

  it('links to the page of each node', () => {
    for (const type of LOADED_TYPES) expect(chapter('Nodes')).to.include(`](${SITE}nodes/${type}.html)`);
  });

  it('links to the page of each example', () => {
    const examples = readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.json'));
    expect(examples).not.to.be.empty;
    for (const file of examples)
      expect(chapter('Examples')).to.include(`](${SITE}recipes/${file.replace('.json', '.html')})`);
  });

  it('leads to the pages for users in docs', () => {
    // docs/redis.md is for those who change the program.
    const pages = readdirSync(join(ROOT, 'docs')).filter((file) => /^(?!redis).*\.md$/.test(file));
    expect(pages).not.to.be.empty;
    for (const page of pages) expect(readme).to.include(`](${SITE}${page.replace('.md', '.html')}`);
  });

  it("shows the badge of an existing workflow of the package's repository", () => {
    const [, repository = '', workflow = ''] =
      /https:\/\/github\.com\/([^/]+\/[^/]+)\/actions\/workflows\/([\w.]+)\/badge\.svg/.exec(readme) ?? [];
    expect(repository).to.equal(REPOSITORY);
    expect(existsSync(join(ROOT, '.github/workflows', workflow))).to.equal(true);
  });

  // The Flow Library resolves a relative address against a branch that is not this repository's, and npm shows no docs/.
  it('shows its pictures by an absolute address of the repository, each of an existing file', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\((?!https:\/\/img\.shields\.io)([^)]+)\)/g)];
    const base = `https://raw.githubusercontent.com/${REPOSITORY}/main/`;
    expect(pictures).not.to.be.empty;
    for (const [, address = ''] of pictures) {
      if (/\/badge\.svg$/.test(address)) continue;
      expect(address).to.satisfy((text: string) => text.startsWith(base));
      expect(existsSync(join(ROOT, address.slice(base.length))), address).to.equal(true);
    }
  });

  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);

  it('has no relative link: each is an absolute address or one of its own headings', () => {
    expect(targets.filter((target) => !/^(?:https:\/\/|#)/.test(target))).to.deep.equal([]);
  });

  it('links to headings that it has', () => {
    const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => `#${anchorOf(heading)}`);
    expect(anchors).to.include.members(targets.filter((target) => target.startsWith('#')));
  });

  it('links to existing files of the repository', () => {
    const base = `https://github.com/${REPOSITORY}/blob/main/`;
    const files = targets.filter((target) => target.startsWith(base));
    expect(files).not.to.be.empty;
    for (const file of files) expect(existsSync(join(ROOT, file.slice(base.length))), file).to.equal(true);
  });
});

/** The anchor that GitHub and npm give a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replace(/ /g, '-');
}
