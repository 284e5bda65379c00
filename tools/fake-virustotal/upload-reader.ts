import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { FileHashes } from './file-details';

/** A file as it arrived: only its hashes and its size are kept. */
export interface ReceivedFile extends FileHashes {
  /** As the client named it, with any folders. */
  name: string;
  /** Bytes. */
  size: number;
  /** Its first four bytes are those of a ZIP. */
  zip: boolean;
}

/** A multipart body that has been read. */
export interface Upload {
  /** The part `file`; undefined without one. */
  file?: ReceivedFile;
  /** The other parts, by name. */
  fields: Record<string, string>;
  /** Bytes of the whole body. */
  bodyBytes: number;
}

/** Why a body was not read to its end. */
export type UploadProblem = 'malformed' | 'too-large' | 'cut';

export interface UploadLimits {
  /** Bytes of the whole body. */
  body: number;
  /** Bytes of the file in it. */
  file: number;
  /** Stop reading after that many bytes of the body, as a broken connection does. */
  cutAfter?: number | undefined;
}

/** Reads a multipart body piece by piece, so that a file of any size takes no memory. Ends early at a limit. */
export function readUpload(request: IncomingMessage, limits: UploadLimits): Promise<Upload | UploadProblem> {
  return new Promise((resolve) => {
    const upload: Upload = { fields: {}, bodyBytes: 0 };
    let head = '';
    const parser = parserFor(request);
    const end = (result: Upload | UploadProblem): void => {
      request.off('data', take);
      if (result !== upload) request.resume();
      resolve(result);
    };
    const take = (piece: Buffer): void => {
      upload.bodyBytes += piece.length;
      if (upload.bodyBytes > (limits.cutAfter ?? Infinity)) return end('cut');
      if (upload.bodyBytes > limits.body) return end('too-large');
      if (head.length < 1_000) head += piece.toString('latin1', 0, 1_000);
      if (parser?.write(piece) === false) {
        request.pause();
        parser.once('drain', () => request.resume());
      }
    };
    request.once('close', () => request.complete || end('cut'));
    if (limits.cutAfter === 0) return end('cut');
    if (Number(request.headers['content-length'] ?? 0) > limits.body && limits.cutAfter === undefined)
      return end('too-large');
    request.on('data', take);
    if (!parser) return void request.once('end', () => end('malformed'));
    parser.on('file', (field, content, info) => {
      const received = receive(content, info.filename ?? '');
      if (field !== 'file') return;
      upload.file = received;
      content.on('data', () => received.size > limits.file && end('too-large'));
    });
    parser.on('field', (field, value) => (upload.fields[field] = value));
    parser.once('error', () => end('malformed'));
    // The upload handler cannot read a file name in the form of RFC 5987.
    parser.once('close', () => end(/filename\*=/i.test(head) ? 'malformed' : upload));
    request.once('end', () => parser.end());
  });
}

function parserFor(request: IncomingMessage): ReturnType<typeof busboy> | undefined {
  try {
    return busboy({ headers: request.headers, preservePath: true, defParamCharset: 'utf8' });
  } catch {
    return undefined;
  }
}

function receive(content: Readable, name: string): ReceivedFile {
  const file: ReceivedFile = { name, size: 0, zip: false, md5: '', sha1: '', sha256: '' };
  const hashes = (['md5', 'sha1', 'sha256'] as const).map((name) => ({ name, hash: createHash(name) }));
  let magic = '';
  content.on('data', (piece: Buffer) => {
    file.size += piece.length;
    if (magic.length < 8) magic = (magic + piece.toString('hex', 0, 4)).slice(0, 8);
    for (const { hash } of hashes) hash.update(piece);
  });
  content.once('end', () => {
    file.zip = magic === '504b0304';
    for (const { name, hash } of hashes) file[name] = hash.digest('hex');
  });
  // A body that breaks off destroys its file part with an error; what matters of it is known elsewhere.
  content.once('error', () => undefined);
  return file;
}
