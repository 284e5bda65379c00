import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';

// Column n of a row says what n positives are under that threshold alone. Where both rows have a letter, M stands.
const MALICIOUS: Record<number, string> = {
  //   0         1         2         3
  //   0123456789012345678901234567890
  1: '.MMMMMMMMMMMMMMMMMMMMMMMMMMMMMM',
  2: '..MMMMMMMMMMMMMMMMMMMMMMMMMMMMM',
  3: '...MMMMMMMMMMMMMMMMMMMMMMMMMMMM',
  4: '....MMMMMMMMMMMMMMMMMMMMMMMMMMM',
  5: '.....MMMMMMMMMMMMMMMMMMMMMMMMMM',
  10: '..........MMMMMMMMMMMMMMMMMMMMM',
  15: '...............MMMMMMMMMMMMMMMM',
  20: '....................MMMMMMMMMMM',
  25: '.........................MMMMMM',
};
const TRUSTED: Record<number, string> = {
  0: '...............................',
  1: 'T..............................',
  2: 'TT.............................',
  3: 'TTT............................',
  4: 'TTTT...........................',
  5: 'TTTTT..........................',
  10: 'TTTTTTTTTT.....................',
};
const VERDICT_OF: Record<string, { verdict: string; output: number }> = {
  M: { verdict: 'malicious', output: 1 },
  T: { verdict: 'trusted', output: 2 },
  '.': { verdict: 'no-match', output: 3 },
};
const WITHOUT_RESULT = [
  { response_code: 0, verdict: 'no-match', output: 3 },
  { response_code: -1, verdict: 'error', output: 5 },
  { response_code: -2, verdict: 'error', output: 5 },
];
const KINDS = ['file', 'url', 'domain', 'ip'];
const POSITIVES = Array.from({ length: 31 }, (_, n) => n);

const pairs = Object.keys(MALICIOUS).flatMap((malicious) =>
  Object.keys(TRUSTED).map((trusted) => ({ malicious: Number(malicious), trusted: Number(trusted) })),
);

function letter(malicious: number, trusted: number, positives: number): string {
  const [m, t] = [MALICIOUS[malicious]?.[positives], TRUSTED[trusted]?.[positives]];
  return m === 'M' ? 'M' : (t ?? '?');
}

describe('The verdict for every pair of thresholds and 0 to 30 positives', () => {
  for (const type of KINDS) {
    it(`is right for a ${type} with a result`, () => {
      for (const { malicious, trusted } of pairs) {
        for (const positives of POSITIVES) {
          const report = { type, resource: 'x', response_code: 1, positives, total: 70 };
          const { verdict, output, rule } = analyzeReport(report, { malicious, trusted });
          const wanted = letter(malicious, trusted, positives);
          const where = `${positives} positives, >= ${malicious}, < ${trusted}`;
          expect({ verdict, output }, where).to.deep.equal(VERDICT_OF[wanted]);
          expect(rule, where).to.equal({ M: `>= ${malicious}`, T: `< ${trusted}`, '.': null }[wanted]);
        }
      }
    });

    it(`is right for a ${type} without a result, whatever numbers the report has`, () => {
      for (const { response_code, verdict, output } of WITHOUT_RESULT) {
        for (const options of pairs) {
          for (const positives of POSITIVES) {
            const report = { type, resource: 'x', response_code, positives, total: 70 };
            const analysis = analyzeReport(report, options);
            expect([analysis.verdict, analysis.output, analysis.rule]).to.deep.equal([verdict, output, null]);
          }
        }
      }
    });

    it(`is No Match for a ${type} without positives or not scanned by any engine`, () => {
      for (const options of pairs) {
        for (const figures of [{}, { positives: 0, total: 0 }, { positives: 9, total: 0 }, { total: 70 }]) {
          const { verdict, output } = analyzeReport(
            { type, resource: 'x', response_code: 1, ...figures },
            options,
          );
          expect([verdict, output]).to.deep.equal(['no-match', 3]);
        }
      }
    });
  }
});
