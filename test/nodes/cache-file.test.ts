import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { CacheFile, cacheFilesOf } from '../../nodes/cache-file';
import type { Indicator } from '../../src/ioc/ioc';
import { LazyReport } from '../../src/lookup/lazy-report';
import { ReportCache } from '../../src/lookup/report-cache';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { pass, startVirtualClock, type VirtualClock } from '../support/virtual-clock';

describe('The cache file', () => {
  let clock: VirtualClock;
  let folder: string;
  let apiKey: string;
  let logged: string[];
  let files: CacheFile[];
  let isOver: boolean;
  beforeEach(() => {
    clock = startVirtualClock();
    folder = mkdtempSync(join(tmpdir(), 'virustotal-'));
    apiKey = freshKey();
    logged = [];
    files = [];
    isOver = false;
  });
  afterEach(() => {
    isOver = true;
    for (const file of files) file.close();
    clock.uninstall();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A cache that is kept in the folder, as a config node has it: read, if there was one. */
  async function keep(
    cache = new ReportCache({ size: 500, ttl: 3600, ttlUnknown: 300 }),
    { id = 'vt', apiVersion = 'v3' }: { id?: string; apiVersion?: 'v2' | 'v3' } = {},
  ): Promise<{ cache: ReportCache; file: CacheFile }> {
    const log = { warn: (text: string) => logged.push(text), log: () => undefined } as never;
    const place = { prefix: cacheFilesOf(folder, id), owner: { apiKey, apiVersion, settings: 'same' } };
    const file = new CacheFile(cache, place, log).open();
    files.push(file);
    await cache.loading;
    return { cache, file };
  }
  const a: Indicator = { type: 'domain', value: 'a.example' };
  function add(cache: ReportCache, indicator = a): void {
    const json = { data: { attributes: { last_analysis_stats: { malicious: 1 } } } };
    cache.set(indicator, new LazyReport('v3', indicator, Buffer.from(JSON.stringify(json))));
  }
  const names = (): string[] =>
    readdirSync(folder).filter((name) => /^\.virustotal-cache-.*-v[23]$/.test(name));
  const onlyFile = (): string => join(folder, names()[0] as string);
  /** Lets time pass, and stops a loop of a test that has timed out. */
  async function turn(ms: number): Promise<void> {
    if (isOver) throw new Error('The test is over');
    await pass(clock, ms);
  }
  /** Files are read and written in real time, whatever the clock says; a timer may be set only when a file is written. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await turn(1);
  }
  /** Lets the idle time pass, and what is written then be there. */
  async function idle(): Promise<void> {
    const before = content();
    await pass(clock, 2_100);
    await until(() => names().length === 1 && content() !== before);
  }
  const content = (): string =>
    names().length === 1 ? readFileSync(onlyFile()).toString('base64') : String(names());

  it('is written 2 s after the last new report and read by the next process', async () => {
    const { cache, file } = await keep();
    add(cache);
    await pass(clock, 1_500);
    add(cache, { type: 'ip', value: '198.51.100.1' });
    await pass(clock, 1_500);
    expect(names()).to.deep.equal([]);
    await idle();
    file.close();
    const next = await keep();
    expect(next.cache.get(a)?.report.positives).to.equal(1);
    expect(next.cache.entries).to.equal(2);
    expect(logged).to.deep.equal([]);
  });

  it('is written once a minute while new reports keep coming', async () => {
    const { cache } = await keep();
    for (let seconds = 0; seconds < 61; seconds++) {
      add(cache, { type: 'domain', value: `d${seconds}.example` });
      await pass(clock, 1_000);
    }
    await until(() => names().length === 1);
  });

  it('is not written again without a new report', async () => {
    const { cache } = await keep();
    add(cache);
    await idle();
    cache.get(a);
    const before = content();
    await pass(clock, 600_000);
    expect(content()).to.equal(before);
  });

  it('is readable by its owner only and does not contain the API key', async () => {
    const { cache } = await keep();
    add(cache);
    await idle();
    expect(statSync(onlyFile()).mode & 0o777).to.equal(0o600);
    const text = gunzipSync(readFileSync(onlyFile()).subarray(0, -32)).toString() + onlyFile();
    expect(text).to.contain('a.example');
    for (let at = 0; at + 8 <= apiKey.length; at++) expect(text).not.to.contain(apiKey.slice(at, at + 8));
  });

  it('is in its folder, whatever the id of the config node is', async () => {
    const { cache } = await keep(undefined, { id: '../../../tmp/x' });
    add(cache);
    await idle();
    expect(names()).to.have.length(1);
  });

  for (const [what, damage] of [
    ['truncated', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('{"key":"value"}')],
  ] as const)
    it(`is ignored with one log line when it is ${what}, and is written again`, async () => {
      const { cache, file } = await keep();
      add(cache);
      await idle();
      file.close();
      writeFileSync(onlyFile(), damage(readFileSync(onlyFile())));
      const next = await keep();
      expect(next.cache.entries).to.equal(0);
      expect(logged).to.have.length(1);
      expect(logged[0]).to.contain('damaged');
      add(next.cache);
      await idle();
      next.file.close();
      expect((await keep()).cache.entries).to.equal(1);
      expect(logged).to.have.length(1);
    });

  it('is removed without a log line when the key or API version has changed', async () => {
    const { cache, file } = await keep();
    add(cache);
    await idle();
    file.close();
    const right = apiKey;
    apiKey = freshKey();
    expect((await keep()).cache.entries).to.equal(0);
    await until(() => names().length === 0);
    apiKey = right;
    const again = await keep();
    add(again.cache);
    await idle();
    again.file.close();
    expect((await keep(undefined, { apiVersion: 'v2' })).cache.entries).to.equal(0);
    await until(() => names().length === 0);
    expect(logged).to.deep.equal([]);
  });

  it('is separate for each config node with the same key', async () => {
    const { cache } = await keep();
    add(cache);
    await idle();
    const other = await keep(undefined, { id: 'other' });
    expect(other.cache.entries).to.equal(0);
    add(other.cache);
    await pass(clock, 2_100);
    await until(() => names().length === 2);
  });

  it('is removed when the cache is cleared and written with the next report', async () => {
    const { cache } = await keep();
    add(cache);
    await idle();
    cache.clear();
    await until(() => names().length === 0);
    add(cache);
    await idle();
  });

  it('is removed with its config node', async () => {
    const { cache, file } = await keep();
    add(cache);
    await idle();
    add(cache);
    file.remove();
    await until(() => names().length === 0);
    await pass(clock, 600_000);
    expect(names()).to.deep.equal([]);
  });

  it('contains the reports that were cached before it was opened', async () => {
    const cache = new ReportCache({ size: 500, ttl: 3600, ttlUnknown: 300 });
    add(cache);
    await keep(cache);
    await idle();
  });

  it('logs one line when it cannot be written and is written later', async () => {
    const { cache } = await keep();
    // A folder can't be replaced by a file.
    add(cache);
    await idle();
    const path = onlyFile();
    rmSync(path);
    mkdirSync(join(path, 'in the way'), { recursive: true });
    for (let i = 0; i < 3; i++) {
      add(cache, { type: 'domain', value: `d${i}.example` });
      await pass(clock, 200_000);
      while (logged.length === 0) await turn(60_000);
    }
    expect(logged).to.have.length(1);
    expect(logged[0]).to.match(/^The cache could not be kept/);
    rmSync(path, { recursive: true });
    while (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) await turn(60_000);
    expect(names()).to.have.length(1);
  });
});
