import { randomBytes } from 'node:crypto';
import { basename, win32 } from 'node:path';

/** The body of a request that is made for one try. */
export interface RequestBody {
  readonly contentType: string;
  /** In bytes. */
  readonly length: number;
  /** All of it, or the pieces as they are sent. */
  readonly content: Buffer | AsyncIterable<Uint8Array>;
}

/** Where a file's bytes come from. The pieces add up to `size`, or reading throws. */
export interface FileContent {
  readonly size: number;
  /** Begins to read. Each call starts from the first byte. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** The bytes of a file in an upload could not be read: nothing that arrived is whole. */
export class BodyUnreadable extends Error {
  constructor(override readonly cause: unknown) {
    super('the file could not be read');
  }
}

/** As a form in a browser sends it. VirusTotal takes a URL in no other way; JSON is refused. */
export function formBody(fields: Record<string, string>): RequestBody {
  return whole('application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
}

/** A value as JSON. */
export function jsonBody(value: unknown): RequestBody {
  return whole('application/json', JSON.stringify(value));
}

function whole(contentType: string, text: string): RequestBody {
  const content = Buffer.from(text);
  return { contentType, length: content.length, content };
}

/**
 * A file with some fields before it, as `multipart/form-data`. The file is never in memory as a whole because of this. Names of fields are our own.
 *
 * The name of the file stands in plain `filename="..."`: the upload handler of VirusTotal fails on `filename*=UTF-8''...` (RFC 5987), as a
 * comment in VirusTotal's own Python client says.
 */
export function multipartBody(
  file: FileContent & { name: string },
  fields: Record<string, string> = {},
): RequestBody {
  const boundary = `----------${randomBytes(18).toString('hex')}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = Buffer.from(
    `${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${uploadName(file.name)}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.size + tail.length,
    content: around(head, file, tail),
  };
}

async function* around(head: Buffer, file: FileContent, tail: Buffer): AsyncGenerator<Uint8Array> {
  yield head;
  try {
    yield* file.pieces();
  } catch (error) {
    throw new BodyUnreadable(error);
  }
  yield tail;
}

/** Longest name of a file that is sent, in characters. */
const MAX_NAME_CHARS = 200;

/** Quotes and what can't be seen, as line breaks: they would end the header, or show another name than it is. */
const UNSAFE = /["\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name as VirusTotal gets it: without folders, of Windows or of others, and without what would break out of a header. */
export function uploadName(name: string): string {
  return basename(win32.basename(name)).replace(UNSAFE, '_').slice(0, MAX_NAME_CHARS);
}
