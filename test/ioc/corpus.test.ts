import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { corpus } from './corpus/corpus';

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

  it('is shown by at least 250 texts, about half of which hold nothing to look up', () => {
    expect(rows).to.have.length.above(250);
    const negatives = rows.filter(([, ...expected]) => expected.length === 0);
    expect(negatives.length / rows.length).to.be.within(0.4, 0.6);
  });
});

function title(value: unknown): string {
  const text = Buffer.isBuffer(value)
    ? `Buffer ${value.toString()}`
    : (JSON.stringify(value) ?? String(value));
  return text.length > 110 ? `${text.slice(0, 107)}...` : text;
}
