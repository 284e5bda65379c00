import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { VirusTotalError } from '../errors';
import { unreadable } from './file-target';
import type { FileTarget } from './target';

/** What is read and sent in one go, in bytes. */
const PIECE = 64 * 1024;

/**
 * The bytes of a file, piece by piece. What has changed since it was hashed throws at its end, before the upload is whole: VirusTotal is to get
 * the file that was looked up.
 * @throws VirusTotalError `VT_INVALID_IOC`
 */
export async function* piecesOf(file: FileTarget): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of read(file)) {
    size += piece.length;
    if (size > file.size) break;
    hash.update(piece);
    yield piece;
  }
  if (size !== file.size || hash.digest('hex') !== file.sha256)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `File changed: ${file.sha256} was to be uploaded, and it changed while it was sent. The upload was cut off; submit the file again`,
    );
}

async function* read(file: FileTarget): AsyncGenerator<Uint8Array> {
  const { bytes, path } = file;
  if (bytes !== undefined) {
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
    return;
  }
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE })) yield piece as Buffer;
  } catch (error) {
    throw unreadable(path, error);
  }
}
