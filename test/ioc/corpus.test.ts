import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { corpus } from '../../tools/ioc-corpus/corpus';

describe('extracting what a person would look up', () => {
  for (const [name, rows] of Object.entries(corpus)) {
    describe(`from ${name}`, () => {
      for (const [value, ...expected] of rows) {
        it(title(value), () => {
          const { iocs, skipped } = extractIocs(value);
          const found = iocs.map((ioc) => `${ioc.type} ${ioc.value}`);
          const kept = skipped.map((ioc) => `skipped ${ioc.type} ${ioc.value}`);
          expect([...found, ...kept]).to.deep.equal(expected);
        });
      }
    });
  }

  const rows = Object.values(corpus).flat();

  it('is shown by at least 250 texts, half of which hold nothing to look up, each text once', () => {
    expect(rows).to.have.length.above(250);
    const negatives = rows.filter(([, ...expected]) => expected.every((line) => line.startsWith('skipped')));
    expect(negatives.length / rows.length).to.be.within(0.5, 0.6);
    expect(new Set(rows.map(([value]) => title(value, Infinity)))).to.have.property('size', rows.length);
  });
});

function title(value: unknown, limit = 110): string {
  const text = Buffer.isBuffer(value)
    ? `Buffer ${value.toString()}`
    : (JSON.stringify(value) ?? String(value));
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}
