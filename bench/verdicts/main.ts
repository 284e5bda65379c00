// npm run bench:verdicts: what becomes of reports whose truth is known, by our rules and by others'. The table is in docs/verdicts.md.
import { analyzeReport } from '../../src/analysis/analyze';
import type { AnalysisOptions } from '../../src/analysis/options';
import { labelledReports } from '../../tools/verdicts/labelled-reports';
import { verdictTable, type JudgingRule } from '../../tools/verdicts/verdict-table';
import { RIVAL_RULES } from './rival-rules';

function ours(name: string, options: AnalysisOptions): JudgingRule {
  return { name, judge: (body) => analyzeReport(body, options).verdict };
}

const RULES: JudgingRule[] = [
  ours('`positives` (default): >= 5, < 1', {}),
  ours('`evidence`', { rule: 'evidence' }),
  ours('`positives`: >= 3, < 1', { malicious: 3 }),
  ours('`positives`: >= 10, < 1', { malicious: 10 }),
  ...RIVAL_RULES,
];

const reports = labelledReports();
if (reports) {
  process.stdout.write(`Malicious / No Match / Trusted of ${reports.length} recorded reports\n\n`);
  process.stdout.write(`${verdictTable(reports, RULES)}\n`);
} else {
  process.stderr.write('No labelled reports: ../shared/labelled is not there\n');
  process.exitCode = 1;
}
