import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { quote, VirusTotalError } from '../src/errors';
import { checkFileSize } from '../src/ioc/bytes-hash';
import { HashedFile } from './file-input';

/** Windows has none of the two; a pipe is no file there either. */
const {
  O_RDONLY,
  O_NOFOLLOW = 0,
  O_NONBLOCK = 0,
} = constants as Partial<typeof constants> & {
  O_RDONLY: number;
};
const PIECE = 1024 * 1024;

/**
 * The SHA-256 of a file below one of the folders that may be read. Symbolic links are followed first, so that none leads out of them, and what
 * was opened is compared with what is there under the resolved name: a link that is put in its place meanwhile is not read.
 * @param roots the folders, one a line
 * @throws VirusTotalError in the promise: `VT_CONFIG` when no folder is set, `VT_INVALID_IOC` for a file that isn't there, isn't below one of
 *   them, is empty or too large
 */
export function hashLocalFile(path: unknown, roots: string): Promise<HashedFile> {
  return withLocalFile(
    path,
    roots,
    async (file, found) => new HashedFile({ ...(await hashContent(file)), ...found }),
  );
}

/**
 * The text of a file below one of the folders that may be read, in UTF-8.
 * @throws VirusTotalError in the promise, as `hashLocalFile`; and `VT_INVALID_IOC` for one of more than `maxBytes`
 */
export function readLocalText(path: unknown, roots: string, maxBytes: number): Promise<string> {
  return withLocalFile(path, roots, async (file) => {
    const buffer = Buffer.alloc(maxBytes + 1);
    const { bytesRead } = await file.read(buffer, 0, maxBytes + 1, 0);
    if (bytesRead > maxBytes)
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        `File too large: ${quote(path)} has more than ${maxBytes / 1024 / 1024} MiB, too much for a list`,
      );
    return buffer.toString('utf8', 0, bytesRead);
  });
}

async function withLocalFile<T>(
  path: unknown,
  roots: string,
  use: (file: FileHandle, found: { name: string; path: string }) => Promise<T>,
): Promise<T> {
  const folders = roots
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => isAbsolute(line));
  if (folders.length === 0)
    throw new VirusTotalError(
      'VT_CONFIG',
      'No folder to read from: the VirusTotal config names none under "Folders with files". Add the folder, with its whole path, and deploy',
    );
  if (typeof path !== 'string' || path.trim() === '' || path.includes('\0'))
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      'No path: the message has no text that is the path of a file',
    );
  const given = resolve(path);
  const resolvedRoots = await Promise.all(
    folders.map((folder) => realpath(folder).catch(() => resolve(folder))),
  );
  const isAllowed = (file: string): boolean => resolvedRoots.some((root) => isBelow(root, file));
  // What is outside is never looked at: nothing tells whether a file exists that may not be read.
  if (!isAllowed(given) && !folders.some((folder) => isBelow(resolve(folder), given))) throw outside(path);
  const real = await realpath(given).catch(() => undefined);
  // The same for both, so that a link tells nothing of what it leads to.
  if (real === undefined || !isAllowed(real)) throw missing(path);
  const file = await open(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (file === undefined) throw new VirusTotalError('VT_INVALID_IOC', `File not readable: ${quote(path)}`);
  try {
    await checkOpened(file, { path, real, isAllowed });
    return await use(file, { name: basename(given), path: real });
  } finally {
    await file.close();
  }
}

interface Content {
  readonly sha256: string;
  readonly size: number;
}

interface Opened {
  readonly path: string;
  readonly real: string;
  readonly isAllowed: (file: string) => boolean;
}

async function checkOpened(file: FileHandle, { path, real, isAllowed }: Opened): Promise<void> {
  const opened = await file.stat({ bigint: true });
  // A folder on the way may have become a link between the two: what was opened must be what the name without links leads to.
  const now = await realpath(real).catch(() => '');
  const there = now === '' ? undefined : await stat(now, { bigint: true }).catch(() => undefined);
  if (!isAllowed(now) || there?.ino !== opened.ino || there.dev !== opened.dev) throw missing(path);
  if (!opened.isFile()) throw new VirusTotalError('VT_INVALID_IOC', `Not a file: ${quote(path)}`);
  if (opened.size === 0n)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Empty file: ${quote(path)} has no bytes, so there is nothing to look up`,
    );
  checkFileSize(Number(opened.size));
}

async function hashContent(file: FileHandle): Promise<Content> {
  const hash = createHash('sha256');
  const buffers = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)] as const;
  let total = 0;
  // The next piece is read while this one is hashed.
  let reading = file.read(buffers[0], 0, PIECE, 0);
  for (let turn = 0; ; turn++) {
    const { bytesRead, buffer } = await reading;
    if (bytesRead === 0) return { sha256: hash.digest('hex'), size: total };
    total += bytesRead;
    // It may grow while it is read.
    checkFileSize(total);
    reading = file.read(buffers[turn % 2 === 0 ? 1 : 0], 0, PIECE, total);
    hash.update(bytesRead === PIECE ? buffer : buffer.subarray(0, bytesRead));
  }
}

function isBelow(root: string, file: string): boolean {
  const way = relative(root, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function outside(path: string): VirusTotalError {
  return new VirusTotalError(
    'VT_INVALID_IOC',
    `File not allowed: ${quote(path)} is not below a folder that the VirusTotal config names under "Folders with files"`,
  );
}

function missing(path: string): VirusTotalError {
  return new VirusTotalError(
    'VT_INVALID_IOC',
    `No such file: ${quote(path)} is not there, or a link leads out of the folders that the VirusTotal config names under "Folders with files"`,
  );
}
