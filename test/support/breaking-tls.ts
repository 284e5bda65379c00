import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';

const pem = (name: string): Buffer => readFileSync(join(__dirname, '../api/certificates', `${name}.pem`));

/** A TLS record of type 21 (alert) that is not encrypted, which no client takes once the handshake is over. */
const BAD_RECORD = Buffer.from('1503030002022f', 'hex');

/**
 * In place of a Redis behind TLS: each connection completes its handshake, gets a broken record as its first reply, and is reset. The
 * client's socket has two errors, one of the TLS layer and one of the TCP connection.
 */
export class BreakingTls {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #context = createSecureContext({ key: pem('server.key'), cert: pem('server.crt') });
  #resets = 0;

  static async start(): Promise<BreakingTls> {
    const server = createServer();
    const breaking = new BreakingTls(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return breaking;
  }

  private constructor(server: Server) {
    this.#server = server.on('connection', (socket) => this.#break(socket));
  }

  get url(): string {
    return `rediss://127.0.0.1:${(this.#server.address() as AddressInfo).port}/0`;
  }

  /** Resolves when a client has come back after that number of resets. */
  async reconnected(resets: number): Promise<void> {
    while (this.#resets < resets) await once(this.#server, 'connection');
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #break(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}).once('close', () => this.#sockets.delete(socket));
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.#context });
    secure.on('error', () => {});
    secure.once('data', () => {
      socket.write(BAD_RECORD, () => {
        this.#resets += 1;
        socket.resetAndDestroy();
      });
    });
  }
}
