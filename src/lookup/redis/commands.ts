import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KeyName } from './key-names';

/**
 * The commands that run in Redis, each atomically. Every command is a Lua file in commands/, `name-keys.lua` with the number
 * of keys that it names, as BullMQ has it. It gets its arguments as one JSON object and replies with JSON, or OK where there is nothing
 * to say. Every time is that of Redis, in ms, so that instances whose clocks differ agree.
 */
const FOLDER = join(__dirname, 'commands');

/** The keys of each command, as its file names them; those that differ from call to call come after them. */
export const COMMAND_KEYS = {
  vtHeartbeat: ['state', 'starts', 'instances', 'limits', 'limitHolders'],
  vtDeregister: ['state', 'instances', 'limits', 'limitHolders'],
  vtReserve: ['state', 'starts', 'limits', 'instances'],
  vtCancel: ['state', 'starts'],
  vtRestamp: ['state', 'starts'],
  vtBlock: ['state'],
  vtUnblock: ['state'],
  vtReconcile: ['state'],
  vtReadReport: [],
  vtWriteReport: [],
  vtReleaseLease: [],
} as const satisfies Record<string, readonly KeyName[]>;

/** Under the name that ioredis gets; it adds its own commands' names to the same object. */
export type CommandName = keyof typeof COMMAND_KEYS;

/** The files are read when this file is loaded: once, when a config first uses Redis. */
export const COMMANDS = loadCommands();

function loadCommands(): Record<CommandName, string> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.lua'));
  const sources = files.map((file) => [commandName(file), withIncludes(join(FOLDER, file))]);
  return Object.fromEntries(sources) as Record<CommandName, string>;
}

/** `read-report-1.lua` is `vtReadReport`. */
function commandName(file: string): string {
  const words = file.replace(/-\d+\.lua$/, '').split('-');
  return `vt${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

/** The Lua of a file with that of the files that it names in `--- @include "path"`, each once. */
function withIncludes(path: string, included = new Set<string>()): string {
  return readFileSync(path, 'utf8').replace(/^--- @include "(.+)"$/gm, (_line, name: string) => {
    const file = join(dirname(path), `${name}.lua`);
    if (included.has(file)) return '';
    included.add(file);
    return withIncludes(file, included);
  });
}
