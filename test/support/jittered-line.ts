import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Seeded } from '../../tools/fake-virustotal/seeded';

/**
 * A line on which whatever is sent takes 0 to so many ms, in both directions: the order within a connection stays, that of several
 * does not. What is on its way when a connection closes is lost.
 */
export class JitteredLine {
  readonly #line: Server;
  readonly #sockets = new Set<Socket>();

  /**
   * @param to port on loopback
   * @param jitterMs a chunk takes 0 to so many
   * @param seed of the times
   */
  constructor(to: () => number, jitterMs: number, seed: string) {
    const chance = new Seeded(seed);
    this.#line = createServer((client) => {
      const server = connect(to(), '127.0.0.1');
      for (const [from, into] of [
        [client, server],
        [server, client],
      ] as const) {
        let free = 0;
        this.#sockets.add(from);
        from.on('data', (chunk: Buffer) => {
          free = Math.max(free, performance.now() + chance.next() * jitterMs);
          setTimeout(() => into.write(chunk), free - performance.now());
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
