// mocha's spec report, and beside it what the gate needs to know: each failure at once and the counts of each file at the end, one JSON
// a line, in the file that TEST_RESULTS names. Without TEST_RESULTS it is the spec report alone.
const { appendFileSync } = require('node:fs');
const { relative } = require('node:path');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS } = Runner.constants;

module.exports = class ResultsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const results = process.env.TEST_RESULTS;
    if (!results) return;
    const write = (result) => appendFileSync(results, `${JSON.stringify(result)}\n`);
    const counts = new Map();
    const countOf = (test) => {
      const file = fileOf(test);
      if (!counts.has(file)) counts.set(file, { passed: 0, failed: 0 });
      return counts.get(file);
    };
    runner.once(EVENT_RUN_BEGIN, () => write({ event: 'begin' }));
    runner.on(EVENT_TEST_PASS, (test) => countOf(test).passed++);
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      countOf(test).failed++;
      write({ event: 'fail', file: fileOf(test), title: test.fullTitle(), error: textOf(error) });
    });
    runner.once(EVENT_RUN_END, () => write({ event: 'end', files: Object.fromEntries(counts) }));
  }
};

/** From the working directory; empty for a hook that belongs to no file. */
function fileOf({ file }) {
  return file ? relative(process.cwd(), file) : '';
}

function textOf(error) {
  const stack = String(error?.stack ?? error);
  // mocha hands on some errors with a stack that lacks the message.
  const message = String(error?.message ?? '');
  return stack.includes(message) ? stack : `${message}\n${stack}`;
}
