import type { Cluster, Redis } from 'ioredis';
import type { RedisAddress } from './address';
import { CONNECTION_NAME, guardIoredis } from './ioredis-guards';

/** A command that isn't answered in that time is given up, in ms. A process that is busy may see its answers a second late. */
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 3_000;
const FIRST_RETRY_MS = 50;
/** Longest wait between two attempts to connect, in ms. */
export const MAX_RETRY_MS = 1_000;
/** A replica is left, to find the master, no more often than this, in ms. */
const READONLY_RECONNECT_MS = 5_000;

/**
 * A client that keeps connecting. ioredis is loaded only here: who keeps all in memory never loads it.
 * @param isNoRedis whether what answered last is no Redis: it is not asked in a hurry
 */
export async function connect(
  address: RedisAddress,
  isNoRedis = (): boolean => false,
): Promise<Redis | Cluster> {
  const { Cluster, Redis } = await import('ioredis');
  await guardIoredis();
  const { hosts, tls, username, password, db, sentinel, cluster } = address;
  const options = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    connectionName: CONNECTION_NAME,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // What can't be asked now isn't asked later: lookups go on without.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times: number) => (isNoRedis() ? MAX_RETRY_MS : reconnectDelay(times)),
    // It is done with each connection, and by ioredis in an unhandled promise.
    autoResubscribe: false,
    reconnectOnError: reconnectOnReadOnly(),
  };
  if (cluster)
    return new Cluster([...hosts], {
      redisOptions: { ...options, enableReadyCheck: false },
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectDelay,
    });
  if (sentinel !== undefined)
    return new Redis({
      ...options,
      db,
      name: sentinel,
      sentinels: [...hosts],
      ...(username === undefined ? {} : { sentinelUsername: username }),
      ...(password === undefined ? {} : { sentinelPassword: password }),
      enableTLSForSentinelMode: tls,
      sentinelRetryStrategy: reconnectDelay,
      sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
      enableAutoPipelining: true,
    });
  const [{ host, port } = { host: 'localhost', port: 6379 }] = hosts;
  // The check asks INFO, which managed services refuse; a Redis that still loads says so to the first script.
  return new Redis({ ...options, host, port, db, enableAutoPipelining: true, enableReadyCheck: false });
}

/** After a failover the old master is a replica: the name in the URL, or a Sentinel, may lead to the new one by now. */
function reconnectOnReadOnly(): (error: Error) => boolean {
  let lastReconnectAt = -Infinity;
  return ({ message }) => {
    if (!message.startsWith('READONLY') || performance.now() - lastReconnectAt < READONLY_RECONNECT_MS)
      return false;
    lastReconnectAt = performance.now();
    return true;
  };
}

/** Jitter keeps instances that lost it together from coming back together. */
function reconnectDelay(times: number): number {
  return Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times - 1, 10)) * (0.8 + 0.4 * Math.random());
}
