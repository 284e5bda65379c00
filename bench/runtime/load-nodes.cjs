// Loads node files as Node-RED does, in a process that has Node-RED's runtime already, and prints what that took.
const app = { get() {}, post() {}, put() {}, delete() {}, use() {} };
require('node-red');
const RED = {
  nodes: { registerType() {}, createNode() {}, getNode: () => null },
  auth: { needsPermission: () => () => {} },
  httpAdmin: app,
  httpNode: app,
  settings: {},
  hooks: { add() {} },
  log: { metric: () => false },
  util: {},
  events: { on() {} },
  _: (key) => key,
};
globalThis.gc();
const before = process.memoryUsage().rss;
const from = performance.now();
for (const file of process.argv.slice(2)) {
  const loaded = require(file);
  (loaded.default ?? loaded)(RED);
}
const ms = performance.now() - from;
globalThis.gc();
process.stdout.write(JSON.stringify({ ms, rss: process.memoryUsage().rss - before }));
process.exit(0);
