import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { freshKey } from '../tools/fake-virustotal/fresh-key';
import { catalogue, dialog, NODE_TYPES } from './support/node-files';
import { StandIn } from '../tools/fake-virustotal/stand-in';

const ROOT = join(__dirname, '..');
const PACKAGE = '@nr-threat-intel/node-red-virustotal';

/** The program under a heading of the README. */
function programUnder(heading: string): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf(`## ${heading}`));
  return /```js\n(.*?)```/s.exec(section)?.[1] ?? '';
}

describe('the program in the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const apiKey = freshKey();
  let vt: StandIn;

  before(async () => {
    vt = await new StandIn({
      apiKey,
      catalogue: { 'https://evil.com/login': { malicious: 12 } },
    }).listen();
    mkdirSync(join(folder, 'node_modules', PACKAGE, '..'), { recursive: true });
    symlinkSync(ROOT, join(folder, 'node_modules', PACKAGE));
  });
  after(async () => {
    await vt.close();
    rmSync(folder, { recursive: true });
  });

  it('runs as it stands, without Node-RED, and judges what it found', async () => {
    const program = programUnder('Use without Node-RED');
    expect(program).to.include(PACKAGE);
    // All that differs: whom it asks.
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program.replace('apiKey:', 'apiUrl: process.env.VIRUSTOTAL_API_URL, apiKey:'));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], {
      env: { ...process.env, VIRUSTOTAL_API_KEY: apiKey, VIRUSTOTAL_API_URL: vt.url('v3') },
    });
    expect(stdout.trim()).to.equal('https://evil.com/login malicious');
    expect(stderr).to.equal('');
    expect(vt.requests.map(({ indicator }) => indicator)).to.deep.equal(['https://evil.com/login']);
  });
});

describe('the tables of the README', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

  /** The first column of the table under a node's heading. */
  function rows(type: string): string[] {
    const [, section = ''] = readme.split(`### ${type}\n`);
    const [table = ''] = /^\|[\s\S]*?(?=\n\n)/m.exec(section) ?? [];
    return table
      .split('\n')
      .slice(2)
      .map((row) => row.split('|')[1]?.trim() ?? '');
  }

  for (const type of NODE_TYPES)
    it(`call the fields of ${type} what its dialog calls them, and leave none out`, () => {
      const texts = [...catalogue(type, 'en-US')];
      const named = rows(type).flatMap((row) => row.split(' / '));
      const labels = texts.filter(([key]) => /^(label|source)\./.test(key)).map(([, text]) => text);
      expect(labels).to.include.members(named);
      // What a node's name is, and what belongs to the choice above it, needs no row.
      const withoutRow = ['name', 'heuristicExpression', 'redisUrl'];
      const ids = [...dialog(type).matchAll(/ id="node-(?:config-)?input-(\w+)"/g)].map(([, id]) => id ?? '');
      const fields = texts.filter(([key]) =>
        ids.some((id) => key === `label.${id}` && !withoutRow.includes(id)),
      );
      expect(named).to.include.members(fields.map(([, text]) => text));
    });
});
