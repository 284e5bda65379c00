// Everything that continuous integration checks. It goes two ways at once, as one alone would take too long: this Node in the checkout,
// Node 22 and 24 with Node-RED 5 in a copy of it, and the documentation site. Each step is an npm script. A test file that fails is tried again once when nothing
// else runs: if it passes then, the table at the end lists it as unstable; if not, the gate fails. The checkout stays clean.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lane } from './lane.mjs';
import { Processes } from './processes.mjs';
import { Record } from './record.mjs';
import { StepFailed } from './step-failed.mjs';
import { summaryOf } from './summary.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const TESTS = ['test:unit', 'test:nodes', 'test:redis', 'test:faults', 'test:package'];
/** On Node 22: what runs on Node 20 and on 24 alike need not run between them as well. */
const TESTS_OF_22 = ['test:unit', 'test:nodes', 'test:package'];
/** Two lanes are enough for two cores: beside each other, tests that measure would be disturbed more than time is won. */
const ONE_FILE_AT_A_TIME = ['--no-parallel'];
/** What Node-RED itself could change in the browser. */
const EDITOR_OF_NEWER = ['--fail-zero', '--grep', '@node-red-5'];

const work = mkdtempSync(join(tmpdir(), 'gate-'));
const processes = new Processes();
const record = new Record();
const env = {
  ...process.env,
  ...{ CI: 'true', NO_COLOR: '1', npm_config_audit: 'false', npm_config_fund: 'false' },
  npm_config_update_notifier: 'false',
};
const common = { cwd: ROOT, work, env, record, processes, write: (text) => process.stdout.write(text) };
const here = new Lane({ ...common, name: `Node ${process.versions.node.split('.')[0]}` });
const tree = join(work, 'tree');
const newerLog = [];
const newer = new Lane({ ...common, name: 'Node 22', cwd: tree, write: (text) => newerLog.push(text) });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    processes.stop();
    finish(new Error(`Ended by ${signal}`));
  });

const before = status();
try {
  await gate();
  finish();
} catch (error) {
  finish(error);
}

async function gate() {
  const tarball = await prepared();
  let printed = false;
  // At its end: two at once could not be read.
  const printNewer = () => {
    if (!printed) process.stdout.write(`\n=== Node 22 and 24\n${newerLog.join('')}`);
    printed = true;
  };
  const lanes = [inCheckout(), inNewer(tarball)];
  try {
    await Promise.all(lanes);
  } catch (error) {
    processes.stop();
    await Promise.allSettled(lanes);
    throw error;
  } finally {
    printNewer();
  }
  for (const { lane, ...failed } of record.failed)
    await lane.with({ write: common.write }).again({ ...failed, record });
  record.judge();
  // Alone on the machine: it measures.
  await here.script('bench', '--short');
  await here.step('the checkout is as clean as before', () => {
    const after = status();
    if (after !== before) throw new Error(after);
  });
}

async function prepared() {
  await here.step('what the tests need of the system', async () => {
    await need(['redis-server', 'valkey-server'], 'redis-server');
    await need(['google-chrome', 'chromium'], 'chromium');
    await need(['promtool'], 'prometheus');
  });
  await here.step('npm ci', () => here.exec('npm', ['ci', '--no-progress']));
  await here.step('npm pack', () => here.exec('npm', ['pack', '--silent', '--pack-destination', work]));
  return join(
    work,
    readdirSync(work).find((name) => name.endsWith('.tgz')),
  );
}

async function inCheckout() {
  for (const script of TESTS) await here.tests(script, ONE_FILE_AT_A_TIME);
  await here.tests('test:editor');
  await here.script('start', '--once');
}

async function inNewer(tarball) {
  const node22 = await withNode(newer, 22);
  await node22.step('a copy with Node-RED 5', async () => {
    copyCheckout();
    await node22.exec('cp', ['-r', join(ROOT, 'node_modules'), tree], { cwd: ROOT });
    await node22.exec('node', ['.ci/newer-node-red.mjs']);
  });
  for (const script of TESTS_OF_22) await node22.tests(script, ONE_FILE_AT_A_TIME);
  await node22.tests('test:editor', EDITOR_OF_NEWER);
  cpSync(join(tree, '.artefacts'), join(ROOT, '.artefacts'), { recursive: true });
  await node22.script('check:packed', tarball);
  await node22.script('check:release', tarball, ROOT);

  const node24 = await withNode(newer, 24);
  for (const script of TESTS) await node24.tests(script, ONE_FILE_AT_A_TIME);
  await node24.script('check:packed', tarball);

  // Of the checkout, but here: its own lane is the longer one.
  const checkout = here.with({ write: (text) => newerLog.push(text) });
  for (const script of ['lint', 'typecheck', 'check:package']) await checkout.script(script);
  for (const script of ['check:packed', 'check:release']) await checkout.script(script, tarball);
  await checkout.script('docs');
  await checkout.tests('test:site');
}

/** The same lane with a newer Node. */
async function withNode(lane, major) {
  const folder = join(work, `node-${major}`);
  mkdirSync(folder);
  const newer = lane.with({ name: `Node ${major}` }).withPath(join(folder, 'node_modules', '.bin'));
  await newer.step(`node@${major}`, async () => {
    const install = ['install', '--no-progress', '--silent', '--prefix', folder, `node@${major}`];
    await lane.exec('npm', install, { cwd: folder });
    await newer.exec('node', ['--version'], { cwd: folder });
  });
  return newer;
}

/** The files of the checkout without what git ignores. */
function copyCheckout() {
  const names = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const name of names)
    if (name && existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(tree, name));
}

/** Installs a Debian package unless one of these programs is there. */
async function need(programs, debian) {
  const has = (program) => process.env.PATH.split(':').some((folder) => existsSync(join(folder, program)));
  if (programs.some(has)) return;
  const apt = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  await here.exec('apt-get', ['update', '-qq'], apt);
  await here.exec('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debian], apt);
}

function status() {
  return git('status', '--porcelain');
}

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

function finish(error) {
  if (error && !(error instanceof StepFailed)) process.stdout.write(`\n${error.stack}\n`);
  process.stdout.write(`${summaryOf(record, !error)}\n`);
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
  process.exit(error ? 1 : 0);
}
