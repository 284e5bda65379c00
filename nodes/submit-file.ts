import { createHash } from 'node:crypto';
import type { NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { bytesOf } from '../src/mail/bytes-of';
import { fileTarget } from '../src/submit/file-target';
import type { FileTarget } from '../src/submit/target';
import { fileIn, HashedFile, type FileBytes } from './file-input';

/** Where a value is, as a person names it, and the password of an archive. */
interface FileChoice {
  readonly sourceName: string;
  readonly password: string | undefined;
}

/**
 * The one file that a value is or has.
 * @throws VirusTotalError `VT_INVALID_IOC` in the promise for what is no file
 */
export async function fileOf(
  value: unknown,
  msg: NodeMessage,
  { sourceName, password }: FileChoice,
): Promise<FileTarget> {
  if (value instanceof HashedFile) return localTarget(value, password);
  if (Array.isArray(value) && value.length > 1)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Several files: ${sourceName} is a list of ${value.length}. Put a split node before this one, which submits one file per message`,
    );
  const file = fileIn(value, msg, sourceName);
  if (file !== undefined) return fileTarget({ bytes: file.bytes }, { name: file.name, password });
  throw new VirusTotalError(
    'VT_INVALID_IOC',
    `No file: ${sourceName} has no bytes. It must be a Buffer or an attachment, as a file in or e-mail node gives it`,
  );
}

/**
 * The bytes in a message that are the file of a report: those of the value that was chosen, of an attachment, or of the payload.
 * @param hash MD5, SHA-1 or SHA-256
 * @returns undefined when none of them has that hash
 */
export async function fileOfHash(
  hash: string,
  candidates: readonly unknown[],
  { password }: Pick<FileChoice, 'password'>,
): Promise<FileTarget | undefined> {
  for (const candidate of candidates) {
    if (candidate instanceof HashedFile) {
      // What the dialog names is the file, where the hash of the report can't be compared.
      if (hash.length !== candidate.sha256.length || hash === candidate.sha256)
        return localTarget(candidate, password);
      continue;
    }
    const bytes = bytesOf(candidate) ?? bytesOf((Object(candidate) as { content?: unknown }).content);
    if (bytes === undefined || bytes.length === 0 || (await digestOf(bytes, hash)) !== hash) continue;
    const file: FileBytes | undefined = fileIn(candidate, {}, 'the file');
    return fileTarget({ bytes }, { name: file?.name, password });
  }
  return undefined;
}

/** It was hashed when it was read. */
function localTarget({ path, sha256, size, name }: HashedFile, password: string | undefined): FileTarget {
  return { kind: 'file', path, sha256, size, name, password };
}

const ALGORITHMS: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };
const PIECE = 8 * 1024 * 1024;

/** Piece by piece: nothing else would run meanwhile. */
async function digestOf(bytes: Uint8Array, { length }: string): Promise<string> {
  const hash = createHash(ALGORITHMS[length] ?? 'sha256');
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    hash.update(bytes.subarray(at, at + PIECE));
  }
  return hash.digest('hex');
}
