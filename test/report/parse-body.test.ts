import { expect } from 'chai';
import { MAX_NESTING, parseBody } from '../../src/report/parse-body';
import { ReportShapeError } from '../../src/report/narrow';

const lists = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

describe('A body that is parsed', () => {
  for (const [what, nested] of [
    ['lists', lists],
    ['objects', objects],
  ] as const) {
    it(`may have 200 levels of ${what}, and no more`, () => {
      expect(MAX_NESTING).to.equal(200);
      expect(parseBody(nested(200))).to.deep.equal(JSON.parse(nested(200)));
      for (const levels of [201, 5_000, 1_000_000])
        expect(() => parseBody(nested(levels))).to.throw(ReportShapeError, 'deeper than 200');
    });
  }

  it('is refused wherever the depth is', () => {
    expect(() => parseBody(`{"a":1,"b":[1,{"c":${lists(199)}}]}`)).to.throw(ReportShapeError);
    expect(() => parseBody(`{"__proto__":${lists(200)}}`)).to.throw(ReportShapeError);
    expect(() => parseBody(lists(3))).not.to.throw();
  });

  it('that is no JSON is that', () => {
    expect(() => parseBody('{')).to.throw(SyntaxError);
  });
});
