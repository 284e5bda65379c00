import type { Socket } from 'node:net';

interface Connector {
  connect(...args: unknown[]): Promise<Socket>;
}

interface ConnectorModule {
  default: { prototype?: Connector; default?: { prototype: Connector } };
}

/**
 * ioredis listens for one `error` of a socket and no more. A TLS socket has two where the TLS layer fails first and the TCP connection
 * after it (an alert, then a reset), and an `error` without a listener ends the process. Every socket that ioredis opens gets a listener
 * that stays; what ioredis makes of the first error is as it was.
 */
export async function guardSocketErrors(): Promise<void> {
  const modules = (await Promise.all([
    import('ioredis/built/connectors/StandaloneConnector.js'),
    import('ioredis/built/connectors/SentinelConnector/index.js'),
  ])) as unknown as ConnectorModule[];
  for (const { default: connector } of modules)
    keepListening(connector.default?.prototype ?? connector.prototype);
}

function keepListening(prototype: Connector | undefined): void {
  if (typeof prototype?.connect !== 'function' || GUARDED in prototype) return;
  Object.defineProperty(prototype, GUARDED, { value: true });
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the connector it is of
  const { connect } = prototype;
  prototype.connect = async function (this: Connector, ...args: unknown[]): Promise<Socket> {
    const socket = await connect.apply(this, args);
    return socket.on('error', () => {});
  };
}

const GUARDED = Symbol.for('node-red-virustotal.keeps-listening');
