import { type Dispatcher, request } from 'undici';
import { STAND_IN_KEY, type StandInOptions, StandIn } from '../../tools/fake-virustotal/stand-in';

/** An answer of the stand-in as a test reads it. */
export interface Received {
  status: number;
  json: Json;
}

export interface Json {
  data: {
    id: string;
    type: string;
    attributes: Record<string, unknown>;
    [field: string]: unknown;
  };
  error: { code: string; message: string };
  meta: Record<string, unknown>;
  links: Record<string, string>;
  [field: string]: unknown;
}

type Asked = Partial<{ key: string; headers: Record<string, string> }>;

/** A client of v3 for the stand-in's own tests: it does what it is told, right or wrong. */
export interface StandInClient {
  vt: StandIn;
  start: (options?: StandInOptions) => Promise<void>;
  get: (path: string, asked?: Asked) => Promise<Received>;
  /** A form of one field or more, JSON, or a multipart form. */
  post: (path: string, body?: URLSearchParams | MultipartForm | object, asked?: Asked) => Promise<Received>;
  /** `GET` until the status word is another than `queued` and `in-progress`. */
  completed: (analysisId: string) => Promise<Received>;
}

/** Ends the stand-in after each test. */
export function standInClient(): StandInClient {
  const client: StandInClient = {
    vt: undefined as unknown as StandIn,
    start: async (options = {}) => {
      client.vt = await new StandIn(options).listen();
    },
    get: (path, asked = {}) => read(request(absolute(client.vt, path), { headers: headersOf(asked) })),
    post: (path, body, asked = {}) => {
      const { contentType, bytes } = written(body);
      const headers = {
        ...headersOf(asked),
        ...(contentType ? { 'content-type': contentType } : {}),
        ...asked.headers,
      };
      return read(request(absolute(client.vt, path), { method: 'POST', headers, body: bytes }));
    },
    completed: async (id) => {
      for (;;) {
        const answer = await client.get(`analyses/${encodeURIComponent(id)}`);
        const status = answer.json.data?.attributes['status'];
        if (answer.status === 200 && status !== 'queued' && status !== 'in-progress') return answer;
      }
    },
  };
  afterEach(() => client.vt.close());
  return client;
}

function absolute(vt: StandIn, path: string): string {
  return path.includes('://') ? path : vt.url('v3') + path;
}

function headersOf({ key = STAND_IN_KEY, headers }: Asked): Record<string, string> {
  return { ...(key === '' ? {} : { 'x-apikey': key }), ...headers };
}

async function read(answer: Promise<Dispatcher.ResponseData>): Promise<Received> {
  const { statusCode, body } = await answer;
  const text = await body.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Json) : ({ text } as unknown as Json);
  return { status: statusCode, json };
}

/** The unpadded base64url of a URL. */
export function urlId(url: string): string {
  return Buffer.from(url).toString('base64url');
}

function written(body: URLSearchParams | MultipartForm | object | undefined): {
  contentType?: string;
  bytes: string | Buffer | null;
} {
  if (body instanceof MultipartForm) return body;
  if (body instanceof URLSearchParams)
    return { contentType: 'application/x-www-form-urlencoded', bytes: body.toString() };
  return body ? { contentType: 'application/json', bytes: JSON.stringify(body) } : { bytes: null };
}

/**
 * A multipart body of the test's own making: on Node 24 a request with undici's `FormData` never starts
 * once nock is loaded.
 */
export class MultipartForm {
  readonly contentType = 'multipart/form-data; boundary=stand-in-form';
  readonly bytes: Buffer;

  /** @param parts each with its field's name, and a file's name where it is a file */
  constructor(parts: readonly { name: string; fileName?: string; content: string | Uint8Array }[]) {
    const pieces = parts.flatMap(({ name, fileName, content }) => [
      Buffer.from(
        `--stand-in-form\r\nContent-Disposition: form-data; name="${name}"` +
          (fileName === undefined
            ? '\r\n\r\n'
            : `; filename="${fileName.replaceAll('"', '%22')}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
      ),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
    this.bytes = Buffer.concat([...pieces, Buffer.from('--stand-in-form--\r\n')]);
  }
}

/** A multipart form with the part `file`, and other fields. */
export function fileForm(
  bytes: string | Uint8Array,
  name = 'sample',
  fields: Record<string, string> = {},
): MultipartForm {
  return new MultipartForm([
    { name: 'file', fileName: name, content: bytes },
    ...Object.entries(fields).map(([field, content]) => ({ name: field, content })),
  ]);
}
