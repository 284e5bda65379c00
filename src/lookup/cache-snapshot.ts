import { createHmac, hkdfSync, timingSafeEqual, type Hmac } from 'node:crypto';
import { uptime } from 'node:os';
import { pipeline, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, createGzip, gunzip, gzipSync } from 'node:zlib';
import type { IocType } from '../ioc/ioc';
import { LazyReport } from './lazy-report';
import type { KeptReport, KeptReports } from './report-cache';

/** Another number stands for another format: an older or newer version of this package has written it. */
const FORMAT = 1;
/** HMAC-SHA-256, behind the gzip. */
const SEAL_BYTES = 32;
/**
 * Of a snapshot without gzip. The cache counts three bytes of its 64 MiB for each byte of a report's JSON, so what it holds is a third of
 * that at most.
 */
export const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;
/** Number of bytes after which checking a seal and reading reports yields to other work. */
const BYTES_PER_TURN = 1024 * 1024;
/** The quickest: it takes a third of the processor time of the usual level, for a file that is a quarter larger. */
const GZIP = { level: constants.Z_BEST_SPEED };

/** Whose snapshot it is. */
export interface SnapshotOwner {
  readonly apiKey: string;
  readonly apiVersion: 'v2' | 'v3';
  /** Fingerprint of what else must be the same for the reports to be of use. */
  readonly settings: string;
}

/** The first line of a snapshot. Each report follows as a line that describes it, and its bytes. */
interface Head {
  format: number;
  apiVersion: string;
  settings: string;
  /** When it was written: ms by the wall clock, and since the machine was started. */
  at: number;
  upMs: number;
  aliases: KeptReports['aliases'];
}

type ReportLine = [type: IocType, value: string, remainingMs: number, bytes: number];

/** The reports of a snapshot after unpacking. Each is parsed when it is first used. */
export type UnpackedReports = KeptReports & {
  readonly reports: readonly (KeptReport & { readonly report: LazyReport })[];
};

/** A cache as bytes: gzip, and a seal that only who has the API key can make. Packed outside the event loop, bit by bit. */
export async function* pack(kept: KeptReports, owner: SnapshotOwner): AsyncGenerator<Buffer> {
  const seal = sealFor(owner);
  const gzip = createGzip(GZIP);
  // What fails, fails the reading of gzip below.
  pipeline(Readable.from(plain(kept, owner)), gzip, () => undefined);
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    seal.update(chunk);
    yield chunk;
  }
  yield seal.digest();
}

/** As `pack`, for a process that is about to end. */
export function packSync(kept: KeptReports, owner: SnapshotOwner): Buffer {
  const packed = gzipSync(Buffer.concat([...plain(kept, owner)]), GZIP);
  return Buffer.concat([packed, sealFor(owner).update(packed).digest()]);
}

/**
 * The reports of a snapshot that still have time left.
 * @returns `damaged` also for one that was made with another key, `other` for one of another format, API version or other settings
 */
export async function unpack(
  bytes: Buffer,
  owner: SnapshotOwner,
): Promise<UnpackedReports | 'damaged' | 'other'> {
  try {
    const packed = bytes.subarray(0, -SEAL_BYTES);
    if (!(await hasSeal(packed, bytes.subarray(-SEAL_BYTES), owner))) return 'damaged';
    const text = await promisify(gunzip)(packed, { maxOutputLength: MAX_SNAPSHOT_BYTES });
    const end = text.indexOf('\n');
    const head = JSON.parse(text.toString('utf8', 0, end)) as Head;
    if (head.format !== FORMAT || head.apiVersion !== owner.apiVersion || head.settings !== owner.settings)
      return 'other';
    const reports = await readReports(text.subarray(end + 1), owner.apiVersion, elapsedMs(head));
    return { reports, aliases: head.aliases };
  } catch {
    return 'damaged';
  }
}

function* plain({ reports, aliases }: KeptReports, owner: SnapshotOwner): Generator<Buffer> {
  const { apiVersion, settings } = owner;
  const written = { at: Date.now(), upMs: uptime() * 1000 };
  const head: Head = { format: FORMAT, apiVersion, settings, ...written, aliases };
  yield line(head);
  for (const { indicator, report, remainingMs } of reports) {
    yield line([indicator.type, indicator.value, remainingMs, report.body.length] satisfies ReportLine);
    yield report.body;
  }
}

function line(value: Head | ReportLine): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

async function readReports(
  text: Buffer,
  apiVersion: 'v2' | 'v3',
  elapsed: number,
): Promise<UnpackedReports['reports']> {
  const reports: (KeptReport & { report: LazyReport })[] = [];
  let sinceTurn = 0;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const [type, value, lifeMs, bytes] = JSON.parse(text.toString('utf8', at, end)) as ReportLine;
    const remainingMs = lifeMs - elapsed;
    // A copy: a part would keep the whole snapshot in memory.
    const body = Buffer.from(text.subarray(end + 1, (at = end + 1 + bytes)));
    const indicator = { type, value };
    const report = new LazyReport(apiVersion, indicator, body);
    if (remainingMs > 0) reports.push({ indicator, report, remainingMs });
    if ((sinceTurn += bytes) > BYTES_PER_TURN) sinceTurn = await turn(0);
  }
  return reports;
}

/** How long ago it was written. If the wall clock was set back meanwhile, at least as long as the machine says. */
function elapsedMs({ at, upMs }: Head): number {
  const nowUpMs = uptime() * 1000;
  const byMachine = nowUpMs >= upMs ? nowUpMs - upMs : nowUpMs;
  return Math.max(Date.now() - at, byMachine);
}

/** The key of the HMAC is derived from the API key (HKDF, RFC 5869), so that it cannot be derived from the file. */
function sealFor({ apiKey }: SnapshotOwner): Hmac {
  const key = hkdfSync('sha256', apiKey, 'node-red-virustotal', 'reports in a file', SEAL_BYTES);
  return createHmac('sha256', Buffer.from(key));
}

async function hasSeal(packed: Buffer, seal: Buffer, owner: SnapshotOwner): Promise<boolean> {
  const right = sealFor(owner);
  for (let at = 0; at < packed.length; at += BYTES_PER_TURN) {
    right.update(packed.subarray(at, at + BYTES_PER_TURN));
    await turn();
  }
  return seal.length === SEAL_BYTES && timingSafeEqual(seal, right.digest());
}
