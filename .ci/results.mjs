import { existsSync, readFileSync } from 'node:fs';

/**
 * What results-reporter.cjs has written.
 *
 * @param {string} path
 * @returns {{ complete: boolean, files: Record<string, { passed: number, failed: number }>, failures: { file: string, title: string,
 *   error: string }[] }} `complete` is false where a run of mocha began and broke off, or none began. A file's counts are there only
 *   when the run ended.
 */
export function readResults(path) {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  const events = lines.map((line) => JSON.parse(line));
  const of = (event) => events.filter((each) => each.event === event);
  return {
    complete: of('begin').length > 0 && of('begin').length === of('end').length,
    files: Object.assign({}, ...of('end').map(({ files }) => files)),
    failures: of('fail').map(({ file, title, error }) => ({ file, title, error })),
  };
}
