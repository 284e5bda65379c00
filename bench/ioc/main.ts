// npm run bench:ioc: what is found, what isn't, and how fast, beside what a user would pick instead. See ../README.md.
import type { IocType } from '../../src/ioc/ioc';
import { corpus } from '../../tools/ioc-corpus/corpus';
import { unsolved } from '../../tools/ioc-corpus/known-failures';
import type { Row } from '../../tools/ioc-corpus/case';
import { extractors, type Extractor } from './extractors';
import { logs } from './logs';
import { mails } from './mails';
import { measureSpeed } from './measure-speed';
import { KINDS, score, type Score } from './score';
import { workloads } from './texts';

/** Processes: how the compiler lays out the code is chance, and makes a fifth of a difference. */
const ROUNDS = 5;
const TIMES_FASTER = 3;

const rows = [...Object.values(corpus).flat(), ...unsolved];
const problems: string[] = [];

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}

function print(cells: readonly string[]): void {
  process.stdout.write(
    `${cells
      .map((cell, index) => cell.padEnd(index === 0 ? 44 : 22))
      .join('')
      .trimEnd()}\n`,
  );
}

function printScores(rows: readonly Row[], title: string, lenient: boolean, kinds = KINDS): void {
  print([`${rows.length} ${title}`, ...extractors.map(({ name }) => name)]);
  const scores = new Map(extractors.map((extractor) => [extractor, score(extractor, rows, lenient)]));
  const of = (extractor: Extractor, kind: IocType): Score => scores.get(extractor)?.get(kind) as Score;
  for (const kind of kinds) {
    for (const [measure, figure] of Object.entries(MEASURES)) {
      print([
        `  ${kind} ${measure}`,
        ...extractors.map((extractor) => percent(...figure(of(extractor, kind)))),
      ]);
      const [mine = 0, ...theirs] = extractors.map((extractor) => ratio(...figure(of(extractor, kind))));
      if (theirs.some((their) => their > mine)) problems.push(`${kind} ${measure}, ${title}`);
    }
  }
}

const MEASURES: Readonly<Record<string, (of: Score) => [number, number]>> = {
  precision: ({ right, found }) => [right, found],
  recall: ({ right, wanted }) => [right, wanted],
};

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function printSpeeds(): void {
  print(['MB/s of processor time', ...extractors.map(({ name }) => name)]);
  for (const workload of Object.keys(workloads)) {
    const best = extractors.map(() => 0);
    for (let round = 0; round < ROUNDS; round++) {
      extractors.forEach(({ name }, index) => {
        best[index] = Math.max(best[index] ?? 0, measureSpeed(name, workload));
      });
    }
    const [mine = 0, rival = 0] = best;
    print([
      `  ${workload}`,
      ...best.map((figure) => figure.toFixed(1)),
      `${(mine / rival).toFixed(1)} times ioc-extractor`,
    ]);
    if (mine < TIMES_FASTER * rival) problems.push(`speed on ${workload}`);
  }
}

printScores(rows, 'texts, as the corpus wants it', false);
printScores(rows, 'texts, hosts of URLs and domains of mail addresses not counted', true);
printScores(logs, 'logs of products, full of ids', true, ['file']);
printScores(mails, 'raw mails', true);
printSpeeds();
for (const problem of problems) process.stdout.write(`not reached: ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
