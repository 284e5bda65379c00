import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import manifest from '../../package.json';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import type { StixBundle } from '../../src/stix/stix';
import { stixProblems } from '../support/stix-check';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

/** The first program in docs/library.md. All that differs: whom it asks, and how fast. */
function programOfDocs(): string {
  const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
  const [, program = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  return program.replace(
    'apiKey:',
    "rateLimit: false, apiUrl: process.env.VIRUSTOTAL_API_URL ?? '', apiKey:",
  );
}

/** The same as CommonJS, which has no `await` at the top. */
function inFunction(program: string): string {
  const [head = '', body = ''] = program.split(/(?<= from '[^']+';\n)/);
  return `${head}async function main() {${body}}\nvoid main();\n`;
}

const HOST_PROGRAM = `
import { createService, KeyRegistry, type HostOptions, type StoredCounts } from '${manifest.name}/host';
let kept: StoredCounts | undefined;
const options: HostOptions = {
  apiKey: process.env.VIRUSTOTAL_API_KEY ?? '',
  apiUrl: process.env.VIRUSTOTAL_API_URL ?? '',
  rateLimit: false,
  keyRegistry: new KeyRegistry(),
  quotaStore: { load: async () => kept, save: (counts) => void (kept = counts) },
  timeScale: 0.5,
};
const service = createService(options);
await service.lookup({ type: 'domain', value: 'evil.com' });
const { waiting, quota } = service.stats();
await service.close();
console.log(JSON.stringify({ waiting, used: quota.day.used, kept: kept?.dayUsed }));
`;

describe('The package as a library from its tarball', function () {
  // It packs, unpacks and compiles.
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'library-'));
  const modules = join(folder, 'node_modules');
  const apiKey = freshKey();
  let vt: StandIn;

  before(async () => {
    vt = await new StandIn({
      apiKey,
      catalogue: { 'https://evil.com/login': { malicious: 12 }, 'evil.com': { malicious: 3 } },
    }).listen();
    await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
    const unpacked = join(modules, manifest.name);
    mkdirSync(unpacked, { recursive: true });
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
    await run('tar', ['-xzf', join(folder, tarball), '-C', unpacked, '--strip-components=1']);
    // What npm would install beside it, and what every TypeScript program for Node.js has.
    for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
    writeFileSync(join(folder, 'program.mts'), programOfDocs());
    writeFileSync(join(folder, 'program.cts'), inFunction(programOfDocs()));
    writeFileSync(join(folder, 'host.mts'), HOST_PROGRAM);
    for (const module of ['node16', 'nodenext']) await compile(module);
  });
  after(async () => {
    await vt?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As strictly as it goes, the types of the package and of what it stands on included. */
  async function compile(module: string): Promise<void> {
    const config = join(folder, 'tsconfig.json');
    const compilerOptions = {
      module,
      moduleResolution: module,
      target: 'ES2022',
      lib: ['ES2022'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      outDir: `out-${module}`,
      rootDir: '.',
    };
    writeFileSync(config, JSON.stringify({ compilerOptions, include: ['*.mts', '*.cts'] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '-p', config]).catch((error: unknown) => {
      throw new Error(`${module}: ${(error as { stdout: string }).stdout}`);
    });
  }

  function execute(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return run(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, VIRUSTOTAL_API_KEY: apiKey, VIRUSTOTAL_API_URL: vt.url('v3') },
    });
  }

  for (const program of ['out-nodenext/program.mjs', 'out-node16/program.cjs'])
    it(`compiles the program in docs/library.md and finds, looks up, judges and bundles with it: ${program}`, async () => {
      const before = vt.requests.length;
      const { stdout, stderr } = await execute(program);
      const [skipped, judged, ...others] = stderr.trim().split('\n');
      expect(skipped).to.equal('10.0.0.1 is not looked up: private address (RFC 1918)');
      expect(judged).to.match(/^https:\/\/evil\.com\/login: malicious, 12 of \d+ engines detect it \(/);
      expect(others).to.deep.equal([]);
      const bundle = JSON.parse(stdout) as StixBundle;
      expect(stixProblems(bundle)).to.deep.equal([]);
      const indicator = bundle.objects.find(({ type }) => type === 'indicator');
      expect(indicator?.pattern).to.equal("[url:value = 'https://evil.com/login']");
      expect(indicator?.indicator_types).to.deep.equal(['malicious-activity']);
      expect(vt.requests.slice(before).map(({ indicator }) => indicator)).to.deep.equal([
        'https://evil.com/login',
      ]);
    });

  it('exports what a host gives a service from ./host only', async () => {
    const { stdout } = await execute('out-nodenext/host.mjs');
    expect(JSON.parse(stdout)).to.deep.equal({ waiting: 0, used: 1, kept: 1 });
  });

  it('exports nothing else but its package.json', async () => {
    const load = `import(process.argv[1]).then(() => 'loaded', ({ code }) => code).then(console.log)`;
    for (const path of ['dist/src/index.js', 'dist/nodes/virustotal.js', 'dist/src/lookup/service.js']) {
      const { stdout } = await execute('-e', load, `${manifest.name}/${path}`);
      expect(stdout.trim(), path).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED');
    }
    const { stdout } = await execute('-p', `require('${manifest.name}/package.json').version`);
    expect(stdout.trim()).to.equal(manifest.version);
  });
});
