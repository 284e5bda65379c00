import { TRUTHS, type LabelledReport, type Truth } from './labelled-reports';

export type Cell = Record<'malicious' | 'no-match' | 'trusted', number>;

export interface JudgingRule {
  name: string;
  judge: (body: unknown) => string;
}

export type Counts = Record<Truth, Cell>;

/** How many reports of each truth go where by a rule. */
export function countVerdicts(reports: readonly LabelledReport[], { judge }: JudgingRule): Counts {
  const counts = Object.fromEntries(
    TRUTHS.map((truth) => [truth, { malicious: 0, 'no-match': 0, trusted: 0 }]),
  ) as Counts;
  for (const { file, truth, body } of reports) {
    const verdict = judge(body);
    if (!(verdict in counts[truth])) throw new Error(`${file} ends in ${verdict}, which is no verdict on it`);
    counts[truth][verdict as keyof Cell] += 1;
  }
  return counts;
}

/** A table in Markdown: a row for each rule, a column for each truth, cells as "Malicious / No Match / Trusted". */
export function verdictTable(reports: readonly LabelledReport[], rules: readonly JudgingRule[]): string {
  const titles = TRUTHS.map(
    (truth) => `${truth} ${reports.filter((report) => report.truth === truth).length}`,
  );
  const rows = rules.map((rule) => {
    const counts = countVerdicts(reports, rule);
    const cells = TRUTHS.map((truth) => {
      const { malicious, 'no-match': noMatch, trusted } = counts[truth];
      return `${malicious} / ${noMatch} / ${trusted}`;
    });
    return [rule.name, ...cells];
  });
  const lines = [['rule', ...titles], titles.concat('').map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
