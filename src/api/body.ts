import { gunzip, gunzipSync } from 'node:zlib';

/** A body that is larger than the limit once it is decompressed. */
export class BodyTooLarge extends Error {}

/**
 * Up to so many bytes, a v2 report, decompressing takes less time than handing it to another thread. What is larger, a v3
 * report of 45 kB too, goes there: the thread that runs the flows is the one that is short of time.
 */
const AT_ONCE = 16 * 1024;

/** Memory is set aside by what the stream says of its length, but no more than this on its word alone. */
const TRUSTED_HINT = 1024 * 1024;

/**
 * The bytes without gzip. Whether they are compressed shows in the bytes, not in the header: error bodies have come with
 * `content-encoding: gzip` and plain text, and no JSON or HTML begins as gzip does.
 *
 * @throws BodyTooLarge over `maxBytes` after decompression; zlib's error for a broken stream
 */
export function decompressed(body: Buffer, maxBytes: number): Promise<Buffer> | Buffer {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  const hint = sizeHint(body);
  if (hint <= AT_ONCE && body.length <= AT_ONCE && AT_ONCE <= maxBytes) {
    try {
      return gunzipSync(body, { maxOutputLength: AT_ONCE, chunkSize: hint + 64 });
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      // The hint lied. The way for large ones has the right limit.
    }
  }
  const chunkSize = Math.min(hint, TRUSTED_HINT) + 64;
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: maxBytes, chunkSize }, (error, plain) => {
      if (error === null) resolve(plain);
      else reject(isTooLarge(error) ? new BodyTooLarge() : error);
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

/** The text of a body by the charset of its content type; UTF-8 without one, or with one that nobody knows. */
export function textOf(body: Buffer, contentType: string | undefined): string {
  const charset = charsetOf(contentType);
  if (charset !== undefined && !isUtf8(charset)) {
    try {
      return new TextDecoder(charset).decode(body);
    } catch {
      // An unknown label; UTF-8 is the best guess.
    }
  }
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
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
