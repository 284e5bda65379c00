import { expect } from 'chai';
import fc from 'fast-check';
import { reportFromV2 } from '../../src/report/from-v2';
import { reportFromV3 } from '../../src/report/from-v3';
import { ReportShapeError } from '../../src/report/narrow';
import type { Report, ReportType } from '../../src/report/report';

const READERS = { v2: reportFromV2, v3: reportFromV3 };

/** Names that a report is read by, so that random bodies get past the first check; and those that do harm. */
const NAMES = [
  ...[
    'data',
    'type',
    'id',
    'attributes',
    'error',
    'code',
    'message',
    'response_code',
    'positives',
    'total',
    'scans',
  ],
  ...[
    'last_analysis_stats',
    'malicious',
    'harmless',
    'last_analysis_results',
    'last_analysis_date',
    'detected',
  ],
  ...['category', 'result', 'tags', 'categories', 'popular_threat_classification', 'resource', 'verbose_msg'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'],
];

const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 6 },
    tie('leaf'),
    tie('object'),
    tie('object'),
    fc.array(tie('body'), { maxLength: 4 }),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...NAMES), tie('body')), { maxLength: 8 })
    // As JSON.parse makes it: `__proto__` is a field like any other.
    .map(
      (fields) =>
        JSON.parse(
          `{${fields.map(([name, value]) => `"${name}":${JSON.stringify(value)}`).join()}}`,
        ) as unknown,
    ),
  leaf: fc.oneof(
    fc.constantFrom(
      null,
      true,
      false,
      0,
      1,
      -1,
      -2,
      1.5,
      1e300,
      '',
      '1',
      'file',
      'domain',
      'analysis',
      'NotFoundError',
    ),
    fc.integer(),
    fc.string(),
  ),
}));

const kind = fc.constantFrom<ReportType>('file', 'url', 'domain', 'ip');

for (const [version, read] of Object.entries(READERS)) {
  describe(`Any JSON for a ${version} answer`, () => {
    it('gives a report of the promised types or is refused, and has no side effects', () => {
      const before = Object.getOwnPropertyNames(Object.prototype).join();
      let reports = 0;
      fc.assert(
        fc.property(kind, fc.oneof(body, body.map(wrapped(version))), (type, answer) => {
          let report: Report;
          try {
            report = read({ type, value: 'asked' }, answer);
          } catch (error) {
            expect(error).to.be.instanceOf(ReportShapeError);
            return;
          }
          reports++;
          expectPromised(report, type);
        }),
        { numRuns: 600 },
      );
      expect(reports).to.be.above(30);
      expect(Object.getOwnPropertyNames(Object.prototype).join()).to.equal(before);
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    });
  });
}

describe('A field named __proto__', () => {
  const harm = '{"polluted": true, "detected": true, "positives": 0}';

  it('never changes the prototype of a v2 report or its engines, and is dropped', () => {
    const answer = `{"response_code": 1, "__proto__": ${harm}, "scans": {"__proto__": ${harm}, "A": {"detected": true, "result": "x"}}}`;
    const report = reportFromV2({ type: 'file', value: 'asked' }, JSON.parse(answer));
    expectPlain(report);
    expectPlain(report.scans ?? {});
    expect(Object.keys(report.scans ?? {})).to.deep.equal(['A']);
  });

  it('never changes the prototype of a v3 report or its engines, and is dropped', () => {
    const answer = `{"data": {"__proto__": ${harm}, "attributes": {"__proto__": {"tags": ["inherited"]},
      "last_analysis_results": {"__proto__": ${harm}, "A": {"category": "malicious", "result": "x", "__proto__": ${harm}}}}}}`;
    const report = reportFromV3({ type: 'domain', value: 'asked' }, JSON.parse(answer));
    expectPlain(report);
    expectPlain(report.scans ?? {});
    expectPlain(report.scans?.['A'] ?? {});
    expect(Object.keys(report.scans ?? {})).to.deep.equal(['A']);
    expect(report).not.to.have.property('tags');
  });
});

function expectPlain(object: object): void {
  expect(Object.getPrototypeOf(object)).to.equal(Object.prototype);
  expect(Object.hasOwn(object, '__proto__')).to.equal(false);
  expect(object).not.to.have.property('polluted');
}

function expectPromised(report: Report, type: ReportType): void {
  expectPlain(report);
  expect(report.type).to.equal(type);
  expect(report.resource).to.be.a('string').and.not.equal('');
  expect([1, 0, -1, -2]).to.include(report.response_code);
  expect(report.verbose_msg).to.be.a('string');
  for (const count of [report.positives, report.total, report.suspicious]) {
    if (count !== undefined) expect(Number.isSafeInteger(count) && count >= 0).to.equal(true);
  }
  if (report.tags !== undefined) expect(report.tags.every((tag) => typeof tag === 'string')).to.equal(true);
  for (const scan of Object.values(report.scans ?? {})) {
    expect(scan.detected).to.be.a('boolean');
    expect(scan.result === null || typeof scan.result === 'string').to.equal(true);
  }
}

/** Puts a random body where it is most likely taken for a report. */
function wrapped(version: string): (part: unknown) => unknown {
  const fields = (part: unknown) => (typeof part === 'object' && part !== null ? part : {});
  return version === 'v2'
    ? (part) => ({ ...fields(part), response_code: 1 })
    : (part) => ({ data: { attributes: fields(part) } });
}
