// node .ci/release-files.mjs FOLDER: the files of a release: the package, what it contains as CycloneDX, and the SHA-256 of both.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? 'release');
const npm = (...args) =>
  execFileSync('npm', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  });

mkdirSync(folder, { recursive: true });
npm('pack', '--silent', '--pack-destination', folder);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const bill = billOfMaterials();
// npm writes a random number, the time and the name of the folder. Without them, the same commit has the same bill of materials.
delete bill.serialNumber;
delete bill.metadata.timestamp;
bill.metadata.component.name = manifest.name;
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);

const files = readdirSync(folder)
  .filter((name) => name !== 'SHA256SUMS')
  .sort();
const sumOf = (name) =>
  createHash('sha256')
    .update(readFileSync(join(folder, name)))
    .digest('hex');
const sums = files.map((name) => `${sumOf(name)}  ${name}\n`).join('');
writeFileSync(join(folder, 'SHA256SUMS'), sums);
process.stdout.write(sums);

/**
 * What the package needs at run time, by a lock file without what is needed for development only: `npm sbom --omit dev` would leave out a
 * package that development needs too.
 */
function billOfMaterials() {
  const at = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const atRunTime = ([, { dev, devOptional }]) => !dev && !devOptional;
    const packages = Object.fromEntries(Object.entries(lock.packages).filter(atRunTime));
    delete packages[''].devDependencies;
    const write = (name, json) => writeFileSync(join(at, name), JSON.stringify(json));
    write('package.json', { ...manifest, devDependencies: undefined });
    write('package-lock.json', { ...lock, packages });
    return JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--prefix', at));
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}
