import type { Dispatcher, Pool } from 'undici';
import { undici } from './undici';

/** The proxy was not reached (`reason`), or answered CONNECT with another status than 200. */
export class ProxyRefusal extends Error {
  constructor(
    readonly proxy: string,
    readonly status: number | undefined,
    readonly reason?: unknown,
  ) {
    super('proxy');
  }
}

/**
 * The connections to a proxy itself, for undici's ProxyAgent (`clientFactory`). Two things are other than undici's own:
 *
 * - a refusal keeps its status, so that a person learns "407" and not "aborted";
 * - a proxy that cuts the connection instead of answering CONNECT is an error. undici 7 takes it for a passing one and
 *   dials again without a pause and without an end.
 */
export function proxyPool(proxy: URL, options: Pool.Options): Dispatcher {
  const pool = new (undici().Pool)(proxy.origin, options);
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    async connect(target: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
      let tunnel: Dispatcher.ConnectData;
      try {
        tunnel = await connect(target);
      } catch (error) {
        throw new ProxyRefusal(proxy.host, undefined, error);
      }
      if (tunnel.statusCode === 200) return tunnel;
      tunnel.socket.on('error', () => {}).destroy();
      throw new ProxyRefusal(proxy.host, tunnel.statusCode);
    },
  });
}
