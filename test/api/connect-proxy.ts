import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ProxyPlan {
  /** The loopback port that every host is at. */
  port: number;
  /** `user:password` that it wants. */
  credentials?: string;
  /** Status line and headers in place of a tunnel; `cut` ends the connection without a word, `silent` says nothing. */
  refusal?: string;
}

/** A proxy on loopback that tunnels by CONNECT, to one port whatever the name. */
export class ConnectProxy {
  /** What was asked, as `virustotal.test:443`. */
  readonly asked: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((_request, response) => response.writeHead(405).end());

  constructor(readonly plan: ProxyPlan) {
    this.#server.on('connection', (socket: Socket) => this.#keep(socket));
    this.#server.on('connect', (request, client: Socket, head) => this.#tunnel(request, client, head));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #tunnel(request: IncomingMessage, client: Socket, head: Buffer): void {
    this.asked.push(request.url ?? '');
    const { credentials, refusal, port } = this.plan;
    if (refusal === 'silent') return;
    if (refusal === 'cut') return void client.destroy();
    if (refusal !== undefined) return void client.end(`${refusal}\r\n\r\n`);
    const given = request.headers['proxy-authorization'] ?? '';
    if (credentials !== undefined && given !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      // As proxies do, it says what it got.
      return void client.end(
        `HTTP/1.1 407 Denied ${given}\r\nproxy-authenticate: Basic realm="${given}"\r\nx-got: ${given}\r\n\r\n`,
      );
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    this.#keep(upstream);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }
}
