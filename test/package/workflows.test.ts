import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import manifest from '../../package.json';

interface Step {
  if?: string;
  uses?: string;
  run?: string;
}
interface Job {
  name?: string;
  'runs-on'?: string;
  strategy?: { matrix: Record<string, string[]> };
  steps: Step[];
  'timeout-minutes'?: number;
}
interface Workflow {
  permissions?: unknown;
  jobs: Record<string, Job>;
}

const ROOT = join(__dirname, '../..');
const WORKFLOWS = join(ROOT, '.github/workflows');
const ACTIONS = join(ROOT, '.github/actions');
const read = (path: string): string => readFileSync(path, 'utf8');

const workflows = readdirSync(WORKFLOWS).map((name) => ({ name, text: read(join(WORKFLOWS, name)) }));
const actions = readdirSync(ACTIONS).map((name) => ({ name, text: read(join(ACTIONS, name, 'action.yml')) }));
const jobs = workflows.flatMap(({ name, text }) =>
  Object.entries((parse(text) as Workflow).jobs).map(([id, job]) => ({ title: `${name}: ${id}`, job })),
);
const commands = [
  ...jobs.flatMap(({ job }) => job.steps),
  ...actions.flatMap(({ text }) => (parse(text) as { runs: { steps: Step[] } }).runs.steps),
].flatMap(({ run = '' }) => run.split(/\n|&&/).map((command) => command.trim()));
const gate = read(join(ROOT, '.ci/gate.mjs'));

/** The npm script that a command runs. */
function scriptOf(command: string): string | undefined {
  const [, script] = /^npm (?:run )?(?!ci\b|install\b|pack\b|publish\b)([\w:]+)/.exec(command) ?? [];
  return script;
}

describe('Each workflow', () => {
  for (const { name, text } of [...workflows, ...actions])
    it(`uses in ${name} actions pinned by commit with the version in a comment, or local ones`, () => {
      const uses = [...text.matchAll(/\buses: (.*)$/gm)].map(([, used = '']) => used);
      expect(uses).to.not.have.lengthOf(0);
      for (const used of uses) {
        if (used.startsWith('./')) expect(existsSync(join(ROOT, used, 'action.yml')), used).to.equal(true);
        else expect(used).to.match(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

  it('uses the same commit of an action everywhere', () => {
    const uses = [...workflows, ...actions].flatMap(({ text }) => [
      ...text.matchAll(/\buses: ([\w-]+\/[\w-]+)\S*@([0-9a-f]{40})/g),
    ]);
    const commits = new Map<string, Set<string>>();
    for (const [, action = '', commit = ''] of uses)
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    for (const [action, found] of commits) expect([...found], action).to.have.lengthOf(1);
  });

  for (const { name, text } of workflows)
    it(`may in ${name} only read the repository unless one of its jobs says otherwise`, () => {
      expect((parse(text) as Workflow).permissions).to.deep.equal({ contents: 'read' });
    });

  for (const { title, job } of jobs)
    it(`has a time limit and a name for the job ${title}`, () => {
      expect(job['timeout-minutes']).to.be.within(1, 30);
      expect(job.name).to.be.a('string');
    });

  for (const { title, job } of jobs)
    it(`uses in the job ${title} only what its matrix defines`, () => {
      const matrix = Object.keys(job.strategy?.matrix ?? {});
      const used = [...JSON.stringify(job).matchAll(/\bmatrix\.([\w-]+)/g)].map(([, name]) => name);
      expect(matrix).to.include.members(used);
    });

  for (const { title, job } of jobs)
    it(`runs in the job ${title} nothing on Windows and macOS that only Linux has`, () => {
      const systems = job.strategy?.matrix['os'] ?? [job['runs-on'] ?? ''];
      if (systems.every((system) => system.startsWith('ubuntu-'))) return;
      for (const { if: condition = '', run } of job.steps)
        if (!condition.includes("runner.os == 'Linux'"))
          expect(run ?? 'npm run x').to.match(/^npm run [\w:]+$/);
    });

  it('tests on each supported Node, and what has no Redis or browser on Windows and macOS too', () => {
    const { jobs } = parse(read(join(WORKFLOWS, 'ci.yml'))) as Workflow;
    for (const [id, { strategy }] of Object.entries(jobs))
      expect(strategy?.matrix['node'], id).to.deep.equal(['20', '22', '24']);
    for (const id of ['unit', 'package'])
      expect(jobs[id]?.strategy?.matrix['os'], id).to.deep.equal([
        'ubuntu-latest',
        'windows-latest',
        'macos-latest',
      ]);
  });

  it('runs existing npm scripts and files', () => {
    const scripts = commands.map(scriptOf).filter((script) => script !== undefined);
    expect(scripts.length).to.be.above(8);
    expect(Object.keys(manifest.scripts)).to.include.members(scripts);
    for (const command of commands) {
      const [, file] = /^node (\S+)/.exec(command) ?? [];
      if (file) expect(existsSync(join(ROOT, file)), file).to.equal(true);
    }
  });
});

describe('Each group of tests', () => {
  const groups = Object.keys(manifest.scripts).filter((name) => name.startsWith('test:'));

  for (const group of groups) {
    it(`is run by a job: ${group}`, () => {
      expect(commands.map(scriptOf)).to.include(group);
    });

    it(`is run by the gate: ${group}`, () => {
      expect(gate).to.include(`'${group}'`);
    });
  }

  it('shares no test with another, and together they have every test', () => {
    const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
      .map((file) => `test/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.test.ts'));
    const groupsOf = (file: string): string[] =>
      groups.filter((group) => hasFile(manifest.scripts[group as keyof typeof manifest.scripts], file));
    expect(files.length).to.be.above(100);
    expect(files.filter((file) => groupsOf(file).length !== 1)).to.deep.equal([]);
  });
});

/** Whether mocha would take a file, by the patterns of its command. */
function hasFile(command: string, file: string): boolean {
  const patterns = [...command.matchAll(/(--ignore )?"([^"]+)"/g)];
  const matching = patterns.filter(([, , pattern = '']) => toRegExp(pattern).test(file));
  return matching.length > 0 && matching.every(([, ignore]) => ignore === undefined);
}

/** For patterns of `**`, `*` and `{a,b}`. */
function toRegExp(pattern: string): RegExp {
  const source = pattern
    .replaceAll('.', '\\.')
    .replace(/\{([^}]+)\}/g, (_, names: string) => `(${names.replaceAll(',', '|')})`)
    .replaceAll('**/', '(.+/)?')
    .replaceAll('**', '.+')
    .replace(/(?<![.)+])\*/g, '[^/]*');
  return new RegExp(`^${source}$`);
}
