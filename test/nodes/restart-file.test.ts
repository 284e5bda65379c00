import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { restartFile, type RestartFile } from '../../nodes/restart-file';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';

describe('What a Node-RED leaves in its user folder for the next one', () => {
  let userDir: string;
  let apiKey: string;
  let warnings: string[];
  beforeEach(() => {
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    apiKey = freshKey();
    warnings = [];
  });
  afterEach(() => rmSync(userDir, { recursive: true, force: true }));

  const record = (): RestartFile =>
    restartFile({ warn: (text: string) => warnings.push(text) }, apiKey, { userDir }) as RestartFile;
  const file = (): string => join(userDir, readdirSync(userDir)[0] as string);
  /** As another process would have left it. */
  const change = (change: object): void => {
    const kept = JSON.parse(readFileSync(file(), 'utf8')) as object;
    writeFileSync(file(), JSON.stringify({ ...kept, process: 'another', ...change }));
  };

  it('is nothing before the first one, and nothing new to the same one', () => {
    expect(record().previous()).to.equal(undefined);
    record().begin();
    expect(record().previous()).to.equal(undefined);
    record().end([Date.now()]);
    expect(record().previous()).to.equal(undefined);
    expect(record().matters).to.equal(false);
  });

  it('says that it was killed, if it began and did not end', () => {
    record().begin();
    change({});
    const next = record();
    expect(next.previous()).to.equal('killed');
    expect(next.matters).to.equal(true);
  });

  it('says when its last requests were, if it ended in order', () => {
    const requests = [Date.now() - 20_000, Date.now() - 100];
    record().begin();
    record().end(requests);
    change({});
    const before = record().previous() as number[];
    before.forEach((at, i) =>
      expect(at).to.be.within(requests[i] as number, (requests[i] as number) + 1_000),
    );
  });

  it('is as if it was killed when there were too many to tell, or what is there can not be read', () => {
    record().begin();
    record().end(undefined);
    change({});
    expect(record().previous()).to.equal('killed');
    for (const text of ['', '{', '[]', 'null', '{"process":7}']) {
      writeFileSync(file(), text);
      expect(record().previous(), text).to.equal('killed');
    }
  });

  it('is not made older by a clock that is set forward meanwhile', () => {
    const at = Date.now();
    record().end([at - 1_000]);
    // By the clock that was an hour ago, by the machine just now.
    change({ at: at - 3_600_000, requests: [at - 3_601_000] });
    // The machine says how long it is up in steps of 10 ms.
    expect((record().previous() as number[])[0]).to.be.within(at - 1_100, Date.now());
  });

  it('holds nothing of the key, and is for its owner only', () => {
    record().begin();
    expect(file() + readFileSync(file(), 'utf8')).not.to.contain(apiKey.slice(0, 12));
    expect(readdirSync(userDir)).to.have.length(1);
  });

  it('can fail to be written, which is said and ends nothing', function () {
    if (process.getuid?.() === 0) userDir = join(userDir, 'missing');
    else chmodSync(userDir, 0o500);
    record().begin();
    expect(warnings.join()).to.match(/could not be stored.*rate limit/);
  });

  it('is nothing where there is no user folder', () => {
    expect(restartFile({ warn: () => undefined }, apiKey, {})).to.equal(undefined);
  });
});
