import { expect } from 'chai';
import { MAX_NESTING, parseBody } from '../../src/report/parse-body';
import { ReportShapeError } from '../../src/report/narrow';

const lists = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

describe('A parsed body', () => {
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

  it('is refused for its depth, wherever that is', () => {
    expect(() => parseBody(`{"a":1,"b":[1,{"c":${lists(199)}}]}`)).to.throw(ReportShapeError);
    expect(() => parseBody(`{"__proto__":${lists(200)}}`)).to.throw(ReportShapeError);
    expect(() => parseBody(lists(3))).not.to.throw();
  });

  it('is refused for its depth, whatever comes before or after it', () => {
    for (const others of [1, 99, 100, 101, 150, 250, 500, 1_000]) {
      const many = Array.from({ length: others }, () => '{"a":[]}').join();
      for (const levels of [199, 200]) {
        const bodies = [
          `[[${many}],${lists(levels)}]`,
          `[${lists(levels)},"[[[",${many}]`,
          `{"a":${objects(levels)},"b":[${many}]}`,
          `[[${many}],${lists(levels)},[${many}]]`,
        ];
        for (const body of bodies)
          if (levels < 200) expect(parseBody(body)).to.deep.equal(JSON.parse(body));
          else expect(() => parseBody(body)).to.throw('deeper than 200');
      }
    }
  });

  it('is refused as no JSON when it is none', () => {
    expect(() => parseBody('{')).to.throw(SyntaxError);
  });
});
