import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that a system gives to outgoing connections and to port 0 (Linux: from 32,768), as one of these could take the port
 * before the server that is to listen at it. The bus of a Redis Cluster is 10,000 above its port.
 */
const LOWEST = 11_000;
const COUNT = 9_900;

// Runs of the tests at the same time begin at different places.
let next = process.pid * 64;

/** A free port of 127.0.0.1, for a program that cannot choose one itself. Each port is given once. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = LOWEST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${LOWEST} to ${LOWEST + COUNT - 1} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
