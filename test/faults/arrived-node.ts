import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A node at the end of a flow: it tells `arrived` of the global context what has come to it. What is on its way when a deploy stops it,
 * sent by a node that ran then, still comes in; Node-RED would drop it, of whatever node it is. What is sent later than that is seen by
 * `EmbeddedNodeRed.onLateSend`.
 */
const SOURCE = `module.exports = (RED) => {
  RED.nodes.registerType('arrived', function (config) {
    RED.nodes.createNode(this, config);
    this.on('input', (msg, send, done) => {
      RED.settings.functionGlobalContext.arrived(this.id, msg);
      done();
    });
    this.on('close', (done) => setImmediate(done));
  });
};
`;

/** Puts it where Node-RED finds it. */
export function addArrivedNode(userDir: string): void {
  const folder = join(userDir, 'nodes');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'arrived.js'), SOURCE);
  writeFileSync(
    join(folder, 'arrived.html'),
    '<script type="text/html" data-template-name="arrived"></script>',
  );
}
