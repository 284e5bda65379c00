import { expect } from 'chai';
import fc from 'fast-check';
import { VirusTotalError } from '../../src/errors';
import { extractIocs } from '../../src/ioc/extract';
import { LargeJson } from '../../src/ioc/large-json';
import { Search } from '../../src/ioc/search';

/** As JSON.parse, with what it throws as a word. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return 'no JSON';
  }
}

function inSlices(text: string, slice: number): unknown {
  const json = new LargeJson(text, slice);
  try {
    while (json.value === undefined) json.advance();
    return json.value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return 'no JSON';
  }
}

const value = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
const slice = fc.integer({ min: 3, max: 60 });

describe('JSON parsed in slices', () => {
  it('equals the result of JSON.parse for every slice length', () => {
    fc.assert(
      fc.property(value, slice, fc.constantFrom(undefined, 1, '\r\n\t'), (of, size, indent) => {
        const text = JSON.stringify(of, undefined, indent);
        const got = inSlices(text, size);
        expect(got).to.deep.equal(JSON.parse(text));
        expect(JSON.stringify(got)).to.equal(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('fails exactly where JSON.parse fails', () => {
    const signs = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '1',
      'x',
      '"a":',
      '[1,2]',
      '{"a":1}',
    );
    fc.assert(
      fc.property(value, slice, signs, fc.nat(), fc.nat({ max: 3 }), (of, size, sign, place, dropped) => {
        const text = JSON.stringify(of);
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + sign + text.slice(at + dropped);
        // A number or a text as a whole isn't asked for.
        if (!/^[[{]/.test(changed)) return;
        expect(inSlices(changed, size), changed).to.deep.equal(parsed(changed));
      }),
      { numRuns: 2_000 },
    );
  });

  it('may have a field of any name, also twice', () => {
    const long = 'x'.repeat(50);
    const text = `{"__proto__":{"a":["${long}"]},"constructor":"${long}","a":1,"b":"${long}","a":{"c":"${long}"},"2":1,"1":2}`;
    const got = inSlices(text, 10);
    expect(JSON.stringify(got)).to.equal(JSON.stringify(JSON.parse(text)));
    expect(Object.getPrototypeOf(got)).to.equal(Object.prototype);
  });

  it('is refused when it is nested deeper than a search follows and not read further', () => {
    expect(() => inSlices('['.repeat(10_000) + ']'.repeat(10_000), 10)).to.throw(
      VirusTotalError,
      '64 levels',
    );
  });
});

describe('A search in a large JSON text', () => {
  const records = Array.from({ length: 12_500 }, (_, i) => ({
    type: 'domain',
    value: `sub${i % 500}.example${i % 90}.com`,
    note: `see http://host${i % 70}.net/\u00e9 of the \\"list\\"`,
    nested: [{ ip: '45.77.12.34' }],
  }));
  const texts = {
    'as one line': JSON.stringify(records),
    'with line breaks': JSON.stringify(
      { records, more: { note: 'x'.repeat(300_000), value: 'a.zip', type: 'domain' } },
      undefined,
      2,
    ),
    'in a text of JSON': JSON.stringify({ body: JSON.stringify(records) }),
    'as two long lines': `${JSON.stringify({ records })}\n${JSON.stringify({ records, last: 'last.com' })}`,
    'after a line of JSON': `{"ip":"45.77.12.35"}\n${JSON.stringify({ records })}`,
    'that has no end': `${JSON.stringify(records).slice(0, -1)}, hxxp://unfinished[.]com`,
  };
  const values = (text: unknown): string[] =>
    extractIocs(text).iocs.map(({ value: found, path }) => `${path} ${found}`);

  it('finds the same indicators at the same places as in the parsed value', () => {
    const inValue = values({ a: records });
    for (const name of ['as one line', 'in a text of JSON'] as const) {
      const found = values(texts[name]).map((line) => line.replace(/^(?:body)?/, 'a'));
      expect(found, name).to.deep.equal(inValue);
    }
    expect(values(texts['with line breaks'])).to.deep.equal(values(JSON.parse(texts['with line breaks'])));
    expect(values(texts['as two long lines']).join()).to.include('last.com');
    expect(values(texts['after a line of JSON']).join())
      .to.include('45.77.12.35')
      .and.to.include('example7.com');
    expect(values(texts['that has no end']).join())
      .to.include('unfinished.com')
      .and.to.include('example7.com');
  });

  for (const [name, text] of Object.entries(texts)) {
    it(`parses no more than one slice between two checks of the clock: ${name}`, () => {
      const { parse } = JSON;
      let [longest, since, looks] = [0, 0, 0];
      JSON.parse = (part: string, ...more) => {
        since += part.length;
        longest = Math.max(longest, since);
        return parse(part, ...more) as unknown;
      };
      try {
        const search = new Search(text, {});
        while (
          !search.run(() => {
            since = 0;
            looks++;
            return true;
          })
        );
      } finally {
        JSON.parse = parse;
      }
      expect(text.length).to.be.above(1_500_000);
      expect(looks).to.be.above(20);
      // A text in JSON is one text, however long: it is copied, not parsed.
      expect(longest).to.be.below(name === 'in a text of JSON' ? text.length + 300_000 : 320_000);
    });
  }
});
