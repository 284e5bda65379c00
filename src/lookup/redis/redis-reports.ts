import { createHash } from 'node:crypto';
import type { Indicator } from '../../ioc/ioc';
import type { Report } from '../../report/report';
import type { Claim, Kept, ReportOrigin, SharedReports } from '../key-state';
import { cacheKey, hashKeys, type CachedReport } from '../report-cache';
import { RedisClaim, type Claims } from './claims';
import type { KeyNames } from './key-names';
import type { RedisHealth } from './health';
import type { StoredReply } from './reply';
import type { ReportSeal } from './report-seal';
import { ageOf, pointedTo, readStored, storedBody, storedPointer } from './stored-report';
import { Words } from './words';
import { inBackground } from '../in-background';

/** A report that is waited for is looked for this often, in ms, although word of it comes at once: a word can be lost. */
const LOOK_MS = 1_000;

/** Reports of one API in Redis: compressed JSON with a time to live, and the claims of those who ask for them. */
export class RedisReports implements SharedReports {
  readonly #health: RedisHealth;
  readonly #names: KeyNames;
  readonly #claims: Claims;
  readonly #seal: ReportSeal;
  readonly #now: () => number;
  readonly #apiVersion: 'v2' | 'v3';
  /** Reports of another API are not the same. */
  readonly #origin: string;
  readonly #words = new Words();

  /** @param now Redis's time, in ms */
  constructor(
    health: RedisHealth,
    names: KeyNames,
    claims: Claims,
    seal: ReportSeal,
    now: () => number,
    { apiVersion, apiUrl }: ReportOrigin,
  ) {
    this.#health = health;
    this.#seal = seal;
    this.#now = now;
    this.#names = names;
    this.#claims = claims;
    this.#apiVersion = apiVersion;
    this.#origin = shortHash(`${apiVersion} ${apiUrl}`).slice(0, 8);
  }

  claim(indicator: Indicator, fresh: boolean): Claim {
    const key = cacheKey(indicator);
    return this.#claims.make(key, fresh, this.#name('claim', key), this.#name('report', key));
  }

  get(indicator: Indicator): Promise<Kept> | undefined {
    return this.#health.up ? this.#get(indicator, this.#name('report', cacheKey(indicator))) : undefined;
  }

  set(claim: Claim | undefined, indicator: Indicator, found: CachedReport, ttlMs: number): void {
    if (claim instanceof RedisClaim) this.#claims.letGo(claim);
    if (this.#health.up) this.#health.inBackground(this.#set(claim, indicator, found, ttlMs));
  }

  release(claim: Claim | undefined): void {
    if (!(claim instanceof RedisClaim)) return;
    if (this.#claims.letGo(claim) && this.#health.up)
      inBackground(
        this.#health.ask('vtRelease', [claim.claimName], [claim.token, ...this.#announcing(claim.key)]),
      );
  }

  async follow(claim: Claim, indicator: Indicator): Promise<Kept> {
    if (!(claim instanceof RedisClaim)) return undefined;
    while (this.#health.up) {
      const word = this.#words.expect(claim.key, LOOK_MS);
      const looked = await this.#health.ask('vtPeek', [claim.claimName, claim.reportName], []);
      if (looked?.what === 'busy') {
        await word.heard;
        continue;
      }
      word.forget();
      return this.#read(indicator, claim.reportName, looked);
    }
    return undefined;
  }

  onReport(listener: (key: string) => void): () => void {
    return this.#words.listen(listener);
  }

  /** Something was said in the channel, by another API's reports perhaps. */
  hear(word: string): void {
    const announcing = `${this.#origin} `;
    if (word.startsWith(announcing)) this.#words.hear(word.slice(announcing.length));
  }

  clear(): void {
    inBackground(this.#health.deleteAll(this.#name('report', '')));
  }

  close(): void {
    this.#words.close();
  }

  async #get(indicator: Indicator, name: string): Promise<Kept> {
    return this.#read(indicator, name, await this.#health.ask('vtGet', [name], []));
  }

  async #set(
    claim: Claim | undefined,
    indicator: Indicator,
    found: CachedReport,
    ttlMs: number,
  ): Promise<void> {
    const key = cacheKey(indicator);
    const [claimName, reportName] = [this.#name('claim', key), this.#name('report', key)];
    const otherNames = hashKeys(indicator, found.report).map((other) => this.#name('report', other));
    await this.#health.ask(
      'vtShare',
      [claimName, reportName, ...otherNames],
      [
        claim?.token ?? '',
        await storedBody(this.#seal, reportName, found.body, { keptForMs: ttlMs, storedAt: this.#now() }),
        Math.ceil(ttlMs),
        storedPointer(reportName),
        ...this.#announcing(key),
      ],
    );
  }

  /** Somebody else may have written it; or it says where the report is, and Redis had no room for that any longer. */
  async #read(indicator: Indicator, name: string, looked: StoredReply | undefined): Promise<Kept> {
    if (looked?.what !== 'have') return undefined;
    const elsewhere = pointedTo(looked.stored);
    if (elsewhere !== undefined && !elsewhere.startsWith(this.#name('report', ''))) return 'unreadable';
    const there = elsewhere === undefined ? looked : await this.#health.ask('vtGet', [elsewhere], []);
    if (there?.what !== 'have') return this.#health.up ? 'unreadable' : undefined;
    const { stored, ttlMs } = there;
    try {
      const { keptForMs, storedAt, ...found } = await readStored(
        this.#seal,
        elsewhere ?? name,
        this.#apiVersion,
        indicator,
        stored,
      );
      if (elsewhere !== undefined && !isOf(indicator, found.report)) return 'unreadable';
      const ageMs = ageOf({ keptForMs, storedAt }, ttlMs, this.#now());
      return ageMs < keptForMs
        ? { ...found, ttlMs: Math.min(ttlMs, keptForMs - ageMs), ageMs }
        : 'unreadable';
    } catch {
      return 'unreadable';
    }
  }

  /** Indicators can be long: a URL takes thousands of characters. */
  #name(kind: 'claim' | 'report', key: string): string {
    return `${this.#names.prefix}${kind}:${this.#origin}:${key === '' ? '' : shortHash(key)}`;
  }

  #announcing(key: string): [channel: string, word: string] {
    return [this.#names.news, `${this.#origin} ${key}`];
  }
}

/** Whether a file has that hash. */
function isOf({ type, value }: Indicator, { md5, sha1, sha256 }: Report): boolean {
  return type === 'file' && [md5, sha1, sha256].some((hash) => hash?.toLowerCase() === value);
}

/** 128 bits of the SHA-256, in hex. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
