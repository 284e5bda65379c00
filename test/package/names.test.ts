import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

/** Names that had a meaning in this package only, and the field's word for each. */
const RETIRED: Readonly<Record<string, string>> = {
  errand: 'request spec',
  tower: 'observer',
  attendance: 'membership',
  'waiting-?room': 'backlog limit',
  untold: 'outbox, or pending',
  'own-?use': 'local usage',
  hasten: 'raise the priority',
  heed: 'apply, or on reply',
  giveback: 'cancel',
  elsewhere: 'leased by a peer; or say where',
  departures: 'dispatch log',
};

const ROOT = join(__dirname, '../..');

/** Each line of src/ and nodes/ that has the word, with its file. */
function linesWith(word: string): string[] {
  const pattern = new RegExp(word, 'i');
  return ['src', 'nodes'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .flatMap((file) => {
        const lines = pattern.test(file.slice(ROOT.length)) ? [file] : [];
        const text = readFileSync(file, 'utf8').split('\n');
        return [
          ...lines,
          ...text.filter((line) => pattern.test(line)).map((line) => `${file}: ${line.trim()}`),
        ];
      }),
  );
}

describe('The names in src/ and nodes/', () => {
  for (const [word, instead] of Object.entries(RETIRED))
    it(`do not use "${word}", as the field says ${instead}`, () => {
      expect(linesWith(word)).to.deep.equal([]);
    });
});
