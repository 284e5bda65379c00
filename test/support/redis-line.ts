import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { endOfReply } from './resp-frame';
import { commandOf, readCommand, type Command } from './scripted-redis';

/** What Redis answered to a command. Times by the clock of `process.hrtime`, in ms: when it was handed over, and when its answer was. */
export interface RedisAnswer {
  command: Command;
  reply: Buffer;
  /** Another answer was handed over in its place. */
  replaced: boolean;
  askedAt: number;
  answeredAt: number;
}

export interface RedisLineEvents {
  /** RESP bytes in place of what Redis answers to a command; undefined: as it answered. */
  instead?: (command: Command) => string | undefined;
  /** Redis has answered a command. */
  answered?: (answer: RedisAnswer) => void;
}

/** Commands whose answers are pushed, as what is published is. */
const PUSHED = new Set(['SUBSCRIBE', 'UNSUBSCRIBE']);

/** A line to a real Redis, spoken to in RESP3, on which answers may be replaced. */
export class RedisLine {
  readonly #line: Server;
  readonly #sockets = new Set<Socket>();

  constructor(to: () => number, { instead, answered }: RedisLineEvents) {
    this.#line = createServer({ noDelay: true }, (client) => {
      const redis = connect({ port: to(), host: '127.0.0.1', noDelay: true });
      const asked: { command: Command; at: number }[] = [];
      let commands = Buffer.alloc(0);
      let replies = Buffer.alloc(0);
      client.on('data', (chunk: Buffer) => {
        commands = Buffer.concat([commands, chunk]);
        for (let read = readCommand(commands); read; read = readCommand(commands)) {
          commands = commands.subarray(read.length);
          const command = commandOf(read.words);
          if (!PUSHED.has(command.name)) asked.push({ command, at: nowMs() });
        }
        redis.write(chunk);
      });
      redis.on('data', (chunk: Buffer) => {
        replies = Buffer.concat([replies, chunk]);
        for (let end = endOfReply(replies, 0); end >= 0 && replies.length > 0; end = endOfReply(replies, 0)) {
          const reply = replies.subarray(0, end);
          replies = replies.subarray(end);
          const about = reply.toString('latin1', 0, 1) === '>' ? undefined : asked.shift();
          const odd = about && instead?.(about.command);
          client.write(odd ?? reply);
          if (about) {
            const { command, at: askedAt } = about;
            answered?.({ command, reply, replaced: odd !== undefined, askedAt, answeredAt: nowMs() });
          }
        }
      });
      for (const [one, other] of [
        [client, redis],
        [redis, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#line.address() as AddressInfo).port}/0`;
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

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
