import type { Socket } from 'node:net';
import type { Cluster, Redis } from 'ioredis';
import { UnexpectedReplyError } from './unexpected-reply';

/** Our connections by name, so that those of another package in this process are left as they are. */
export const CONNECTION_NAME = 'node-red-virustotal';

/**
 * Bytes that may come without one answer being whole. A Redis that sends more, as an endless text, would end the process because memory
 * runs out.
 */
const MAX_BYTES = 64 * 1024 * 1024;

interface ReplyHandler {
  redis: { options?: { connectionName?: string } };
  dispatch(next: () => void): void;
  returnFatalError(error: Error): void;
}

interface Connector {
  connect(...args: unknown[]): Promise<Socket>;
}

/** As a CommonJS module is imported. */
interface Imported<T> {
  default: { prototype?: T; default?: { prototype: T } };
}

interface RefreshingCluster {
  getInfoFromNode(node: ClusterNode | undefined, done: (error?: Error) => void): void;
}

interface ClusterNode {
  duplicate(options: object): SlotsClient;
}

interface SlotsClient {
  cluster(what: string, done: (error: Error | null, reply?: unknown) => void): unknown;
}

/** Guards what ioredis leaves open, once for all connections. */
export async function guardIoredis(): Promise<void> {
  const [handler, ...connectors] = (await Promise.all([
    import('ioredis/built/DataHandler.js'),
    import('ioredis/built/connectors/StandaloneConnector.js'),
    import('ioredis/built/connectors/SentinelConnector/index.js'),
  ])) as unknown as [Imported<ReplyHandler>, Imported<Connector>, Imported<Connector>];
  replaceOnce(handler, 'dispatch', guardReplies);
  for (const connector of connectors) replaceOnce(connector, 'connect', keepListening);
}

/**
 * ioredis trusts the shape of what answers it: a subscription answered with null, or an answer to nothing, is a TypeError that it throws
 * where only `uncaughtException` catches it. On our connections such a reply ends the connection instead, as one does that isn't RESP.
 */
function guardReplies(dispatch: ReplyHandler['dispatch']): ReplyHandler['dispatch'] {
  return function (this: ReplyHandler, next: () => void): void {
    if (!this.redis.options?.connectionName?.includes(CONNECTION_NAME)) return dispatch.call(this, next);
    try {
      next();
    } catch {
      this.returnFatalError(new UnexpectedReplyError('A command', 'its own answer'));
    }
  };
}

/**
 * ioredis listens for one `error` of a socket and no more. A TLS socket has two where the TLS layer fails first and the TCP connection
 * after it (an alert, then a reset), and an `error` without a listener ends the process. Every socket that ioredis opens gets a listener
 * that stays; what ioredis makes of the first error is as it was.
 */
function keepListening(connect: Connector['connect']): Connector['connect'] {
  return async function (this: Connector, ...args: unknown[]): Promise<Socket> {
    const socket = await connect.apply(this, args);
    return socket.on('error', () => {});
  };
}

const GUARDED = Symbol.for('node-red-virustotal.guarded');

/** Whatever else of this package in this process has loaded the same ioredis. */
function replaceOnce<T extends object, Name extends keyof T>(
  { default: type }: Imported<T>,
  name: Name,
  replace: (method: T[Name]) => T[Name],
): void {
  const prototype = type.default?.prototype ?? type.prototype;
  if (typeof prototype?.[name] !== 'function' || Object.hasOwn(prototype, GUARDED)) return;
  Object.defineProperty(prototype, GUARDED, { value: true });
  prototype[name] = replace(prototype[name]);
}

/** @returns a function that says that an answer was whole */
export function limitBytes(client: Redis): () => void {
  let bytes = 0;
  client.on('connect', () => {
    const { stream } = client;
    bytes = 0;
    stream.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MAX_BYTES)
        stream.destroy(new UnexpectedReplyError('A command', `at most ${MAX_BYTES} bytes`));
    });
  });
  return () => (bytes = 0);
}

/** What a Sentinel's master or a Cluster says of itself is read by ioredis without a look at its shape. */
export function guardTopology(client: Redis | Cluster): void {
  if ('nodes' in client) guardSlots(client as unknown as RefreshingCluster);
  else guardRole(client as unknown as { connector?: { check(info: unknown): boolean } });
}

function guardRole({ connector }: { connector?: { check(info: unknown): boolean } }): void {
  if (typeof connector?.check !== 'function') return;
  const check = connector.check.bind(connector);
  connector.check = (info) => check(Object(info));
}

function guardSlots(cluster: RefreshingCluster): void {
  if (typeof cluster.getInfoFromNode !== 'function') return;
  const getInfo = cluster.getInfoFromNode.bind(cluster);
  cluster.getInfoFromNode = (node, done) =>
    getInfo(node && { duplicate: (options) => guardedSlots(node.duplicate(options)) }, done);
}

function guardedSlots(client: SlotsClient): SlotsClient {
  const send = client.cluster.bind(client);
  client.cluster = (what, done) =>
    send(what, (error, reply) => {
      if (error || isSlots(reply)) done(error, reply);
      else done(new UnexpectedReplyError('CLUSTER SLOTS', 'a list of ranges and nodes', reply));
    });
  return client;
}

function isSlots(reply: unknown): boolean {
  const isRange = (range: unknown): boolean =>
    Array.isArray(range) &&
    Number.isInteger(range[0]) &&
    Number.isInteger(range[1]) &&
    range[0] >= 0 &&
    range[1] < 16_384 &&
    range.slice(2).every((node) => Array.isArray(node) && typeof node[0] === 'string');
  return Array.isArray(reply) && reply.every(isRange);
}
