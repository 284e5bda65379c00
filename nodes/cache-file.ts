import { createHash, randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Node } from 'node-red';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { oneLine } from '../src/errors';
import { inBackground } from '../src/in-background';
import { MAX_SNAPSHOT_BYTES, pack, packSync, unpack, type SnapshotOwner } from '../src/lookup/cache-snapshot';
import type { CacheObserver, ReportCache } from '../src/lookup/report-cache';

/** It is written when no report came for so long. */
const IDLE_MS = 2_000;
/** While reports keep coming it is written at least this often. */
const BUSY_MS = 60_000;
/** On average it writes no more than this: user folders lie on memory cards too, which wear out. */
const BYTES_PER_MS = 25;

const PREFIX = '.virustotal-cache-';

type Log = Pick<Node, 'warn' | 'log'>;

/** Which file it is. */
export interface CachePlace {
  /** What `cacheFilesOf` gives. */
  prefix: string;
  owner: SnapshotOwner;
}

/** Those that are in use, to be written when the process ends. */
const inUse = new Set<CacheFile>();
let isHooked = false;

/** Where the reports of a config node are kept, whatever their key: the beginning of a path. */
export function cacheFilesOf(folder: string, configId: string): string {
  // An id of a flow file can be any text.
  const id = createHash('sha256').update(configId).digest('hex').slice(0, 16);
  return join(folder, `${PREFIX}${id}-`);
}

/**
 * The cache of a config node as a file, which the next process reads. A file of its own and no value of the context: a store may hold all
 * its values in memory too, write all of a node's for each count of a lookup, and allow for no more than a few hundred kB.
 *
 * Reading, packing and writing are done outside the event loop, one after the other. When the process ends, what isn't written yet is
 * written before it has ended, so that no deploy waits for it: a node can't tell a deploy from the end.
 */
export class CacheFile implements CacheObserver {
  readonly #path: string;
  readonly #prefix: string;
  readonly #cache: ReportCache;
  readonly #owner: SnapshotOwner;
  #log: Log;
  /** Monotonic times. */
  #firstChangeAt: number | undefined;
  #lastChangeAt = 0;
  #restUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  /** Reports that are being written. */
  #isWriting = false;
  /** What was begun before it counts no longer. */
  #generation = 0;
  #hasFailed = false;

  constructor(cache: ReportCache, { prefix, owner }: CachePlace, log: Log) {
    this.#prefix = prefix;
    this.#path = `${prefix}${keyFingerprint(owner.apiKey).slice(0, 16)}-${owner.apiVersion}`;
    this.#owner = owner;
    this.#cache = cache;
    this.#log = log;
  }

