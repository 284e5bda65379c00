import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import manifest from '../../package.json';

const ROOT = join(__dirname, '..', '..');

/** What Node-RED does when it starts, as far as the node files see of it; then the files that are loaded by now. */
const LOAD = `
const app = { get() {}, post() {}, put() {}, delete() {}, use() {} };
const RED = { nodes: { registerType() {} }, auth: { needsPermission() {} }, httpAdmin: app, settings: {} };
for (const file of process.argv.slice(1)) require(file)(RED);
console.log(JSON.stringify(Object.keys(require.cache)));`;

describe('Loading the nodes with Node-RED', () => {
  const loaded = (): string[] => {
    const files = Object.values(manifest['node-red'].nodes).map((file) => join(ROOT, file));
    return JSON.parse(execFileSync(process.execPath, ['-e', LOAD, ...files]).toString()) as string[];
  };

  it('loads nothing of undici, Redis or STIX that only a flow that uses it needs', () => {
    const files = loaded();
    expect(files.filter((file) => /dist.nodes.virustotal-stix\.js$/.test(file))).to.have.lengthOf(1);
    expect(files.filter((file) => /node_modules.(undici|ioredis)\b/.test(file))).to.deep.equal([]);
    expect(files.filter((file) => /redis-key-state|redis.connect|stix.bundle/.test(file))).to.deep.equal([]);
  });
});
