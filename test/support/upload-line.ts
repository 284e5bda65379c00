import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens to one POST, counted in bytes from the first of its headers. */
export interface PostPlan {
  /** The connection ends after this number of bytes. */
  cutAfter?: number;
  /** After this number of bytes nothing more goes on until `release`. */
  holdAfter?: number;
}

/** A line to a server on loopback that breaks, or holds, the requests that send something. */
export class UploadLine {
  /** POSTs that have begun, of which at least a byte has left. */
  posts = 0;
  /** Whether one is held. */
  holds = false;
  readonly #plan: (post: number) => PostPlan;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#relay(client));
  #port = 0;
  #released: (() => void)[] = [];

  /** @param plan of each POST, by its number from 0 */
  constructor(plan: (post: number) => PostPlan) {
    this.#plan = plan;
  }

  /** @param port of the server */
  async listen(port: number): Promise<this> {
    this.#port = port;
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  release(): void {
    for (const release of this.#released.splice(0)) release();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #relay(client: Socket): void {
    const server = connect(this.#port, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    server.pipe(client);
    let plan: PostPlan = {};
    let bytes = 0;
    client.on('data', (chunk: Buffer) => {
      // The client sends a request's headers in one piece, and no request before the answer to the last.
      if (chunk.subarray(0, 5).toString() === 'POST ') {
        plan = this.#plan(this.posts++);
        bytes = 0;
      } else if (chunk.subarray(0, 4).toString() === 'GET ') plan = {};
      const { cutAfter = Infinity, holdAfter = Infinity } = plan;
      const before = bytes;
      bytes += chunk.length;
      if (bytes > cutAfter) {
        server.write(chunk.subarray(0, cutAfter - before), () => client.destroy());
        plan = {};
        return;
      }
      server.write(chunk);
      if (bytes <= holdAfter) return;
      plan = {};
      client.pause();
      this.holds = true;
      this.#released.push(() => client.resume());
    });
  }
}
