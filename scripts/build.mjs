// Compiles src/ and nodes/ into dist/, and puts beside them what is read there: html, locales and icons by Node-RED, Lua by us. Puts
// editor/ into two files in resources/, which Node-RED serves to its editor: one for the dialogs, one for the sidebar.
// What is built already, of the same sources, stays: most commands build first.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const nodes = join(root, 'nodes');
const resources = join(root, 'resources');
const BUILT = ['dist', 'resources'];
/** Of what was built, and what it became. Not in dist/, as all of that is published. */
const stamp = join(root, 'node_modules', '.cache', 'node-red-virustotal', 'build.json');
/** What Redis runs. */
const LUA = join('src', 'lookup', 'redis', 'commands');
const FOLDERS = ['src', 'nodes', 'editor', 'icons'];
/** What npm has installed is among them: types of another version may not compile. */
const FILES = [
  'scripts/build.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
];

/** A hash of the names and contents of these files, and of those in these folders. */
function hashOf(folders, files = []) {
  const inFolders = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
    );
  const hash = createHash('sha256');
  for (const file of [...inFolders, ...files].sort()) {
    const content = readIfFile(join(root, file));
    if (content !== undefined) hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function readIfFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : undefined;
}

async function build() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  rmSync(dist, { recursive: true, force: true });
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
  for (const file of readdirSync(nodes)) {
    if (file.endsWith('.html')) cpSync(join(nodes, file), join(dist, 'nodes', file));
  }
  // Node-RED finds icons and locales only in the folder of the node's own .js file.
  for (const [from, to] of [
    [join(nodes, 'locales'), join(dist, 'nodes', 'locales')],
    [join(root, 'icons'), join(dist, 'nodes', 'icons')],
    [join(root, LUA), join(dist, LUA)],
  ]) {
    if (existsSync(from)) cpSync(from, to, { recursive: true });
  }
  await bundleEditor();
}

/** Not minified, so that it can be read in the browser's debugger as it stands. */
async function bundleEditor() {
  const { build: bundle } = await import('esbuild');
  rmSync(resources, { recursive: true, force: true });
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [entry, file] of [
    ['main.ts', 'editor.js'],
    ['sidebar.ts', 'sidebar.js'],
  ])
    await bundle({
      entryPoints: [join(root, 'editor', entry)],
      outfile: join(resources, file),
      absWorkingDir: root,
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2021',
      charset: 'utf8',
      logLevel: 'warning',
      // jQuery runs the text of the file, so the browser does not know where it is from.
      footer: { js: `//# sourceURL=resources/${name}/${file}` },
    });
}

const sources = hashOf(FOLDERS, FILES);
const before = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {};
if (before.sources !== sources || before.built !== hashOf(BUILT)) {
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  // A file of its own each time: a copy of the checkout may share node_modules by hard links, and would take this stamp for its own.
  writeFileSync(`${stamp}.new`, JSON.stringify({ sources, built: hashOf(BUILT) }));
  renameSync(`${stamp}.new`, stamp);
}
