// node .ci/packed.mjs [TARBALL]: whether the package holds nothing but what users need, and works in an empty Node-RED, put there as
// the palette manager does it. Without TARBALL it packs the checkout. The Node-RED is the one of the checkout.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { checkNodeSets } from './node-sets.mjs';

const WANTED = /^(dist\/|resources\/|examples\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/;
/** Built, so that a checkout has them only after a build. */
const NEEDED = ['dist/nodes/virustotal.js', 'resources/editor.js'];
const NODE_MAJOR = Number(process.versions.node.split('.')[0]);
/** undici 8 needs Node 22. */
const UNDICI_MAJOR = NODE_MAJOR >= 22 ? 8 : 7;

const work = mkdtempSync(join(tmpdir(), 'packed-'));
try {
  const tarball = process.argv[2] ? resolve(process.argv[2]) : pack();
  checkFiles(tarball);
  await checkNodeSets(process.cwd(), installed(tarball));
} finally {
  // Windows lets a file go a moment after its process has ended.
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

/** In a shell, as npm is a batch file on Windows. */
function npm(command, options = {}) {
  return execFileSync(`npm ${command}`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'], ...options });
}

function pack() {
  const name = npm(`pack --silent --pack-destination "${work}"`).toString().trim().split('\n').at(-1);
  return join(work, name);
}

/** Whatever lies about in the checkout. */
function checkFiles(tarball) {
  // In its folder, as the tar that Git brings along on Windows takes what is before a colon for a host.
  const list = execFileSync('tar', ['-tzf', basename(tarball)], { cwd: dirname(tarball) });
  const files = list.toString().split(/\r?\n/).filter(Boolean);
  const names = files.map((file) => file.replace(/^package\//, ''));
  console.log(names.join('\n'));
  const others = names.filter((name) => !WANTED.test(name));
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`These are not in the package: ${missing.join(', ')}`);
  if (others.length > 0) throw new Error(`These are in the package and should not be: ${others.join(', ')}`);
}

/** A user folder with the package, and with nothing else. */
function installed(tarball) {
  const user = join(work, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{"name":"node-red-project","version":"0.0.1","private":true}');
  npm(`install --no-progress --engine-strict --omit=dev --save-prefix="~" "${tarball}"`, {
    cwd: user,
    stdio: 'inherit',
  });
  const { version } = JSON.parse(readFileSync(join(user, 'node_modules/undici/package.json'), 'utf8'));
  if (!version.startsWith(`${UNDICI_MAJOR}.`))
    throw new Error(`undici ${version} was installed with Node ${process.version}, and not ${UNDICI_MAJOR}`);
  return user;
}
