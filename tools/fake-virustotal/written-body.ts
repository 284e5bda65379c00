import type { IncomingMessage } from 'node:http';
import { type Upload, type UploadProblem, readUpload } from './upload-reader';

/** `POST /files` takes requests up to 32 MiB, with all that is around the file. */
export const REQUEST_LIMIT = 33_554_432;
/** An upload URL takes files up to 650 MiB. */
export const UPLOAD_LIMIT = 681_574_400;
/** Forms and JSON are short; what exceeds this is dropped. */
const TEXT_LIMIT = 1_000_000;

/** The body of a request that writes. */
export type WrittenBody =
  | { kind: 'text'; text: string; contentType: string }
  | { kind: 'upload'; upload: Upload }
  | { kind: UploadProblem };

/** Reads the text of a form or of JSON; `cut` when it breaks off, or has more than `cutAfter` bytes. */
export function readText(request: IncomingMessage, cutAfter = Infinity): Promise<WrittenBody> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const cut = (): void => resolve({ kind: 'cut' });
    request.once('close', cut);
    if (cutAfter === 0) return cut();
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > cutAfter) cut();
      else if (bytes <= TEXT_LIMIT) pieces.push(piece);
    });
    request.once('end', () => {
      const contentType = request.headers['content-type'] ?? '';
      resolve({ kind: 'text', text: Buffer.concat(pieces).toString('utf8'), contentType });
    });
  });
}

/** Reads a file in multipart form: directly, or `large` for an upload URL. */
export async function readFile(
  request: IncomingMessage,
  large: boolean,
  cutAfter?: number,
): Promise<WrittenBody> {
  const limits = large
    ? { body: UPLOAD_LIMIT + 65_536, file: UPLOAD_LIMIT, cutAfter }
    : { body: REQUEST_LIMIT, file: REQUEST_LIMIT, cutAfter };
  const upload = await readUpload(request, limits);
  return typeof upload === 'string' ? { kind: upload } : { kind: 'upload', upload };
}
