import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const readJson = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

/**
 * Starts the Node-RED of `tree` with the user folder `user`, and throws unless the admin API lists every node set of the package that is
 * installed there, enabled and without an error.
 *
 * @param {string} tree
 * @param {string} user
 */
export async function checkNodeSets(tree, user) {
  const { name: module } = readJson(tree, 'package.json');
  const wanted = Object.keys(readJson(user, 'node_modules', module, 'package.json')['node-red'].nodes);
  const sets = (await setsOf(tree, user)).filter((set) => set.module === module);
  for (const { id, version, enabled, types, err } of sets)
    console.log(`${id} ${version}: ${enabled ? 'enabled' : 'DISABLED'}, ${types.join(' ')} ${err ?? ''}`);
  const right = sets
    .filter(({ enabled, err, types }) => enabled && !err && types.length > 0)
    .map(({ name }) => name);
  const missing = wanted.filter((set) => !right.includes(set));
  if (missing.length > 0) throw new Error(`Node-RED has not: ${missing.join(', ')}`);
}

async function setsOf(tree, user) {
  const port = await freePort();
  const settings = join(user, 'settings.js');
  writeFileSync(
    settings,
    `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, telemetry: { enabled: false } };\n`,
  );
  const program = join(tree, 'node_modules', 'node-red', 'red.js');
  const red = spawn(process.execPath, [program, '-u', user, '-s', settings], { stdio: 'inherit' });
  const ended = once(red, 'exit');
  try {
    return await answer(red, port, Date.now() + 300_000);
  } finally {
    red.kill('SIGTERM');
    await ended;
  }
}

/** The node sets, as soon as Node-RED answers. */
export async function answer(red, port, deadline) {
  for (;;) {
    if (red.exitCode !== null) throw new Error(`Node-RED ended with exit code ${red.exitCode}`);
    if (Date.now() > deadline) throw new Error('Node-RED does not answer');
    try {
      const response = await fetch(`http://127.0.0.1:${port}/nodes`, {
        headers: { accept: 'application/json' },
      });
      if (response.ok) return await response.json();
    } catch {
      // It is not listening yet.
    }
    await new Promise((again) => setTimeout(again, 200));
  }
}

/** Below the ports that systems give to outgoing connections, one of which could take it before Node-RED listens at it. */
export async function freePort() {
  for (;;) {
    const port = randomInt(22_000, 30_000);
    try {
      const probe = createServer().listen(port, '127.0.0.1');
      await once(probe, 'listening');
      probe.close();
      await once(probe, 'close');
      return port;
    } catch {
      // Somebody listens there.
    }
  }
}