  /** Reads what the process before has left, and stores what comes. Lookups wait until it is read. */
  open(): this {
    this.#cache.observer = this;
    inUse.add(this);
    if (!isHooked) process.on('exit', () => inUse.forEach((file) => file.#writeAtExit()));
    isHooked = true;
    this.#cache.loading = this.#next((isOutdated) => this.#read(isOutdated)).then(() => {
      this.#cache.loading = undefined;
      return this.#next(() => removeCacheFiles(this.#prefix, basename(this.#path)));
    });
    if (this.#cache.entries > 0) this.added();
    return this;
  }

  /** The config node is another one since a deploy. */
  set log(log: Log) {
    this.#log = log;
  }

  added(): void {
    const now = performance.now();
    this.#firstChangeAt ??= now;
    this.#lastChangeAt = now;
    this.#schedule();
  }

  cleared(): void {
    this.#forget();
    inBackground(this.#next(() => rm(this.#path, { force: true })));
  }

  /** Stores no more; the file stays until another one takes its place. */
  close(): void {
    this.#forget();
    if (this.#cache.observer === this) this.#cache.observer = undefined;
    inUse.delete(this);
  }

  /** As `close`, and removes what is stored. */
  remove(): void {
    this.close();
    inBackground(this.#next(() => removeCacheFiles(this.#prefix)));
  }

  #forget(): void {
    this.#generation++;
    this.#firstChangeAt = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** One after the other; what fails is told. @param action gets whether its result is still wanted */
  #next(action: (isOutdated: () => boolean) => Promise<unknown>): Promise<void> {
    const generation = this.#generation;
    this.#work = this.#work.then(async () => {
      try {
        await action(() => generation !== this.#generation);
      } catch (error) {
        if (generation === this.#generation) this.#tell(error);
      }
    });
    return this.#work;
  }

  async #read(isOutdated: () => boolean): Promise<void> {
    const bytes = await readSnapshot(this.#path);
    if (!bytes) return;
    const kept = bytes === 'too-large' ? 'damaged' : await unpack(bytes, this.#owner);
    if (isOutdated() || kept === 'other') return;
    if (kept === 'damaged')
      return this.#log.warn(
        `The cache from before the restart is not used, as its file is damaged or of another key: ${this.#path}`,
      );
    this.#cache.load(kept);
  }

  #schedule(): void {
    if (this.#firstChangeAt === undefined || this.#timer || this.#isWriting) return;
    const settled = Math.min(this.#lastChangeAt + IDLE_MS, this.#firstChangeAt + BUSY_MS);
    const waitMs = Math.max(settled, this.#restUntil) - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#isDue) inBackground(this.#write());
        else this.#schedule();
      },
      Math.max(1, waitMs),
    ).unref();
  }

  /** Reports may have come since the timer was set. */
  get #isDue(): boolean {
    const now = performance.now();
    const first = this.#firstChangeAt ?? Infinity;
    return now >= this.#lastChangeAt + IDLE_MS || now >= first + BUSY_MS;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    await this.#next(async (isOutdated) => {
      const changedAt = this.#firstChangeAt;
      this.#firstChangeAt = undefined;
      try {
        await this.#writeFile(isOutdated);
      } catch (error) {
        this.#firstChangeAt ??= isOutdated() ? undefined : changedAt;
        this.#restUntil = performance.now() + BUSY_MS;
        throw error;
      }
    });
    this.#isWriting = false;
    this.#schedule();
  }

  async #writeFile(isOutdated: () => boolean): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const temporary = temporaryFor(this.#path);
    try {
      const bytes = await writeDurably(temporary, pack(this.#cache.dump(), this.#owner));
      this.#restUntil = performance.now() + bytes / BYTES_PER_MS;
      if (!isOutdated()) await rename(temporary, this.#path);
      this.#hasFailed = false;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  #writeAtExit(): void {
    if (this.#firstChangeAt === undefined && !this.#isWriting) return;
    const temporary = temporaryFor(this.#path);
    try {
      writeFileSync(temporary, packSync(this.#cache.dump(), this.#owner), { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch (error) {
      this.#tell(error);
      removeAtExit(temporary);
    }
  }

  /** Once, until it has worked again. */
  #tell(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const why = oneLine(String(error));
    this.#log.warn(
      `The cache could not be kept for after a restart: ${why}. It is in memory, and in use, all the same`,
    );
  }
}

/** Removes what was stored for a config node. What can't be removed stays. @param but the name of the file that stays */
export async function removeCacheFiles(prefix: string, but?: string): Promise<void> {
  const folder = dirname(prefix);
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names)
    if (name.startsWith(basename(prefix)) && name !== but)
      await rm(join(folder, name), { force: true }).catch(() => undefined);
}

/** In containers that share the folder, all processes have the same id. */
function temporaryFor(path: string): string {
  return `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
}

function removeAtExit(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The next process removes it.
  }
}

async function readSnapshot(path: string): Promise<Buffer | 'too-large' | undefined> {
  try {
    if ((await stat(path)).size > MAX_SNAPSHOT_BYTES) return 'too-large';
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @returns how many bytes there were */
async function writeDurably(path: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  const file = await open(path, 'w', 0o600);
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}
