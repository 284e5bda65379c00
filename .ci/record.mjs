import { StepFailed } from './step-failed.mjs';

/** With more files that failed than this, nothing is tried again: that is no accident of one file. */
const MAX_AGAIN = 3;

class Step {
  /** "passed", "unstable", "failed" or, until it ends, "broken off". */
  result = 'broken off';
  /** What is shown again at the end, if it failed. */
  detail = '';
  #start = performance.now();
  #end;

  constructor(lane, name) {
    this.lane = lane;
    this.name = name;
  }

  /** How long it took, or has taken until now. */
  get ms() {
    return (this.#end ?? performance.now()) - this.#start;
  }

  end(result, detail = '') {
    this.#end = performance.now();
    this.result = result;
    this.detail = detail;
  }
}

/** What became of each step, of the files that failed, and of all tests. */
export class Record {
  /** In the order in which they began. */
  steps = [];
  /** The files that failed beside others, one entry a file and step, each with its failures. */
  failed = [];
  #counts = new Map();
  #start = performance.now();

  get elapsedMs() {
    return performance.now() - this.#start;
  }

  begin(lane, name) {
    const step = new Step(lane, name);
    this.steps.push(step);
    return step;
  }

  /** The counts of a step's files. */
  count(lane, script, files) {
    for (const [file, counts] of Object.entries(files))
      this.#counts.set([lane, script, file].join('\n'), counts);
  }

  /** How many tests passed and failed; of a file that ran again, as it went then. */
  get total() {
    const all = [...this.#counts.values()];
    const sum = (key) => all.reduce((total, counts) => total + counts[key], 0);
    return { passed: sum('passed'), failed: sum('failed') };
  }

  /** Keeps the files that failed in a step. Throws where trying them again would prove nothing. */
  fail({ lane, step, script, args, failures }) {
    for (const file of new Set(failures.map(({ file }) => file)))
      this.failed.push({
        ...{ lane, step, script, args, file, alone: 'not tried' },
        failures: failures.filter((failure) => failure.file === file),
      });
    if (failures.some(({ file }) => file === '')) throw new StepFailed('A failure belongs to no test file');
    if (this.failed.length > MAX_AGAIN)
      throw new StepFailed(`${this.failed.length} test files failed: at most ${MAX_AGAIN} are tried again`);
  }

  /** Puts what a file did when it ran again in the place of what it did before. */
  replace(lane, script, file, { complete, files, failures }) {
    const entry = this.failed.find(
      (each) => each.lane.name === lane && each.script === script && each.file === file,
    );
    const passed = complete && failures.length === 0 && (files[file]?.passed ?? 0) > 0;
    entry.alone = passed ? 'passed' : 'failed';
    if (failures.length > 0) entry.failures = failures;
    if (files[file]) this.count(lane, script, { [file]: files[file] });
  }

  /** Marks the steps whose failures were all of files that pass alone. Throws where one is left. */
  judge() {
    for (const step of this.steps) {
      const own = this.failed.filter((each) => each.lane.name === step.lane && each.step === step.name);
      if (own.length > 0 && own.every(({ alone }) => alone === 'passed')) step.result = 'unstable';
    }
    if (this.steps.some(({ result }) => result === 'failed')) throw new StepFailed('Not all steps passed');
  }
}
