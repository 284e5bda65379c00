import type { Cluster, Redis } from 'ioredis';
import { UnexpectedReplyError } from './unexpected-reply';

/** Our connections by name, so that those of another package in this process are left as they are. */
export const CONNECTION_NAME = 'node-red-virustotal';

/**
 * Bytes that may come without one answer being whole. A Redis that sends more, as an endless text, would end the process for want of
 * memory.
 */
const MAX_BYTES = 64 * 1024 * 1024;

interface ReplyHandler {
  redis: { options?: { connectionName?: string } };
  dispatch(next: () => void): void;
  returnFatalError(error: Error): void;
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

/**
 * ioredis trusts the shape of what answers it: a subscription answered with null, or an answer to nothing, is a TypeError that it throws
 * where only `uncaughtException` hears of it. On our connections such a reply ends the connection instead, as one does that isn't RESP.
 */
export async function guardReplies(): Promise<void> {
  const module = (await import('ioredis/built/DataHandler.js')) as unknown as {
    default: { prototype?: ReplyHandler; default?: { prototype: ReplyHandler } };
  };
  const prototype = module.default.default?.prototype ?? module.default.prototype;
  if (typeof prototype?.dispatch !== 'function' || GUARDED in prototype) return;
  Object.defineProperty(prototype, GUARDED, { value: true });
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the handler it is of
  const { dispatch } = prototype;
  prototype.dispatch = function (this: ReplyHandler, next: () => void): void {
    if (!this.redis.options?.connectionName?.includes(CONNECTION_NAME)) return dispatch.call(this, next);
    try {
      next();
    } catch {
      this.returnFatalError(new UnexpectedReplyError('A command', 'its own answer'));
    }
  };
}

const GUARDED = Symbol.for('node-red-virustotal.guarded');

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
