import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { COMMANDS, type CommandName } from '../../src/lookup/redis/commands';

/** A command as it came: its name in capitals, and for a script of ours `EVAL` with the script's name. */
export interface Command {
  name: string;
  script: CommandName | undefined;
  args: string[];
}

/** RESP bytes that answer a command; undefined: as Redis would. */
export type Replies = (command: Command) => string | undefined;

/**
 * A Redis that answers every command as Redis does, as far as this package can tell, or with the bytes of a test's choice. It keeps
 * nothing.
 */
export class ScriptedRedis {
  replies: Replies = () => undefined;
  readonly commands: Command[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `redis://127.0.0.1:${this.#port}/0`;
  }

  async start(): Promise<this> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Sends bytes on every connection, asked or not. */
  send(bytes: string): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    let unread = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      unread = Buffer.concat([unread, piece]);
      for (let read = readCommand(unread); read; read = readCommand(unread)) {
        unread = unread.subarray(read.length);
        const command = commandOf(read.words);
        this.commands.push(command);
        socket.write(this.replies(command) ?? usual(command));
      }
    });
  }
}

/** RESP of a list of texts. */
export function list(...texts: string[]): string {
  return `*${texts.length}\r\n${texts.map(text).join('')}`;
}

export function text(value: string): string {
  return `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
}

/** What commands that decide something answer with, and what is this one's own. */
export function state(own: object): string {
  const now = new Date();
  const [day, month] = [now.toISOString().slice(0, 10), now.toISOString().slice(0, 7)];
  const counts = { day, dayUsed: 0, month, monthUsed: 0 };
  return text(JSON.stringify({ now: now.getTime().toFixed(3), corrections: 0, counts, ...own }));
}

/** What a heartbeat is answered with by a Redis in which one instance is. */
export function alone(instance: string, own: object = {}): string {
  return state({ stateId: '1', present: [instance], ...own });
}

const NAMES = new Map<string, CommandName>(
  Object.entries(COMMANDS).flatMap(([name, lua]) => [
    [lua, name as CommandName],
    [createHash('sha1').update(lua).digest('hex'), name as CommandName],
  ]),
);

export function commandOf([first = '', ...rest]: string[]): Command {
  const name = first.toUpperCase();
  if (name !== 'EVAL' && name !== 'EVALSHA') return { name, script: undefined, args: rest };
  const [body = '', keys = '0', ...more] = rest;
  return { name: 'EVAL', script: NAMES.get(body), args: more.slice(Number(keys)) };
}

function usual({ name, script, args }: Command): string {
  const { instance, requests } = script
    ? (JSON.parse(args[0] ?? '{}') as { instance: string; requests: unknown[] })
    : { instance: '', requests: [] };
  switch (script) {
    case 'vtHeartbeat':
      return alone(instance);
    case 'vtReserve':
      return state({ decisions: requests.map(() => 'start'), waitMs: '0.000' });
    case 'vtReconcile':
      return state({});
    case 'vtReadReport':
      return list(JSON.stringify({ status: 'none' }));
    case undefined:
      break;
    default:
      return '+OK\r\n';
  }
  switch (name) {
    case 'HELLO':
      return `%1\r\n${text('proto')}:3\r\n`;
    case 'INFO':
      return text('redis_version:7.0.15\r\nrole:master\r\nloading:0\r\n');
    case 'SUBSCRIBE':
      return `>3\r\n${text('subscribe')}${text(args[0] ?? '')}:1\r\n`;
    case 'SCAN':
      return `*2\r\n${text('0')}*0\r\n`;
    default:
      return '+OK\r\n';
  }
}

/** The first command of these bytes, when it is whole. */
export function readCommand(bytes: Buffer): { words: string[]; length: number } | undefined {
  let at = 0;
  const line = (): string | undefined => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const read = bytes.toString('latin1', at + 1, end);
    at = end + 2;
    return read;
  };
  const count = line();
  if (count === undefined) return undefined;
  const words: string[] = [];
  for (let i = 0; i < Number(count); i++) {
    const length = line();
    if (length === undefined || bytes.length < at + Number(length) + 2) return undefined;
    words.push(bytes.toString('utf8', at, at + Number(length)));
    at += Number(length) + 2;
  }
  return { words, length: at };
}
