const MAX_LINES_OF_ERROR = 30;

/**
 * What the log ends with: the text of what failed, the table of the steps, the files that pass only alone, the names of the steps that
 * failed, and how many tests passed and failed.
 *
 * @param {import('./record.mjs').Record} record
 * @param {boolean} passed
 * @returns {string}
 */
export function summaryOf(record, passed) {
  const { passed: good, failed: bad } = record.total;
  const red = record.steps.filter(({ result }) => result === 'failed' || result === 'broken off');
  // A step that is no test, or a run that broke off, fails the whole as well.
  const failed = passed ? bad : Math.max(bad, 1);
  return [
    ...(passed ? [] : failureTexts(record, red)),
    ...table(record.steps),
    ...unstable(record),
    ...(passed ? [] : ['', `Failed: ${red.map(({ lane, name }) => `${name} (${lane})`).join('; ')}`]),
    `${good} passed, ${failed} failed`,
  ].join('\n');
}

function failureTexts({ failed }, red) {
  const tests = failed
    .filter(({ alone }) => alone !== 'passed')
    .flatMap(({ lane, file, alone, failures }) => [
      '',
      `=== ${file || 'a hook of all files'} failed (${lane.name}; alone: ${alone})`,
      ...failures.flatMap(({ title, error }) => [title, ...linesOf(error).map((line) => `  ${line}`)]),
    ]);
  const others = red
    .filter(({ detail }) => detail !== '')
    .flatMap(({ lane, name, detail }) => ['', `=== the end of: ${name} (${lane})`, detail.trimEnd()]);
  return [...tests, ...others];
}

function linesOf(error) {
  const lines = error.split('\n');
  return lines.length > MAX_LINES_OF_ERROR ? [...lines.slice(0, MAX_LINES_OF_ERROR), '…'] : lines;
}

/** Lane by lane, as those beside each other would be read for one. */
function table(steps) {
  const width = (key) => Math.max(...steps.map((step) => step[key].length));
  const [lanes, names] = [width('lane'), width('name')];
  const inLanes = [...new Set(steps.map(({ lane }) => lane))].flatMap((name) =>
    steps.filter(({ lane }) => lane === name),
  );
  const rows = inLanes.map(({ lane, name, ms, result }) =>
    [
      ` `,
      lane.padEnd(lanes),
      name.padEnd(names),
      `${Math.round(ms / 1_000)} s`.padStart(6),
      result === 'failed' ? 'FAILED' : result,
    ].join('  '),
  );
  return ['', 'Steps', ...rows];
}

function unstable({ failed }) {
  const files = failed.filter(({ alone }) => alone === 'passed');
  if (files.length === 0) return [];
  const rows = files.flatMap(({ lane, file, failures: [{ title, error }] }) => [
    `  ${file} (${lane.name})`,
    `    ${title}`,
    `    ${error.split('\n')[0]}`,
  ]);
  return ['', 'Unstable: failed beside others, passed alone', ...rows];
}
