// node .ci/release-dry-run.mjs [TARBALL [HISTORY]]: what users do with a release, before it is one. Node-RED's palette manager installs
// version 0.1.0, a flow looks an indicator up, the palette manager upgrades to TARBALL (default: the checkout, packed), the same flow looks
// up again with its stored key, and the palette manager removes the package. npm installs from a registry on loopback, which has the
// dependencies as they are in node_modules. The Node-RED is the one of the checkout.
//
// 0.1.0 is built from its commit in HISTORY (default: the checkout). Where the history is missing, as in a shallow clone, it is TARBALL with
// the node types of that version: what a flow of its time means is the matter of test/nodes/migration.test.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { startStandIn } from '../scripts/start/stand-in.mjs';
import { PackageRegistry } from './package-registry.mjs';
import { PaletteClient } from './palette-client.mjs';

const FIRST = '0.1.0';
/** The last commit with nothing but the four node types of that version. */
const COMMIT_OF_FIRST = 'c8ee528a377af04516f5585141c9d086b1e50b4f';
const TYPES_OF_FIRST = ['virustotal-config', 'virustotal', 'virustotal-report-analysis', 'virustotal-stix'];
const INDICATOR = 'dry-run.example.net';

const tree = process.cwd();
const history = process.argv[3] ?? tree;
const work = mkdtempSync(join(tmpdir(), 'release-dry-run-'));
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const say = (line) => console.log(`--- ${line}`);
const { name: MODULE } = readJson(tree, 'package.json');
const closing = [];
try {
  await run();
} finally {
  for (const close of closing.reverse()) await close();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

async function run() {
  const registry = await new PackageRegistry().listen();
  closing.push(() => registry.close());
  for (const tarball of packedDependencies()) registry.publish(tarball);
  const packed = process.argv[2] ? resolve(process.argv[2]) : pack(tree);
  const first = registry.publish(packedFirst() ?? repacked(packed, ofFirst));
  // Before the first release after it, the package has that number itself.
  const isFirst = readPacked(packed).version === FIRST;
  const next = registry.publish(
    isFirst ? repacked(packed, (manifest) => ({ ...manifest, version: '0.1.1' })) : packed,
  );

  const vt = await startStandIn(tree, { catalogue: { [INDICATOR]: 12 }, quota: {} });
  closing.push(() => vt.close());
  const user = join(work, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{"name":"node-red-project","version":"0.0.1","private":true}');
  const start = async () => {
    const nodeRed = await PaletteClient.start({ tree, user, env: environment(registry.url) });
    closing.push(() => nodeRed.stop());
    return nodeRed;
  };

  let nodeRed = await start();
  say(`install ${first.version}`);
  await nodeRed.request('POST', '/nodes', { module: MODULE, version: first.version });
  await checkSets(nodeRed, first);
  await nodeRed.request('POST', '/flows', { flows: flows(vt, { credentials: { apiKey: vt.apiKey } }) });
  await checkLookup(nodeRed);
  const before = stored(user);
  assert.ok(!`${before.flows}${before.credentials}`.includes(vt.apiKey), 'The key is in a file as it is');

  say(`upgrade to ${next.version}`);
  await nodeRed.request('POST', '/nodes', { module: MODULE, version: next.version });
  // As the palette manager asks for.
  await nodeRed.stop();
  nodeRed = await start();
  await checkSets(nodeRed, next);
  await checkLookup(nodeRed);
  assert.deepEqual(stored(user), before, 'The upgrade changed the flows or their credentials');

  say('remove');
  const used = await nodeRed.send('DELETE', `/nodes/${MODULE}`);
  assert.match(used.text, /type_in_use/, 'A package that flows use was removed');
  await checkLookup(nodeRed);
  const others = flows(vt).filter(({ type }) => !type.startsWith('virustotal'));
  await nodeRed.request('POST', '/flows', { flows: others });
  await nodeRed.request('DELETE', `/nodes/${MODULE}`);
  assert.deepEqual(await setsOf(nodeRed), [], 'Node-RED still has node types of the package');
  assert.equal(readJson(user, 'package.json').dependencies?.[MODULE], undefined);
  await nodeRed.stop();
  nodeRed = await start();
  const { flows: left } = await nodeRed.request('GET', '/flows');
  assert.deepEqual(
    left.map(({ id }) => id),
    others.map(({ id }) => id),
    'The other nodes are not as before',
  );
  assert.ok(!existsSync(join(user, 'node_modules', MODULE)), 'The package is still in the user folder');
  say('passed');
}

/** GET /dry-run looks the indicator up and answers with the analysis. */
function flows(vt, config = {}) {
  const node = (id, type, ...wires) => ({ id, type, z: 'tab', wires: wires.map((to) => [to]) });
  return [
    { id: 'tab', type: 'tab', label: 'Dry run' },
    { id: 'key', type: 'virustotal-config', apiUrl: vt.url, rateLimit: false, cache: false, ...config },
    { ...node('in', 'http in', 'text'), url: '/dry-run', method: 'get' },
    {
      ...node('text', 'change', 'lookup'),
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: `Seen: ${INDICATOR}`, tot: 'str' }],
    },
    { ...node('lookup', 'virustotal', 'analysis'), server: 'key', action: 'search', source: 'payload' },
    { ...node('analysis', 'virustotal-report-analysis', ...Array(5).fill('answer')), malicious: 5 },
    {
      ...node('answer', 'change', 'out'),
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'analysis', tot: 'msg' }],
    },
    { ...node('failed', 'catch', 'out'), scope: null },
    { ...node('out', 'http response') },
  ];
}

