import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, win32 } from 'node:path';
import { VirusTotalError } from '../errors';
import { checkFileSize, hashBytes } from '../ioc/bytes-hash';
import type { FileTarget } from './target';

/** The bytes of a file, or where it is on this machine. */
export type FileSource = { bytes: Uint8Array; path?: undefined } | { path: string; bytes?: undefined };

/**
 * A file with its size and SHA-256. Hashed piece by piece: the event loop goes on meanwhile, and of a file at a path no more than a piece
 * is in memory.
 * @throws VirusTotalError in the promise: `VT_INVALID_IOC` for an empty file, one of more than 650 MiB, and one that can't be read
 */
export async function fileTarget(
  source: FileSource,
  { name, password }: { name?: string | undefined; password?: string | undefined } = {},
): Promise<FileTarget> {
  const { size, sha256 } =
    source.bytes === undefined ? await hashFile(source.path) : await hashOf(source.bytes);
  if (size === 0)
    throw new VirusTotalError('VT_INVALID_IOC', 'File empty: it has 0 bytes, and there is nothing to scan');
  return { kind: 'file', ...source, sha256, size, name, password };
}

async function hashOf(bytes: Uint8Array): Promise<{ size: number; sha256: string }> {
  return { size: bytes.length, sha256: await hashBytes(bytes) };
}

async function hashFile(path: string): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      size += (piece as Buffer).length;
      // A device or a pipe need not end.
      checkFileSize(size);
      hash.update(piece as Buffer);
    }
  } catch (error) {
    throw error instanceof VirusTotalError ? error : unreadable(path, error);
  }
  return { size, sha256: hash.digest('hex') };
}

/** Without the folders: an error may be sent on. */
export function unreadable(path: string, error: unknown): VirusTotalError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const name = basename(win32.basename(path));
  return new VirusTotalError('VT_INVALID_IOC', `File not readable: ${name} (${code})`);
}
