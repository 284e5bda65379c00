import { randomUUID } from 'node:crypto';
import { basename, delimiter, join } from 'node:path';
import { readResults } from './results.mjs';
import { StepFailed } from './step-failed.mjs';

const REPORTER = '.ci/results-reporter.cjs';
/** How much of a step's output is shown again at the end, if it failed. */
const TAIL_CHARACTERS = 6_000;
/** The groups of tests that have a configuration of their own. */
const CONFIGS = { 'test:editor': '.mocharc.editor.json', 'test:site': '.mocharc.site.json' };

/**
 * Steps that run one after the other, with one Node in one tree. What they print goes to `write`; what became of them, to the record.
 */
export class Lane {
  #tail = '';

  /**
   * @param {{ name: string, cwd: string, env: NodeJS.ProcessEnv, work: string, write: (text: string) => void,
   *   record: import('./record.mjs').Record, processes: import('./processes.mjs').Processes }} options
   */
  constructor(options) {
    this.options = options;
  }

  get name() {
    return this.options.name;
  }

  /** The same with some options changed, as another Node. */
  with(options) {
    return new Lane({ ...this.options, ...options });
  }

  /** The same with programs of this folder before all others. */
  withPath(folder) {
    const { env } = this.options;
    return this.with({ env: { ...env, PATH: `${folder}${delimiter}${env.PATH}` } });
  }

  print(text) {
    this.#tail = `${this.#tail}${text}`.slice(-TAIL_CHARACTERS);
    this.options.write(text);
  }

  /** Runs `act` and records its time and result. `act` may return a result other than "passed". Throws StepFailed if it throws. */
  async step(name, act) {
    const { record } = this.options;
    const step = record.begin(this.name, name);
    this.#tail = '';
    this.options.write(`\n=== ${name} (${this.name}, after ${Math.round(record.elapsedMs / 1_000)} s)\n`);
    try {
      step.end((await act()) ?? 'passed');
    } catch (error) {
      step.end('failed', `${this.#tail}\n${error instanceof StepFailed ? error.message : error.stack}`);
      throw new StepFailed(`${name} (${this.name})`, { cause: error });
    }
  }

  /** Runs a command; throws unless it ends with 0. */
  async exec(command, args, options = {}) {
    const code = await this.#run(command, args, options);
    if (code !== 0) throw new StepFailed(`${[command, ...args].join(' ')} ended with ${code}`);
  }

  /** A step of its own: `npm run SCRIPT -- ARGS`. */
  script(name, ...args) {
    const more = args.length > 0 ? ['--', ...args] : [];
    const shown = ['npm run', name, ...args.map((arg) => basename(arg))].join(' ');
    return this.step(shown, () => this.exec('npm', ['run', '--silent', name, ...more]));
  }

  /**
   * A step that runs tests. Where some fail, the lane goes on and the record keeps their files, to be tried again alone; it ends at once
   * where that can't be: too many files, a failure of no file, or a run that broke off.
   *
   * @param {string} script the npm script
   * @param {readonly string[]} [args] further arguments for mocha
   */
  tests(script, args = []) {
    const shown = ['npm run', script, ...args].join(' ');
    return this.step(shown, () =>
      this.#test(shown, ['npm', ['run', '--silent', script, '--', ...args]], script, args),
    );
  }

  /** Runs one file that failed in a step of this lane again, and nothing else. */
  again({ script, args, file }) {
    const name = `again, alone: ${file}`;
    const config = CONFIGS[script] === undefined ? [] : ['--config', CONFIGS[script]];
    return this.step(name, async () => {
      const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
      const { code, results } = await this.#mocha('node', [mocha, ...config, ...args], [file]);
      this.options.record.replace(this.name, script, file, results);
      return code === 0 && results.complete ? 'passed' : 'failed';
    });
  }

  async #test(step, [command, given], script, args) {
    const { code, results } = await this.#mocha(command, given, []);
    const { record } = this.options;
    record.count(this.name, script, results.files);
    if (code === 0 && results.complete) return 'passed';
    if (!results.complete) throw new StepFailed(`The tests broke off: they ended with ${code}`);
    if (results.failures.length === 0) throw new StepFailed(`No test failed, but they ended with ${code}`);
    record.fail({ lane: this, step, script, args, failures: results.failures });
    return 'failed';
  }

  async #mocha(command, args, files) {
    const path = join(this.options.work, `${randomUUID()}.results`);
    const env = { ...this.options.env, TEST_RESULTS: path };
    const code = await this.#run(command, [...args, '--reporter', REPORTER, ...files], { env });
    return { code, results: readResults(path) };
  }

  #run(command, args, options) {
    const { cwd, env, processes } = this.options;
    return processes.run(command, args, { cwd, env, ...options, write: (text) => this.print(text) });
  }
}
