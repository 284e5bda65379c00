import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import type { Indicator } from '../../ioc/ioc';
import { decompressed, isGzip, MAX_BODY_BYTES } from '../../api/body';
import { readBudget } from '../../api/read-budget';
import { parseBody } from '../../report/parse-body';
import { reportFrom } from '../../report/read';
import type { CachedReport } from '../report-cache';

/**
 * What is stored begins with `b`, the ms that it is to be kept (8 bytes), then gzip; or with `@`, then the name under which the report
 * is.
 */
const BODY = 'b'.charCodeAt(0);
const POINTER = '@'.charCodeAt(0);
const HEAD = 9;
/** To pack less than this, in bytes, is quicker than to hand it to another thread. */
const SMALL = 16 * 1024;
/** A third of the time of gzip's default for a few percent more bytes. */
const LEVEL = 3;

const gzipApart = promisify(gzip);

/** VirusTotal's own JSON. The report is made of it anew each time, so that another version of the package may read it. */
export async function storedBody(body: Buffer, ttlMs: number): Promise<Buffer> {
  const head = Buffer.alloc(HEAD);
  head[0] = BODY;
  head.writeDoubleBE(ttlMs, 1);
  const options = { level: LEVEL };
  const packed = body.length < SMALL ? gzipSync(body, options) : await gzipApart(body, options);
  return Buffer.concat([head, packed]);
}

/** A file has three hashes and one report. */
export function storedPointer(name: string): Buffer {
  return Buffer.concat([Buffer.of(POINTER), Buffer.from(name)]);
}

/** Where the report is, when it isn't here. */
export function pointedTo(stored: Buffer): string | undefined {
  return stored[0] === POINTER ? stored.subarray(1).toString() : undefined;
}

/** @throws Error for what is no stored report: somebody else may have written it */
export async function readStored(
  apiVersion: 'v2' | 'v3',
  indicator: Indicator,
  stored: Buffer,
): Promise<CachedReport & { keptForMs: number }> {
  if (stored[0] !== BODY || stored.length < HEAD) throw new Error('no stored report');
  const packed = stored.subarray(HEAD);
  if (!isGzip(packed)) throw new Error('no stored report');
  const { plain: body, done } = await decompressed(packed, MAX_BODY_BYTES, readBudget);
  try {
    const report = reportFrom(apiVersion, indicator, parseBody(body.toString()));
    return { report, body, keptForMs: stored.readDoubleBE(1) };
  } finally {
    done();
  }
}
