import { VirusTotalError } from '../errors';
import { runtime } from '../runtime/current';

/** The largest file that is hashed, in bytes: the largest that VirusTotal takes. */
export const MAX_FILE_BYTES = 650 * 1024 * 1024;

/** What is hashed in one go: about a millisecond. */
const PIECE = 1024 * 1024;

/** The SHA-256 of bytes, piece by piece: hundreds of megabytes take about a second, in which nothing else would run. */
export class BytesHash {
  readonly #bytes: Uint8Array;
  readonly #hash = runtime.sha256();
  #at = 0;
  #sha256: string | undefined;

  /** @throws VirusTotalError `VT_INVALID_IOC` for more bytes than a file may have */
  constructor(bytes: Uint8Array) {
    checkFileSize(bytes.length);
    this.#bytes = bytes;
  }

  /** In lower case; undefined until all is read. */
  get sha256(): string | undefined {
    return this.#sha256;
  }

  /** Reads the next piece. */
  advance(): void {
    if (this.#sha256 !== undefined) return;
    this.#hash.update(this.#bytes.subarray(this.#at, this.#at + PIECE));
    this.#at += PIECE;
    if (this.#at >= this.#bytes.length) this.#sha256 = this.#hash.hex();
  }
}

/** The SHA-256 of bytes, at once where they are few. @throws VirusTotalError `VT_INVALID_IOC` as the constructor of `BytesHash` does */
export function hashBytes(bytes: Uint8Array): string | Promise<string> {
  const hash = new BytesHash(bytes);
  hash.advance();
  return hash.sha256 ?? finish(hash);
}

async function finish(hash: BytesHash): Promise<string> {
  while (hash.sha256 === undefined) {
    await runtime.nextTurn();
    for (let pieces = 0; pieces < PIECES_OF_A_TURN; pieces++) hash.advance();
  }
  return hash.sha256;
}

const PIECES_OF_A_TURN = 16;

/** @throws VirusTotalError `VT_INVALID_IOC` for more bytes than a file may have */
export function checkFileSize(bytes: number): void {
  if (bytes <= MAX_FILE_BYTES) return;
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    `File too large: it has ${bytes} bytes, and files of up to ${MAX_FILE_BYTES} bytes (650 MiB) are hashed`,
  );
}

const NAME_KEYS = ['filename', 'fileName', 'file_name', 'name', 'path'];

/** The name of the file whose content an object has, as `{filename, content}`, without its folder. */
export function fileNameIn(object: object | undefined): string | undefined {
  for (const key of NAME_KEYS) {
    try {
      const name: unknown = (object as Record<string, unknown> | undefined)?.[key];
      if (typeof name === 'string' && name.trim() !== '') return baseName(name);
    } catch {
      // A getter that throws names nothing.
    }
  }
  return undefined;
}

/** The name of a file without its folder, in the spelling of any system; 255 characters at most. */
export function baseName(path: string): string {
  const inUnix = lastPart(path, '/');
  return lastPart(inUnix.replace(/^[a-z]:/i, ''), '\\').slice(0, 255);
}

/** What stands behind the last separator, but for separators at the end. */
function lastPart(path: string, separator: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === separator) end--;
  return path.slice(path.lastIndexOf(separator, end - 1) + 1, end);
}
