import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { restartFile, type RestartFile } from '../../nodes/restart-file';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';

describe("The restart record in Node-RED's user folder", () => {
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

  it('is absent before the first process and unchanged for the same one', () => {
    expect(record().previous()).to.equal(undefined);
    record().begin();
    expect(record().previous()).to.equal(undefined);
    record().end([Date.now()]);
    expect(record().previous()).to.equal(undefined);
    expect(record().matters).to.equal(false);
  });

  it('says that the previous process was killed if it began and did not end', () => {
    record().begin();
    change({});
    const next = record();
    expect(next.previous()).to.equal('killed');
    expect(next.matters).to.equal(true);
  });

  it('has the last requests of a process that ended in order', () => {
    const requests = [Date.now() - 20_000, Date.now() - 100];
    record().begin();
    record().end(requests);
    change({});
    const before = record().previous() as number[];
    before.forEach((at, i) =>
      expect(at).to.be.within(requests[i] as number, (requests[i] as number) + 1_000),
    );
  });

  it('counts as that of a killed process when it had too many requests or cannot be read', () => {
    record().begin();
    record().end(undefined);
    change({});
    expect(record().previous()).to.equal('killed');
    for (const text of ['', '{', '[]', 'null', '{"process":7}']) {
      writeFileSync(file(), text);
      expect(record().previous(), text).to.equal('killed');
    }
  });

  it('does not age when the clock is set forward', () => {
    const at = Date.now();
    record().end([at - 1_000]);
    // By the clock that was an hour ago, by the machine just now.
    change({ at: at - 3_600_000, requests: [at - 3_601_000] });
    // The machine says how long it is up in steps of 10 ms.
    expect((record().previous() as number[])[0]).to.be.within(at - 1_100, Date.now());
  });

  it('contains nothing of the key and is readable by its owner only', () => {
    record().begin();
    expect(file() + readFileSync(file(), 'utf8')).not.to.contain(apiKey.slice(0, 12));
    expect(readdirSync(userDir)).to.have.length(1);
  });

  it('may fail to be written, which is logged and ends nothing', function () {
    if (process.getuid?.() === 0) userDir = join(userDir, 'missing');
    else chmodSync(userDir, 0o500);
    record().begin();
    expect(warnings.join()).to.match(/could not be stored.*rate limit/);
  });

  it('is not written without a user folder', () => {
    expect(restartFile({ warn: () => undefined }, apiKey, {})).to.equal(undefined);
  });
});