async function checkLookup(nodeRed) {
  const { status, text } = await looked(nodeRed);
  assert.equal(status, 200, text);
  const { verdict, resource } = JSON.parse(text);
  assert.deepEqual({ verdict, resource }, { verdict: 'malicious', resource: INDICATOR });
}

/** The admin API answers a moment before the flows are started: until then the address is not there. */
async function looked(nodeRed) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await nodeRed.send('GET', '/dry-run');
    if (answer.status !== 404 || Date.now() > deadline) return answer;
    await new Promise((again) => setTimeout(again, 200));
  }
}

async function setsOf(nodeRed) {
  return (await nodeRed.request('GET', '/nodes')).filter(({ module }) => module === MODULE);
}

/** Every node set of this version is there, enabled and without an error. */
async function checkSets(nodeRed, manifest) {
  const sets = await setsOf(nodeRed);
  const right = sets.filter(({ enabled, err, version }) => enabled && !err && version === manifest.version);
  const names = Object.keys(manifest['node-red'].nodes);
  assert.deepEqual(right.map(({ name }) => name).sort(), names.sort(), JSON.stringify(sets));
}

/** What Node-RED has written. */
function stored(user) {
  const read = (file) => readFileSync(join(user, file), 'utf8');
  return { flows: read('flows.json'), credentials: read('flows_cred.json') };
}

/** The tarball of the first version, built with what is installed here; undefined where the history is not there. */
function packedFirst() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: history, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 });
  let archive;
  try {
    archive = git('archive', COMMIT_OF_FIRST);
  } catch {
    say(`${FIRST} is this version with its four node types: the history is not there`);
    return undefined;
  }
  say(`build ${FIRST}`);
  const folder = mkdtempSync(join(work, 'first-'));
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  // All but the cache, in which a build notes what it has built.
  for (const name of readdirSync(join(tree, 'node_modules')).filter((each) => each !== '.cache'))
    symlinkSync(join(tree, 'node_modules', name), join(modules, name));
  return pack(folder);
}

function ofFirst(manifest) {
  const all = manifest['node-red'];
  const nodes = Object.fromEntries(
    Object.entries(all.nodes).filter(([type]) => TYPES_OF_FIRST.includes(type)),
  );
  return { ...manifest, version: FIRST, 'node-red': { version: all.version, nodes } };
}

function readPacked(tarball) {
  return JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
}

/** The tarball with another manifest. */
function repacked(tarball, change) {
  const folder = mkdtempSync(join(work, 'repacked-'));
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  const path = join(folder, 'package', 'package.json');
  writeFileSync(path, JSON.stringify(change(readJson(path))));
  const file = join(folder, 'package.tgz');
  execFileSync('tar', ['-czf', file, '-C', folder, 'package']);
  return file;
}

function pack(folder, ...args) {
  const to = mkdtempSync(join(work, 'packed-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', to, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return join(to, readdirSync(to)[0]);
}

/** Tarballs of everything that the package needs at run time, as it is installed here. */
function packedDependencies() {
  const to = mkdtempSync(join(work, 'dependencies-'));
  return [...dependencyFolders(tree)].map((folder, index) => {
    const at = join(to, `${index}`);
    mkdirSync(at);
    // Its own node_modules are packages of their own.
    execFileSync('tar', [
      '-czf',
      join(at, 'p.tgz'),
      '--exclude',
      './node_modules',
      '--transform',
      's,^\\.,package,',
      '-C',
      folder,
      '.',
    ]);
    return join(at, 'p.tgz');
  });
}

function dependencyFolders(folder, found = new Set()) {
  for (const name of Object.keys(readJson(folder, 'package.json').dependencies ?? {})) {
    const at = folderOf(name, folder);
    if (found.has(at)) continue;
    found.add(at);
    dependencyFolders(at, found);
  }
  return found;
}

/** As Node.js looks for it. */
function folderOf(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(from));
}

/** Nothing that the machine's npm is set to may matter. */
function environment(registry) {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return {
    ...Object.fromEntries(own),
    npm_config_registry: registry,
    npm_config_cache: join(work, 'cache'),
    npm_config_userconfig: join(work, 'npmrc'),
    npm_config_globalconfig: join(work, 'npmrc-global'),
  };
}
