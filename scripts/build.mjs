// Compiles src/ and nodes/ into dist/, and puts what Node-RED looks for beside the node files: html, locales, icons.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });

const nodes = join(root, 'nodes');
for (const file of readdirSync(nodes)) {
  if (file.endsWith('.html')) cpSync(join(nodes, file), join(dist, 'nodes', file));
}
// Node-RED finds icons and locales only in the folder of the node's own .js file.
for (const [from, to] of [
  [join(nodes, 'locales'), join(dist, 'nodes', 'locales')],
  [join(root, 'icons'), join(dist, 'nodes', 'icons')],
]) {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}
