import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { decompress, isGzip, MAX_BODY_BYTES } from '../../../api/body';
import { readBudget } from '../../../api/read-budget';
import type { Indicator } from '../../../ioc/ioc';
import { parseBody } from '../../../report/parse-body';
import { parseReport } from '../../../report/parse-report';
import type { CachedReport } from '../../limiter-backend';
import { SEAL_BYTES, type ReportSeal } from './report-seal';

/**
 * What is stored begins with `c`, the ms that it is to be kept and Redis's time when it was stored (8 bytes each), and the seal of these
 * and what follows, gzip; or with `@`, then the name under which the report is.
 */
const BODY = 'c'.charCodeAt(0);
const ALIAS = '@'.charCodeAt(0);
const TIMES_BYTES = 17;
const HEADER_BYTES = TIMES_BYTES + SEAL_BYTES;
/** To pack less than this, in bytes, is quicker than to hand it to another thread. */
const SYNC_MAX_BYTES = 16 * 1024;
/** A third of the time of gzip's default for a few percent more bytes. */
const GZIP_LEVEL = 3;
/** What an instance knows of Redis's time may be wrong by less than this, in ms. */
const CLOCK_TOLERANCE_MS = 60_000;

const gzipAsync = promisify(gzip);

/** When a report was stored, on Redis's clock, and for how long, both in ms. */
export interface StoredTimes {
  keptForMs: number;
  storedAt: number;
}

/** VirusTotal's own JSON. The report is made from it again each time, so that another version of the package may read it. */
export async function encodeBody(
  seal: ReportSeal,
  name: string,
  body: Buffer,
  { keptForMs, storedAt }: StoredTimes,
): Promise<Buffer> {
  const times = Buffer.alloc(TIMES_BYTES);
  times[0] = BODY;
  times.writeDoubleBE(keptForMs, 1);
  times.writeDoubleBE(storedAt, 9);
  const options = { level: GZIP_LEVEL };
  const packed = body.length < SYNC_MAX_BYTES ? gzipSync(body, options) : await gzipAsync(body, options);
  return Buffer.concat([times, seal.of(name, times, packed), packed]);
}

/** A file has three hashes and one report. */
export function encodeAlias(name: string): string {
  return `${String.fromCharCode(ALIAS)}${name}`;
}

/** Where the report is, when it isn't here. Anybody may have written that: the report there must be one of the same file. */
export function aliasTarget(stored: Buffer): string | undefined {
  return stored[0] === ALIAS ? stored.subarray(1).toString() : undefined;
}

/**
 * @param name under which it was found
 * @throws Error for what no instance with this API key has stored under this name, and for what is nested too deep or too large
 */
export async function readStored(
  seal: ReportSeal,
  name: string,
  apiVersion: 'v2' | 'v3',
  indicator: Indicator,
  stored: Buffer,
): Promise<CachedReport & StoredTimes> {
  if (stored[0] !== BODY || stored.length < HEADER_BYTES) throw new Error('no stored report');
  const [times, packed] = [stored.subarray(0, TIMES_BYTES), stored.subarray(HEADER_BYTES)];
  if (!seal.fits(stored.subarray(TIMES_BYTES, HEADER_BYTES), name, times, packed))
    throw new Error('no report of ours');
  if (!isGzip(packed)) throw new Error('no stored report');
  const { plain: body, done } = await decompress(packed, MAX_BODY_BYTES, readBudget);
  try {
    const report = parseReport(apiVersion, indicator, parseBody(body.toString()));
    return { report, body, keptForMs: times.readDoubleBE(1), storedAt: times.readDoubleBE(9) };
  } finally {
    done();
  }
}

/**
 * How old a stored report is, in ms, by what is left of its time. Somebody who stores an old one again gives it a new time to live; so
 * the time that is sealed with it counts where it says more.
 */
export function ageOf({ keptForMs, storedAt }: StoredTimes, ttlMs: number, now: number): number {
  const byClock = now - storedAt;
  return Math.max(0, keptForMs - ttlMs, byClock > CLOCK_TOLERANCE_MS ? byClock : 0);
}
