import { types } from 'node:util';
import { VirusTotalError } from '../src/errors';
import { baseName, fileNameIn } from '../src/ioc/bytes-hash';
import { canonicalHash } from '../src/ioc/hash';
import { bytesOf } from '../src/mail/bytes-of';

/** A file on this machine that was hashed here: what a source of type `path` gives. */
export class HashedFile {
  readonly sha256: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Without symbolic links. */
  readonly path: string;

  constructor({ sha256, name, size, path }: Pick<HashedFile, 'sha256' | 'name' | 'size' | 'path'>) {
    this.sha256 = sha256;
    this.name = name;
    this.size = size;
    this.path = path;
  }
}

/** A file whose bytes are in the message. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly name: string | undefined;
}

/**
 * The one file that a value is or has: bytes, an attachment as `{filename, content}`, or a list with one of these. Undefined for all else,
 * and for bytes that are the text of a hash.
 * @param sourceName where the value is, as a person names it
 * @throws VirusTotalError `VT_INVALID_IOC` for an empty file, and for a list of several
 */
export function fileIn(value: unknown, msg: object, sourceName: string): FileBytes | undefined {
  const files = Array.isArray(value) ? value.map(attachmentOf).filter((file) => file !== undefined) : [];
  if (files.length > 1)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Several files: ${sourceName} has ${files.length}. Choose the action Search Within, which looks each of them up`,
    );
  const bytes = bytesOf(value);
  const file = bytes === undefined ? (files[0] ?? attachmentOf(value)) : { bytes, name: fileNameOf(msg) };
  if (file === undefined) return undefined;
  checkNotEmpty(file.bytes, sourceName);
  return isTextOfHash(file.bytes) ? undefined : file;
}

/** The name of the file whose bytes are in a message, as the file-in node notes it. */
export function fileNameOf(msg: object): string | undefined {
  const { filename } = msg as { filename?: unknown };
  return typeof filename === 'string' && filename.trim() !== '' ? baseName(filename) : undefined;
}

/** @throws VirusTotalError `VT_INVALID_IOC` */
function checkNotEmpty(bytes: Uint8Array, sourceName: string): void {
  if (bytes.length === 0)
    throw new VirusTotalError(
      'VT_INVALID_IOC',
      `Empty file: ${sourceName} has no bytes, so there is nothing to look up`,
    );
}

function attachmentOf(value: unknown): FileBytes | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined;
  const bytes = bytesOf((value as { content?: unknown }).content);
  return bytes && { bytes, name: fileNameIn(value) };
}

const LONGEST_HASH = 80;

/** Whether bytes are nothing but a hash that is written out: it is what is meant. */
export function isTextOfHash(bytes: Uint8Array): boolean {
  return (
    bytes.length <= LONGEST_HASH && canonicalHash(Buffer.from(bytes).toString('latin1').trim()) !== undefined
  );
}
