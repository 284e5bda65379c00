import type { Lease } from '../../limiter-backend';
import type { RedisHealth } from '../health';
import type { LocalUsage } from '../outage/local-usage';
import { inBackground } from '../../../in-background';

/** Redis ends a lease after 10 s (includes/leases.lua). */
const RENEW_INTERVAL_MS = 3_000;

/** A lease, with the names of its keys in Redis. */
export class RedisLease implements Lease {
  constructor(
    readonly key: string,
    readonly token: string,
    public fresh: boolean,
    readonly leaseName: string,
    readonly reportName: string,
  ) {}
}

/**
 * The leases of this process: renewed as long as their requests run. A lease is created with each request that may be shared, held once `vtReserve` lets
 * that request start (`track`), and released with its report or its error. If the process is killed, Redis ends the lease 10 s after its last
 * renewal. Renewal sets a lease that Redis has lost, unless another instance holds it by now.
 */
export class LeaseManager {
  readonly #usage: LocalUsage;
  readonly #health: RedisHealth;
  readonly #tracked = new Set<RedisLease>();
  #timer: NodeJS.Timeout | undefined;

  constructor(usage: LocalUsage, health: RedisHealth) {
    this.#usage = usage;
    this.#health = health;
  }

  create(key: string, fresh: boolean, leaseName: string, reportName: string): RedisLease {
    return new RedisLease(key, this.#usage.nextId(), fresh, leaseName, reportName);
  }

  track(lease: RedisLease): void {
    this.#tracked.add(lease);
    this.#timer ??= setInterval(() => this.renew(), RENEW_INTERVAL_MS).unref();
  }

  /** @returns whether it was tracked */
  release(lease: RedisLease): boolean {
    const tracked = this.#tracked.delete(lease);
    if (this.#tracked.size === 0) this.close();
    return tracked;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Also when Redis is back: it may have forgotten them. */
  renew(): void {
    if (!this.#health.isUp) return;
    for (const { leaseName, token } of this.#tracked)
      inBackground(this.#health.run('vtRenewLease', { token }, [leaseName]));
  }
}
