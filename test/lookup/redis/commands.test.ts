import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { COMMAND_KEYS, COMMANDS } from '../../../src/lookup/redis/commands';

const ROOT = join(__dirname, '../../..');
const FOLDER = 'src/lookup/redis/commands';
const files = readdirSync(join(ROOT, FOLDER)).filter((file) => file.endsWith('.lua'));
const nameOf = (file: string): string =>
  `vt${file.slice(0, file.lastIndexOf('-'))}`.replace(/(?:^vt|-)(.)/g, (start, letter: string) =>
    start.replace(/-?.$/, letter.toUpperCase()),
  );

describe('The Lua files of the Redis commands', () => {
  it('are one for each command', () => {
    expect(Object.keys(COMMANDS).sort()).to.deep.equal(Object.keys(COMMAND_KEYS).sort());
    expect(files.map(nameOf).sort()).to.deep.equal(Object.keys(COMMAND_KEYS).sort());
  });

  for (const file of files)
    it(`name their keys as they are given them, and say how many: ${file}`, () => {
      const [, keys = ''] =
        /^local (.+) = unpack\(KEYS\)$/m.exec(readFileSync(join(ROOT, FOLDER, file), 'utf8')) ?? [];
      const names = keys.split(', ');
      const own: readonly string[] = COMMAND_KEYS[nameOf(file) as keyof typeof COMMAND_KEYS];
      expect(names.slice(0, own.length)).to.deep.equal(own.map((name) => `${name}Key`));
      expect(file).to.match(new RegExp(`-${names.length}\\.lua$`));
    });

  it('are whole: each include is there once', () => {
    for (const lua of Object.values(COMMANDS)) {
      expect(lua).not.to.include('@include');
      const functions = [...lua.matchAll(/^local function (\w+)/gm)].map(([, name]) => name);
      expect(new Set(functions).size).to.equal(functions.length);
    }
  });

  it('are in the package', () => {
    for (const file of readdirSync(join(ROOT, FOLDER), { recursive: true }) as string[])
      if (file.endsWith('.lua'))
        expect(
          readFileSync(join(ROOT, 'dist', FOLDER, file)).equals(readFileSync(join(ROOT, FOLDER, file))),
        ).to.equal(true);
  });
});
