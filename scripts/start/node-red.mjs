// Node-RED inside this process.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

/**
 * Starts it and waits until the flows run. A node of the flow that could not be loaded is an error: the flow would wait for
 * it forever.
 * @returns {Promise<{ RED: object, address: string, close: () => Promise<void> }>}
 */
export async function startNodeRed(settings) {
  const RED = createRequire(import.meta.url)('node-red');
  const server = createServer((request, response) =>
    RED.httpAdmin(request, response, () => RED.httpNode(request, response)),
  );
  RED.init(server, settings);
  const flowsRun = once(RED.events, 'flows:started');
  await RED.start();
  const broken = (await RED.runtime.nodes.getNodeList({})).filter(({ err, local }) => err && local);
  if (broken.length > 0)
    throw new Error(broken.map(({ id, err }) => `Node-RED can't load ${id}: ${err}`).join('\n'));
  server.listen(settings.uiPort, settings.uiHost);
  await Promise.all([once(server, 'listening'), flowsRun]);
  return {
    RED,
    address: `http://${settings.uiHost}:${settings.uiPort}/`,
    async close() {
      await RED.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Ends with a clear text when somebody else listens there already. */
export async function checkPort(port, host) {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), 'listening');
  } catch (cause) {
    const text =
      cause.code === 'EADDRINUSE'
        ? `Port ${port} on ${host} is in use by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`
        : `Node-RED can't listen on ${host}:${port}: ${cause.message}`;
    throw new Error(text, { cause });
  }
  probe.close();
  await once(probe, 'close');
}
