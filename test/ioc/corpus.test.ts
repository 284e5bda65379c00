import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { corpus } from '../../tools/ioc-corpus/corpus';
import { foundIn, inAnyOrder } from '../../tools/ioc-corpus/found';

describe('Extraction from texts of many kinds', () => {
  for (const [name, rows] of Object.entries(corpus)) {
    describe(`${name}`, () => {
      for (const [value, ...expected] of rows) {
        it(title(value), () => {
          const extraction = extractIocs(value);
          const kept = extraction.skipped.map((ioc) => `skipped ${ioc.type} ${ioc.value}`);
          expect(inAnyOrder([...foundIn(extraction), ...kept])).to.deep.equal(inAnyOrder(expected));
        });
      }
    });
  }

  const rows = Object.values(corpus).flat();

  it('is tested with at least 250 texts, each once, half of which hold no indicator', () => {
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
