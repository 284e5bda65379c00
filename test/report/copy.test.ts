import { expect } from 'chai';
import fc from 'fast-check';
import { copyJson, copyReport } from '../../src/report/copy';
import type { Report } from '../../src/report/report';

/** Whether an object or list is reachable from both. */
function shared(a: unknown, b: unknown): boolean {
  const of = (value: unknown, seen = new Set<unknown>()): Set<unknown> => {
    if (typeof value !== 'object' || value === null) return seen;
    seen.add(value);
    for (const inner of Object.values(value)) of(inner, seen);
    return seen;
  };
  const all = of(a);
  return [...of(b)].some((one) => all.has(one));
}

const json = fc.jsonValue({ depthSize: 'medium' });

describe('A copied report', () => {
  it('equals any JSON value in content and order and shares no object with it', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        const original = JSON.parse(text) as unknown;
        const copied = copyJson(original);
        expect(JSON.stringify(copied)).to.equal(text);
        expect(shared(original, copied)).to.equal(false);
      }),
    );
  });

  it('equals the report in content and order and shares no object with it', () => {
    const field = fc.string().filter((name) => name !== '__proto__');
    const report = fc
      .dictionary(field, json)
      .chain((fields) =>
        fc.record({ before: fc.constant(fields), scans: fc.oneof(json, fc.dictionary(fc.string(), json)) }),
      );
    fc.assert(
      fc.property(report, ({ before, scans }) => {
        const text = JSON.stringify({ ...before, scans, last: [before] });
        const original = JSON.parse(text) as Report;
        const copied = copyReport(original);
        expect(JSON.stringify(copied)).to.equal(text);
        expect(shared(original, copied)).to.equal(false);
      }),
    );
  });

  it('keeps a field named __proto__ as an own field, also in the engines', () => {
    const text =
      '{"scans":{"__proto__":{"detected":true},"A":{"__proto__":{"b":1}}},"more":{"__proto__":{"c":[1]}}}';
    const original = JSON.parse(text) as Report;
    const copied = copyReport(original);
    expect(JSON.stringify(copied)).to.equal(text);
    expect(Object.getPrototypeOf(copied.scans)).to.equal(Object.prototype);
    expect(shared(original, copied)).to.equal(false);
  });
});
