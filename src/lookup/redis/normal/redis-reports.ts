import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Indicator } from '../../../ioc/ioc';
import type { Report } from '../../../report/report';
import {
  cacheKey,
  hashKeys,
  type CachedReport,
  type ReportOrigin,
  type SharedLookupResult,
  type SharedReports,
} from '../../limiter-backend';
import { RedisLease } from './leases';
import type { KeyNames } from '../key-names';
import type { LocalUsage } from '../outage/local-usage';
import type { RedisHealth } from '../health';
import type { StoredReply } from '../reply';
import type { ReportSeal } from './report-seal';
import { ageOf, aliasTarget, readStored, encodeBody, encodeAlias } from './stored-report';
import { inBackground } from '../../../in-background';

/** A report that is waited for is looked for this often, in ms, although a message announces it: messages can be lost. */
const POLL_MS = 1_000;

/**
 * Reports of one API in Redis: compressed JSON with a time to live, and the leases of those that request them.
 *
 * A report is stored under a hash of its indicator; under the other hashes of its file stands an alias, which names the key of the report. Every value
 * is sealed (`report-seal.ts`), and a reader trusts neither value nor alias: what can't be verified, has expired or is not of the file that was
 * asked for counts as `unreadable`, and is looked up at VirusTotal and overwritten.
 *
 * A report that several instances need is requested once. `vtReserve` gives the lease to the first; the others get `leased-by-peer` and call
 * `waitForPeer`. The holder renews its lease while the request runs, and ends it by `set` or `release`, both of which publish the indicator in the
 * channel. A holder that is killed publishes nothing: its lease expires, and the next `POLL_MS` of a waiting instance finds neither report
 * nor lease, so it asks for itself.
 */
export class RedisReports implements SharedReports {
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #usage: LocalUsage;
  /** Of requests that run. */
  readonly #leases: Set<RedisLease>;
  readonly #seal: ReportSeal;
  readonly #apiVersion: 'v2' | 'v3';
  /** Reports of another API are not the same. */
  readonly #origin: string;
  /** `report` with the cache's key of each report that is announced, and `report KEY` for those that wait for it. */
  readonly #announced = new EventEmitter().setMaxListeners(0);

  constructor(
    health: RedisHealth,
    names: KeyNames,
    usage: LocalUsage,
    leases: Set<RedisLease>,
    seal: ReportSeal,
    { apiVersion, apiUrl }: ReportOrigin,
  ) {
    this.#health = health;
    this.#seal = seal;
    this.#names = names;
    this.#leases = leases;
    this.#usage = usage;
    this.#apiVersion = apiVersion;
    this.#origin = shortHash(`${apiVersion} ${apiUrl}`).slice(0, 8);
  }

  lease(indicator: Indicator, fresh: boolean): RedisLease {
    const key = cacheKey(indicator);
    const [leaseName, reportName] = [this.#keyName('lease', key), this.#keyName('report', key)];
    return new RedisLease(key, this.#usage.nextId(), fresh, leaseName, reportName);
  }

  get(indicator: Indicator): Promise<SharedLookupResult> | undefined {
    return this.#health.isUp ? this.#get(indicator, this.#keyName('report', cacheKey(indicator))) : undefined;
  }

  set(lease: RedisLease | undefined, indicator: Indicator, found: CachedReport, ttlMs: number): void {
    if (lease) this.#leases.delete(lease);
    if (this.#health.isUp) this.#health.inBackground(this.#set(lease, indicator, found, ttlMs));
  }

  release(lease: RedisLease | undefined): void {
    if (lease && this.#leases.delete(lease) && this.#health.isUp)
      inBackground(
        this.#health.run('vtReleaseLease', { token: lease.token, ...this.#announcement(lease.key) }, [
          lease.leaseName,
        ]),
      );
  }

  async waitForPeer(lease: RedisLease, indicator: Indicator): Promise<SharedLookupResult> {
    while (this.#health.isUp) {
      // From before the question: the report may be stored while the answer is under way.
      const { ended, end } = this.#waitForAnnouncement(lease.key);
      const reply = await this.#health.run('vtReadReport', {}, [lease.reportName, lease.leaseName]);
      if (reply?.status !== 'leased') {
        end();
        return this.#read(indicator, lease.reportName, reply);
      }
      await ended;
    }
    return undefined;
  }

  onReport(listener: (key: string) => void): () => void {
    this.#announced.on('report', listener);
    return () => this.#announced.off('report', listener);
  }

  /** A message came in the channel, of another API's reports perhaps. */
  onMessage(message: string): void {
    const prefix = `${this.#origin} `;
    if (!message.startsWith(prefix)) return;
    const key = message.slice(prefix.length);
    this.#announced.emit(`report ${key}`);
    this.#announced.emit('report', key);
  }

  clear(): void {
    inBackground(this.#health.deleteAll(this.#keyName('report', '')));
  }

  close(): void {
    for (const name of this.#announced.eventNames()) if (name !== 'report') this.#announced.emit(name);
  }

  /** Ends when the report is announced, and after the time of a poll. */
  #waitForAnnouncement(key: string): { ended: Promise<void>; end: () => void } {
    const name = `report ${key}`;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = () => {
        clearTimeout(timer);
        this.#announced.off(name, end);
        resolve();
      };
    });
    const timer = setTimeout(end, POLL_MS).unref();
    this.#announced.on(name, end);
    return { ended, end };
  }

  async #get(indicator: Indicator, name: string): Promise<SharedLookupResult> {
    return this.#read(indicator, name, await this.#health.run('vtReadReport', {}, [name]));
  }

