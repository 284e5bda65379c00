import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import manifest from '../../package.json';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);
/** All that the package is made of. */
const SOURCES = [
  ...['src', 'nodes', 'editor', 'icons', 'examples', 'scripts', '.ci'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'],
  ...['README.md', 'LICENSE', 'CHANGELOG.md'],
];

const text = (files: Map<string, Buffer>, name: string): string => files.get(name)?.toString() ?? '';

describe('The files of a release', function () {
  this.timeout(600_000);
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const newFolder = (): string => {
    folders.push(mkdtempSync(join(tmpdir(), 'release-')));
    return folders.at(-1) as string;
  };

  /** A copy of the sources in a folder of its own, without what was built. */
  function copyOfSources(): string {
    const folder = newFolder();
    for (const name of SOURCES) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return folder;
  }

  /** Resolves with the bytes of each file that a release of this folder has. */
  async function released(folder: string): Promise<Map<string, Buffer>> {
    const to = newFolder();
    await run(process.execPath, ['.ci/release-files.mjs', to], { cwd: folder });
    return new Map(readdirSync(to).map((name) => [name, readFileSync(join(to, name))]));
  }

  it('have the same bytes when the checkout and a copy of its sources are built and packed', async () => {
    const [first, second] = [await released(ROOT), await released(copyOfSources())];
    const name = `nr-threat-intel-node-red-virustotal-${manifest.version}.tgz`;
    expect([...first.keys()].sort()).to.deep.equal(['SHA256SUMS', name, 'sbom.cdx.json'].sort());
    for (const [file, bytes] of first) expect(second.get(file)?.equals(bytes), file).to.equal(true);
    for (const line of text(first, 'SHA256SUMS').trim().split('\n')) {
      const [sum, file = ''] = line.split('  ');
      expect(
        createHash('sha256')
          .update(first.get(file) ?? '')
          .digest('hex'),
        file,
      ).to.equal(sum);
    }
    const bill = JSON.parse(text(first, 'sbom.cdx.json')) as { components: { name: string }[] };
    const names = bill.components.map((component) => component.name);
    expect(names).to.include.members(Object.keys(manifest.dependencies));
    expect(names).to.not.include('mocha');
  });
});
