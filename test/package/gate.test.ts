import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(__dirname, '../..');

interface Step {
  name: string;
  result: string;
}
interface Failed {
  script: string;
  args: string[];
  file: string;
  alone: string;
}
interface GateRecord {
  steps: Step[];
  failed: Failed[];
  total: { passed: number; failed: number };
  judge(): void;
}
interface Lane {
  tests(script: string, args?: string[]): Promise<void>;
  script(name: string, ...args: string[]): Promise<void>;
  again(failed: Failed): Promise<void>;
}
interface Modules {
  Lane: new (options: object) => Lane;
  Record: new () => GateRecord;
  Processes: new () => object;
  summaryOf: (record: GateRecord, passed: boolean) => string;
}

const PASSES = `it('adds', () => {});`;
/** Fails the first time it runs, as something that was in the way. */
const UNSTABLE = `
  const { existsSync, writeFileSync } = require('node:fs');
  it('passes the second time', () => {
    if (existsSync('seen')) return;
    writeFileSync('seen', '');
    throw new Error('somebody took the port');
  });`;
const FAILS = `it('is wrong', () => { throw new Error('two is not three'); });`;

describe('The gate', () => {
  let modules: Modules;
  let folder: string;
  let record: GateRecord;
  let lane: Lane;
  let log: string;

  before(async () => {
    // TypeScript would look for declarations of a path that it can read.
    const load = async (name: string): Promise<object> => {
      const path = `../../.ci/${name}.mjs`;
      return (await import(path)) as object;
    };
    const loaded = await Promise.all(['lane', 'record', 'processes', 'summary'].map(load));
    modules = Object.assign({}, ...loaded) as Modules;
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gate-test-'));
    mkdirSync(join(folder, 'test'));
    for (const name of ['node_modules', '.ci']) symlinkSync(join(ROOT, name), join(folder, name));
    const scripts = { 'test:unit': 'mocha "test/*.cjs"', lint: 'echo line 7 is too long && exit 3' };
    write('package.json', JSON.stringify({ private: true, scripts }));
    record = new modules.Record();
    log = '';
    lane = new modules.Lane({
      ...{ name: 'Node 20', cwd: folder, work: folder, record, env: process.env },
      processes: new modules.Processes(),
      write: (text: string) => (log += text),
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

  /** Runs the tests, then each failed file alone, and says how it ends. */
  async function outcome(...steps: (() => Promise<void>)[]): Promise<{ passed: boolean; summary: string[] }> {
    let passed = true;
    try {
      for (const step of steps) await step();
      for (const failed of record.failed) await lane.again(failed);
      record.judge();
    } catch {
      passed = false;
    }
    return { passed, summary: modules.summaryOf(record, passed).split('\n') };
  }

  const tests = (...args: string[]) => outcome(() => lane.tests('test:unit', args));
  const rowOf = (summary: string[], step: string): string => summary.find((row) => row.includes(step)) ?? '';

  it('lists each step with its time, result and number of tests', async () => {
    write('test/good.cjs', PASSES);
    const { passed, summary } = await tests();
    expect(passed).to.equal(true);
    expect(rowOf(summary, 'npm run test:unit')).to.match(/^ +Node 20 +npm run test:unit +\d+ s +passed$/);
    expect(summary.at(-1)).to.equal('1 passed, 0 failed');
    expect(log).to.include('✔ adds');
  });

  it('passes with a file that fails beside others and passes alone, and lists it', async () => {
    write('test/good.cjs', PASSES);
    write('test/port.cjs', UNSTABLE);
    const { passed, summary } = await tests();
    expect(passed).to.equal(true);
    expect(rowOf(summary, 'npm run test:unit')).to.match(/unstable$/);
    expect(rowOf(summary, 'again, alone: test/port.cjs')).to.match(/passed$/);
    expect(
      summary.slice(summary.indexOf('Unstable: failed beside others, passed alone') + 1, -1),
    ).to.deep.equal([
      '  test/port.cjs (Node 20)',
      '    passes the second time',
      '    Error: somebody took the port',
    ]);
    expect(summary.at(-1)).to.equal('2 passed, 0 failed');
  });

  it('fails with a file that also fails alone and shows its error and step at the end', async () => {
    write('test/good.cjs', PASSES);
    write('test/sum.cjs', FAILS);
    const { passed, summary } = await tests();
    expect(passed).to.equal(false);
    expect(summary.slice(-2)).to.deep.equal([
      'Failed: npm run test:unit (Node 20); again, alone: test/sum.cjs (Node 20)',
      '1 passed, 1 failed',
    ]);
    expect(summary.slice(0, 4).join('\n'))
      .to.include('test/sum.cjs failed (Node 20; alone: failed)')
      .and.to.include('is wrong')
      .and.to.include('Error: two is not three');
  });

  it("reruns a file with the step's arguments to mocha, such as a tag", async () => {
    write('test/port.cjs', `${UNSTABLE.replace('second time', 'second time @chosen')}\n${FAILS}`);
    const { passed, summary } = await tests('--grep', '@chosen');
    expect(passed).to.equal(true);
    expect(summary.at(-1)).to.equal('1 passed, 0 failed');
  });

  it('fails at once and reruns nothing when more than three files failed', async () => {
    for (const name of ['a', 'b', 'c', 'd']) write(`test/${name}.cjs`, FAILS);
    const { passed, summary } = await tests();
    expect(passed).to.equal(false);
    expect(record.steps.map(({ name }) => name)).to.deep.equal(['npm run test:unit']);
    expect(summary.join('\n')).to.include('4 test files failed: at most 3 are tried again');
    expect(summary.at(-1)).to.equal('0 passed, 4 failed');
  });

  it('fails at once when a run of tests breaks off without results', async () => {
    write('test/exit.cjs', `it('ends the process', () => process.exit(0));`);
    const { passed, summary } = await tests();
    expect(passed).to.equal(false);
    expect(summary.join('\n')).to.include('The tests broke off: they ended with 0');
    expect(summary.at(-1)).to.equal('0 passed, 1 failed');
  });

  it('fails at once for a failed root hook, which belongs to no file', async () => {
    write('test/good.cjs', PASSES);
    write('hooks.cjs', `exports.mochaHooks = { afterAll() { throw new Error('a page had errors'); } };`);
    const { passed, summary } = await tests('--require', './hooks.cjs');
    expect(passed).to.equal(false);
    expect(summary.join('\n'))
      .to.include('a page had errors')
      .and.to.include('A failure belongs to no test file');
  });

  it('fails with the name and the last output of a step that runs no tests', async () => {
    const { passed, summary } = await outcome(() => lane.script('lint'));
    expect(passed).to.equal(false);
    expect(summary.join('\n')).to.include('line 7 is too long');
    expect(rowOf(summary, '  npm run lint  ')).to.match(/FAILED$/);
    expect(summary.slice(-2)).to.deep.equal(['Failed: npm run lint (Node 20)', '0 passed, 1 failed']);
  });
});
