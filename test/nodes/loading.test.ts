import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { join, relative, sep } from 'node:path';
import manifest from '../../package.json';

const ROOT = join(__dirname, '..', '..');
const NODE_FILES = Object.values(manifest['node-red'].nodes);

/** What Node-RED does when it starts, as far as the node files see of it. */
const START = `
const { EventEmitter } = require('node:events');
const app = { get() {}, post() {}, put() {}, delete() {}, use() {} };
const types = {}, nodes = {};
const RED = {
  nodes: {
    registerType(type, constructor) { types[type] = constructor; },
    createNode(node, { id, type }) { Object.assign(node, { id, type }); },
    getNode: (id) => nodes[id] ?? null,
  },
  auth: { needsPermission() {} }, httpAdmin: app, settings: {}, events: new EventEmitter(),
  log: { metric: () => false }, util: { getMessageProperty: (msg, name) => msg[name] },
};
for (const file of ${JSON.stringify(NODE_FILES.map((file) => join(ROOT, file)))}) require(file)(RED);
function deploy(definition) {
  const context = () => ({ get: (key, store, done) => done(null), set: (key, value, store, done) => done() });
  const quiet = { status() {}, log() {}, warn() {}, error() {}, credentials: { apiKey: 'a'.repeat(64) }, context };
  const node = (nodes[definition.id] = Object.assign(new EventEmitter(), quiet));
  types[definition.type].call(node, definition);
  return node;
}
`;

/** Starts Node-RED's part in a process of its own, does this there, and returns the files that are loaded by then. */
function loadedAfter(script: string): string[] {
  const print = 'process.stdout.write(JSON.stringify(Object.keys(require.cache)), () => process.exit(0));';
  const output = execFileSync(process.execPath, ['-e', `${START}\n${script}\n${print}`]).toString();
  return (JSON.parse(output) as string[]).map((file) => relative(ROOT, file).split(sep).join('/'));
}

/** The packages among these files. */
function packagesOf(files: readonly string[]): string[] {
  const names = files.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

const NODES = [
  { id: 'lookup', type: 'virustotal', server: 'config', action: 'domain' },
  { id: 'analysis', type: 'virustotal-report-analysis' },
  { id: 'stix', type: 'virustotal-stix' },
  { id: 'summary', type: 'virustotal-summary' },
  { id: 'submit', type: 'virustotal-submit' },
  { id: 'events', type: 'virustotal-events' },
  { id: 'watch', type: 'virustotal-watch', server: 'config' },
  { id: 'related', type: 'virustotal-related', server: 'config' },
];
const deploy = (...definitions: object[]): string =>
  definitions.map((definition) => `deploy(${JSON.stringify(definition)});`).join('\n');

describe('Starting Node-RED with the package', () => {
  it('loads only what registers the nodes', () => {
    const files = loadedAfter('');
    expect(files).to.include.members(NODE_FILES);
    expect(packagesOf(files)).to.deep.equal([]);
    expect(files.filter((file) => !file.startsWith('dist/nodes/'))).to.have.members([
      'dist/src/errors.js',
      'dist/src/in-background.js',
      'dist/src/parsed-url.js',
    ]);
    // Besides what registers each node, a handful that all share.
    expect(files).to.have.lengthOf.below(NODE_FILES.length + 13);
  });

  it('loads the code of a node when the first one is deployed', () => {
    const files = loadedAfter(deploy(...NODES));
    for (const room of ['ioc', 'analysis']) expect(files.join(' ')).to.include(`dist/src/${room}/`);
    expect(packagesOf(files)).to.not.include.members([
      'undici',
      'bottleneck',
      'tldts',
      'ioredis',
      'lru-cache',
    ]);
    expect(
      files.filter((file) => /^dist\/src\/(api\/client|lookup\/service|stix\/bundle)/.test(file)),
    ).to.deep.equal([]);
  });

  it('loads neither Redis nor Bottleneck nor the suffix list for a config that may not need them', () => {
    const config = { id: 'config', type: 'virustotal-config' };
    const packages = packagesOf(loadedAfter(deploy(config, ...NODES)));
    expect(packages).to.include('undici');
    expect(packages).to.not.include('ioredis').and.not.include('bottleneck').and.not.include('tldts');
  });

  it('loads the suffix list with the first name but not with an address or hash', () => {
    const validate = (type: string, value: string): string[] => {
      const filter = JSON.stringify(join(ROOT, 'dist/src/ioc/indicator-filter'));
      return packagesOf(
        loadedAfter(`new (require(${filter}).IndicatorFilter)().validate('${type}', '${value}');`),
      );
    };
    expect(validate('ip', '192.0.2.77')).to.not.include('tldts');
    expect(validate('file', 'd41d8cd98f00b204e9800998ecf8427f')).to.not.include('tldts');
    expect(validate('domain', 'bad.example.co.uk')).to.include('tldts');
  });
});
