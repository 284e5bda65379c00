import { createServer as createHttpServer, type Server } from 'node:http';
import { connect, createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { Seeded } from './stand-in/seeded';

/**
 * A VirusTotal that notes when each request arrives, behind a line on which whatever is sent takes up to so many ms, in both directions: the
 * order within a connection stays, that of several does not.
 */
export class VirusTotalBehindSlowLine {
  /** When requests for reports arrived, by the monotonic clock, in order. */
  readonly arrivals: number[] = [];
  readonly #http: Server;
  readonly #line: TcpServer;
  readonly #sockets = new Set<Socket>();

  /**
   * @param jitterMs a chunk takes 0 to so many
   * @param workMs how long it works on an answer
   */
  constructor(jitterMs: number, workMs = 0) {
    const chance = new Seeded(`line ${jitterMs}`);
    this.#http = createHttpServer((request, response) => {
      if (!request.url?.includes('/users/')) this.arrivals.push(performance.now());
      const id = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
      const data = { id, attributes: { last_analysis_stats: { malicious: 1, harmless: 69 } } };
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
      }, workMs);
    });
    this.#http.keepAliveTimeout = 120_000;
    this.#line = createServer((client) => {
      const server = connect((this.#http.address() as AddressInfo).port, '127.0.0.1');
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        let free = 0;
        this.#sockets.add(from);
        from.on('data', (chunk: Buffer) => {
          free = Math.max(free, performance.now() + chance.next() * jitterMs);
          setTimeout(() => to.write(chunk), free - performance.now());
        });
        from.on('close', () => to.destroy());
        from.on('error', () => to.destroy());
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#line.address() as AddressInfo).port}/api/v3/`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => this.#line.listen(0, '127.0.0.1', resolve));
    return this;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#line.close();
    this.#http.close();
  }
}
