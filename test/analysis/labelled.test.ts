import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { findReport } from '../../src/analysis/find';
import { OPTIONS } from '../../src/options';
import { labelledReports, type LabelledReport } from '../../tools/verdicts/labelled-reports';
import { countVerdicts, verdictTable, type JudgingRule } from '../../tools/verdicts/verdict-table';

const OWN_RULES: JudgingRule[] = OPTIONS['virustotal-report-analysis'].rule.choices.map((rule) => ({
  name: rule,
  judge: (body) => analyzeReport(body, { rule }).verdict,
}));

const [byPositives, byEvidence] = OWN_RULES as [JudgingRule, JudgingRule];

describe('Recorded reports whose truth is known (the folder beside the checkout)', function () {
  let reports: LabelledReport[] = [];

  before(function () {
    const found = labelledReports();
    if (!found) return this.skip();
    // As reports, so that no test reads the answers again.
    reports = found.map((each) => ({ ...each, body: findReport(each.body)?.report }));
  });

  after(() => {
    if (reports.length === 0) return;
    process.stdout.write(`\n      Malicious / No Match / Trusted\n${verdictTable(reports, OWN_RULES)}\n\n`);
  });

  it('that are malicious: at least 90 % are Malicious by evidence, and none is Trusted by any rule', () => {
    const { malicious, trusted, 'no-match': noMatch } = countVerdicts(reports, byEvidence).malicious;
    expect(malicious / (malicious + noMatch + trusted)).to.be.at.least(0.9);
    for (const rule of OWN_RULES)
      expect(countVerdicts(reports, rule).malicious.trusted, rule.name).to.equal(0);
  });

  it('that are unrated, unwanted or test files: none is Trusted', () => {
    for (const rule of OWN_RULES)
      for (const truth of ['unrated', 'unwanted', 'test'] as const)
        expect(countVerdicts(reports, rule)[truth].trusted, `${rule.name}, ${truth}`).to.equal(0);
  });

  it('that are benign: no more are Malicious by evidence than by the thresholds, and at least half are Trusted', () => {
    const { malicious, trusted, 'no-match': noMatch } = countVerdicts(reports, byEvidence).benign;
    expect(malicious).to.be.at.most(countVerdicts(reports, byPositives).benign.malicious);
    expect(trusted / (malicious + noMatch + trusted)).to.be.at.least(0.5);
  });

  it('keep the bounds in each half, so that no rule fits one report only', () => {
    for (const half of [0, 1]) {
      const some = reports.filter((_, index) => index % 2 === half);
      const { malicious, benign } = countVerdicts(some, byEvidence);
      expect(malicious.malicious / (malicious.malicious + malicious['no-match'])).to.be.at.least(0.9);
      expect(benign.trusted).to.be.at.least(benign['no-match']);
    }
  });

  it('keep the bounds without any one of the trusted engines', () => {
    const names = OPTIONS['virustotal-report-analysis'].trustedEngines.default.split(', ');
    for (const left of names) {
      const trustedEngines = names.filter((name) => name !== left).join(', ');
      const judge = (body: unknown): string =>
        analyzeReport(body, { rule: 'evidence', trustedEngines }).verdict;
      const { malicious, benign } = countVerdicts(reports, { name: left, judge });
      expect(malicious.trusted, left).to.equal(0);
      expect(malicious.malicious / (malicious.malicious + malicious['no-match']), left).to.be.at.least(0.9);
      expect(benign.malicious, left).to.equal(0);
    }
  });

  it('all get a sentence that says who, how many and when', () => {
    for (const { file, body } of reports) {
      const text = analyzeReport(body, { rule: 'evidence' }).reasons[0]?.text;
      expect(text, file).to.match(
        /\d+ of \d+ engines detects? it.*; (scanned .* \(\d{4}-\d\d-\d\d\)|scan date unknown)\. /,
      );
    }
  });
});
