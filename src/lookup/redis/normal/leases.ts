import type { Lease } from '../../limiter-backend';

/**
 * A lease, with the names of its keys in Redis. One is made with each request that may be shared; it is held once `vtReserve` lets that
 * request start, and ends with its report or its error. Meanwhile each heartbeat renews it, and sets one that Redis has lost, unless
 * another instance holds it by now. If the process is killed, Redis ends the lease 10 s after its last renewal (includes/leases.lua).
 */
export class RedisLease implements Lease {
  constructor(
    readonly key: string,
    readonly token: string,
    public fresh: boolean,
    readonly leaseName: string,
    readonly reportName: string,
  ) {}
}
