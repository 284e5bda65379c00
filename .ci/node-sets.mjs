// node node-sets.mjs TREE USER: starts the Node-RED of TREE with the user folder USER, and fails unless the admin API lists
// every node set of the package that is installed there, enabled and without an error.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const [tree, user] = process.argv.slice(2).map((path) => resolve(path));
const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
const { name } = readJson(tree, 'package.json');
const wanted = Object.keys(readJson(user, 'node_modules', name, 'package.json')['node-red'].nodes);

const port = await freePort();
const settings = join(user, 'settings.js');
writeFileSync(
  settings,
  `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, telemetry: { enabled: false } };\n`,
);
const red = spawn(
  process.execPath,
  [join(tree, 'node_modules', 'node-red', 'red.js'), '-u', user, '-s', settings],
  {
    stdio: 'inherit',
  },
);
const ended = once(red, 'exit');
let sets;
try {
  sets = (await nodes(Date.now() + 60_000)).filter((set) => set.module === name);
} finally {
  red.kill('SIGTERM');
  await ended;
}
for (const { id, version, enabled, types, err } of sets) {
  console.log(`${id} ${version}: ${enabled ? 'enabled' : 'DISABLED'}, ${types.join(' ')} ${err ?? ''}`);
}
const right = sets
  .filter(({ enabled, err, types }) => enabled && !err && types.length > 0)
  .map(({ name }) => name);
const missing = wanted.filter((set) => !right.includes(set));
if (missing.length > 0) throw new Error(`Node-RED has not: ${missing.join(', ')}`);

async function nodes(deadline) {
  for (;;) {
    if (red.exitCode !== null) throw new Error(`Node-RED ended with exit code ${red.exitCode}`);
    if (Date.now() > deadline) throw new Error('Node-RED does not answer');
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/nodes`, {
        headers: { accept: 'application/json' },
      });
      if (answer.ok) return await answer.json();
    } catch {
      // It is not listening yet.
    }
    await new Promise((again) => setTimeout(again, 200));
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  await once(probe, 'close');
  return free;
}
