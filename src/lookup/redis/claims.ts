import type { Claim } from '../key-state';
import type { RedisHealth } from './health';
import type { OwnUse } from './own-use';
import { inBackground } from '../in-background';

/** A claim ends by itself after this, in ms, unless it is renewed: its owner may be dead. */
export const LEASE_MS = 10_000;
const RENEW_MS = 3_000;

/** A claim, and the names of what it is about. */
export class RedisClaim implements Claim {
  constructor(
    readonly key: string,
    readonly token: string,
    public fresh: boolean,
    readonly claimName: string,
    readonly reportName: string,
  ) {}
}

/** The claims of this process: renewed as long as their requests run. */
export class Claims {
  readonly #own: OwnUse;
  readonly #health: RedisHealth;
  readonly #held = new Set<RedisClaim>();
  #timer: NodeJS.Timeout | undefined;

  constructor(own: OwnUse, health: RedisHealth) {
    this.#own = own;
    this.#health = health;
  }

  make(key: string, fresh: boolean, claimName: string, reportName: string): RedisClaim {
    return new RedisClaim(key, this.#own.name(), fresh, claimName, reportName);
  }

  hold(claim: RedisClaim): void {
    this.#held.add(claim);
    this.#timer ??= setInterval(() => this.renew(), RENEW_MS).unref();
  }

  /** @returns whether it was held */
  letGo(claim: RedisClaim): boolean {
    const held = this.#held.delete(claim);
    if (this.#held.size === 0) this.close();
    return held;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Also when Redis is back: it may have forgotten them. */
  renew(): void {
    if (!this.#health.up) return;
    for (const { claimName, token } of this.#held)
      inBackground(this.#health.ask('vtRenew', [claimName], [token, LEASE_MS]));
  }
}