  async #set(
    lease: RedisLease | undefined,
    indicator: Indicator,
    found: CachedReport,
    ttlMs: number,
  ): Promise<void> {
    const key = cacheKey(indicator);
    const [leaseName, reportName] = [this.#keyName('lease', key), this.#keyName('report', key)];
    const otherNames = hashKeys(indicator, found.report).map((other) => this.#keyName('report', other));
    const times = { keptForMs: ttlMs, storedAt: this.#now() };
    await this.#health.run(
      'vtWriteReport',
      {
        token: lease?.token,
        ttlMs: Math.ceil(ttlMs),
        alias: encodeAlias(reportName),
        ...this.#announcement(key),
      },
      [leaseName, reportName, ...otherNames],
      await encodeBody(this.#seal, reportName, found.body, times),
    );
  }

  /** What is stored may have been written by anyone. An alias may point to a report that Redis has evicted since: that is `unreadable` too. */
  async #read(
    indicator: Indicator,
    name: string,
    reply: StoredReply | undefined,
  ): Promise<SharedLookupResult> {
    if (reply?.status !== 'found') return undefined;
    const aliasOf = aliasTarget(reply.stored);
    if (aliasOf !== undefined && !aliasOf.startsWith(this.#keyName('report', ''))) return 'unreadable';
    const target = aliasOf === undefined ? reply : await this.#health.run('vtReadReport', {}, [aliasOf]);
    if (target?.status !== 'found') return this.#health.isUp ? 'unreadable' : undefined;
    const { stored, ttlMs } = target;
    try {
      const { keptForMs, storedAt, ...found } = await readStored(
        this.#seal,
        aliasOf ?? name,
        this.#apiVersion,
        indicator,
        stored,
      );
      if (aliasOf !== undefined && !hasHash(indicator, found.report)) return 'unreadable';
      const ageMs = ageOf({ keptForMs, storedAt }, ttlMs, this.#now());
      return ageMs < keptForMs
        ? { ...found, ttlMs: Math.min(ttlMs, keptForMs - ageMs), ageMs }
        : 'unreadable';
    } catch {
      return 'unreadable';
    }
  }

  /** The time in Redis, in ms. */
  #now(): number {
    return performance.now() + this.#usage.partition.clockOffset;
  }

  /** Indicators can be long: a URL takes thousands of characters. */
  #keyName(kind: 'lease' | 'report', key: string): string {
    return `${this.#names.prefix}${kind}:${this.#origin}:${key === '' ? '' : shortHash(key)}`;
  }

  #announcement(key: string): { channel: string; message: string } {
    return { channel: this.#names.reportsChannel, message: `${this.#origin} ${key}` };
  }
}

/** Whether a file has that hash. */
function hasHash({ type, value }: Indicator, { md5, sha1, sha256 }: Report): boolean {
  return type === 'file' && [md5, sha1, sha256].some((hash) => hash?.toLowerCase() === value);
}

/** 128 bits of the SHA-256, in hex. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
