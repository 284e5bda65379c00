// node .ci/newer-node-red.mjs: puts Node-RED 5 and the undici that this Node takes into node_modules, package.json and the lock file
// unchanged. The lock file has what Node 20 can run.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { undici } = readJson('package.json').dependencies;
// By its name, undici is chosen again by the engines of this Node. In a shell, as npm is a batch file on Windows.
execFileSync(`npm install --no-progress --no-save node-red@5 "undici@${undici}"`, {
  stdio: 'inherit',
  shell: true,
});
const versionOf = (name) => readJson(`node_modules/${name}/package.json`).version;
const versions = `Node-RED ${versionOf('node-red')}, undici ${versionOf('undici')}`;
console.log(versions);
if (!/^Node-RED 5\..*undici 8\./.test(versions)) throw new Error('Not Node-RED 5 with undici 8');
