import { isAscii, isUtf8 as isValidUtf8, transcode } from 'node:buffer';
import { gunzip, gunzipSync } from 'node:zlib';
import type { ReadBudget } from './read-budget';

/** A report, as it comes and without gzip, in bytes: the largest seen had 1.1 MB. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** A body that is larger than the limit once it is decompressed. */
export class BodyTooLarge extends Error {}

/**
 * Up to this many bytes (a v2 report) decompressing takes less time than handing it to another thread. What is larger, a v3
 * report of 45 kB too, goes there: the thread that runs the flows is the one that is short of time.
 */
const SYNC_MAX_BYTES = 16 * 1024;

/** What was unpacked, and `done`, to be called when it has been read: its room in the budget is then free again. */
export interface Decompressed {
  plain: Buffer;
  done: () => void;
}

function noop(): void {}

/** Whether bytes are compressed shows in them, not in a header. */
export function isGzip(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/**
 * The bytes without gzip. Error bodies have come with `content-encoding: gzip` and plain text, and no JSON or HTML begins as gzip
 * does. What unpacks to more than a few kilobytes waits for its room in the budget.
 *
 * @param budget undefined when the caller has taken `maxBytes` of it already
 * @throws BodyTooLarge over `maxBytes` after decompression; zlib's error for a broken stream
 */
export function decompress(
  body: Buffer,
  maxBytes: number,
  budget: ReadBudget | undefined,
): Promise<Decompressed> | Decompressed {
  if (!isGzip(body)) return { plain: body, done: noop };
  const hint = sizeHint(body);
  if (hint <= SYNC_MAX_BYTES && body.length <= SYNC_MAX_BYTES && SYNC_MAX_BYTES <= maxBytes) {
    try {
      return {
        plain: gunzipSync(body, { maxOutputLength: SYNC_MAX_BYTES, chunkSize: hint + 64 }),
        done: noop,
      };
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      // The hint lied. The way for large ones has the right limit.
    }
  }
  return decompressAsync(body, hint, maxBytes, budget);
}

async function decompressAsync(
  body: Buffer,
  hint: number,
  maxBytes: number,
  budget: ReadBudget | undefined,
): Promise<Decompressed> {
  const expected = Math.min(Math.max(hint, SYNC_MAX_BYTES), maxBytes);
  try {
    return await withBudget(budget, expected, () => gunzipAsync(body, expected));
  } catch (error) {
    if (!(error instanceof BodyTooLarge) || expected === maxBytes) throw error;
    // The hint lied, as it does where several gzip streams stand one after the other.
    return await withBudget(budget, maxBytes, () => gunzipAsync(body, maxBytes));
  }
}

/** The room is kept until the caller says that it is done; without a result it is free at once. */
async function withBudget(
  budget: ReadBudget | undefined,
  bytes: number,
  unpack: () => Promise<Buffer>,
): Promise<Decompressed> {
  let done = noop;
  if (budget) {
    await new Promise<void>((go) => {
      const share = budget.take(bytes, go);
      done = () => share.release();
      if (share.granted) go();
    });
  }
  try {
    return { plain: await unpack(), done };
  } catch (error) {
    done();
    throw error;
  }
}

/** In one piece where the stream is as long as expected: pieces that are joined take twice the room for a moment. */
function gunzipAsync(body: Buffer, expected: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: expected, chunkSize: expected + 64 }, (error, plain) => {
      if (error !== null) reject(isTooLarge(error) ? new BodyTooLarge() : error);
      // A small one must not keep a large piece alive.
      else resolve(plain.length < expected / 2 ? Buffer.from(plain) : plain);
    });
  });
}

/** A gzip stream ends in its length before compression; a broken or a joined one ends in something else. */
function sizeHint(body: Buffer): number {
  return body.length < 18 ? 0 : body.readUInt32LE(body.length - 4);
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

/** Decodes a body by the charset of its content type. Without a charset, or with an unknown one, it is read as UTF-8. */
export function textOf(body: Buffer, contentType: string | undefined): string {
  const charset = charsetOf(contentType);
  if (charset !== undefined && !isUtf8(charset)) {
    try {
      return new TextDecoder(charset).decode(body);
    } catch {
      // An unknown label; UTF-8 is the best guess.
    }
  }
  const text = utf8Text(body);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** As `toString('utf8')`, which reads a body with a character beyond Latin-1 at a third of this speed. */
function utf8Text(body: Buffer): string {
  if (isAscii(body)) return body.toString('latin1');
  return isValidUtf8(body) ? transcode(body, 'utf8', 'utf16le').toString('utf16le') : body.toString('utf8');
}

/** Whether `textOf` reads the bytes as they are. */
export function isPlainUtf8(body: Buffer, contentType: string | undefined): boolean {
  const charset = charsetOf(contentType);
  return (charset === undefined || isUtf8(charset)) && body[0] !== 0xef;
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
}

function isUtf8(charset: string): boolean {
  return charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii';
}
