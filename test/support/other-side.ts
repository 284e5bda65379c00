import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that has arrived; a JSON body is parsed, any other is text. */
export interface ArrivedRequest {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface Reply {
  /** Default 200. */
  status?: number;
  /** Sent as JSON; a text as it is. Default `{}`. */
  body?: unknown;
}

/** A service on loopback in place of the product that a flow sends to: keeps what arrives and answers what it is told to. */
export class OtherSide {
  readonly requests: ArrivedRequest[] = [];
  #answer: (request: ArrivedRequest) => Reply = () => ({});
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const arrived: ArrivedRequest = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: (request.headers['content-type'] ?? '').includes('json') ? (JSON.parse(text) as unknown) : text,
      };
      this.requests.push(arrived);
      const { status = 200, body = {} } = this.#answer(arrived);
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    });
  });

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** `http://127.0.0.1:PORT`, and the path. */
  url(path = ''): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** Forgets what has arrived; answers all that follows so. */
  reset(answer: (request: ArrivedRequest) => Reply = () => ({})): void {
    this.requests.length = 0;
    this.#answer = answer;
  }

  /** What has arrived at a path, the query aside. */
  at(path: string): ArrivedRequest[] {
    return this.requests.filter((request) => request.path.split('?')[0] === path);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
