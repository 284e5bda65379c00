import { type Dispatcher, FormData, request } from 'undici';
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
  post: (path: string, body?: URLSearchParams | FormData | object, asked?: Asked) => Promise<Received>;
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
      const type =
        body instanceof URLSearchParams
          ? 'application/x-www-form-urlencoded'
          : body && !(body instanceof FormData)
            ? 'application/json'
            : undefined;
      const headers = { ...headersOf(asked), ...(type ? { 'content-type': type } : {}), ...asked.headers };
      const text =
        body instanceof URLSearchParams
          ? body.toString()
          : body instanceof FormData
            ? body
            : body
              ? JSON.stringify(body)
              : null;
      return read(request(absolute(client.vt, path), { method: 'POST', headers, body: text }));
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

/** A multipart form with the part `file`, and other fields. */
export function fileForm(
  bytes: string | Uint8Array<ArrayBuffer>,
  name = 'sample',
  fields: Record<string, string> = {},
): FormData {
  const form = new FormData();
  form.append('file', new Blob([bytes]), name);
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  return form;
}
