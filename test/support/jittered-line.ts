import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Seeded } from '../../tools/fake-virustotal/seeded';

/** @param before @param after in ms, on the clock of `process.hrtime` */
export type Delivered = (chunk: Buffer, before: number, after: number) => void;

/**
 * A line that delays whatever is sent by 0 to `jitterMs`, in both directions: the order within a connection stays, that of several
 * does not. What is on its way when a connection closes is lost.
 */
export class JitteredLine {
  readonly #line: Server;
  readonly #sockets = new Set<Socket>();

  /**
   * @param to port on loopback
   * @param jitterMs upper limit of the delay of a chunk, in ms
   * @param seed of the times
   * @param delivered called with each chunk that the server's side has received, and between which two monotonic times of the machine it got it
   */
  constructor(to: () => number, jitterMs: number, seed: string, delivered?: Delivered) {
    const chance = new Seeded(seed);
    // Data that arrives before the server can read it stays with the sender.
    this.#line = createServer({ pauseOnConnect: true }, (client) => {
      const server = connect({ port: to(), host: '127.0.0.1', noDelay: true }, () => client.resume());
      for (const [from, into] of [
        [client, server],
        [server, client],
      ] as const) {
        let free = 0;
        this.#sockets.add(from);
        from.on('data', (chunk: Buffer) => {
          free = Math.max(free, performance.now() + chance.next() * jitterMs);
          setTimeout(() => {
            const before = process.hrtime.bigint();
            into.write(chunk);
            if (into === server)
              delivered?.(chunk, Number(before) / 1e6, Number(process.hrtime.bigint()) / 1e6);
          }, free - performance.now());
        });
        from.on('close', () => {
          this.#sockets.delete(from);
          into.destroy();
        });
        from.on('error', () => into.destroy());
      }
    });
  }

  get port(): number {
    return (this.#line.address() as AddressInfo).port;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#line.listen(0, '127.0.0.1', resolve));
    return this;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#line.close();
  }
}
