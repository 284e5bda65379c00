import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { recognizeIoc } from '../../src/ioc/recognize';

/** Makes a value as a function node does, whose globals are not those of the nodes. */
const made = (expression: string): unknown => runInNewContext(expression, { Buffer, URL });
const found = (value: unknown): string[] =>
  extractIocs(value).iocs.map(({ value, path }) => `${value} at ${path}`);

describe('A value made in a function node', () => {
  const bytes = [...Buffer.from('see baddomain.com')].join();
  for (const [expression, ...expected] of [
    [
      'new Map([["a", "baddomain.com"], [7, ["45.77.12.34"]]])',
      'baddomain.com at a',
      '45.77.12.34 at [1][0]',
    ],
    ['new Map([["baddomain.com", 3]])', 'baddomain.com at ["baddomain.com"]'],
    ['new Set(["baddomain.com", {ip: "45.77.12.34"}])', 'baddomain.com at [0]', '45.77.12.34 at [1].ip'],
    ['({list: ["baddomain.com"]})', 'baddomain.com at list[0]'],
    ['new String("baddomain.com")', 'baddomain.com at '],
    ['[Object("baddomain.com")]', 'baddomain.com at [0]'],
    [`Uint8Array.from([${bytes}])`, 'baddomain.com at '],
    [`Uint8Array.from([${bytes}]).buffer`, 'baddomain.com at '],
    ['Buffer.from("see baddomain.com")', 'baddomain.com at '],
    ['new URL("http://baddomain.com/x")', 'http://baddomain.com/x at '],
    ['new Error("no way to baddomain.com")', 'baddomain.com at message'],
    [
      'Object.assign(new Error("x", {cause: new TypeError("45.77.12.34 refused")}), {host: "baddomain.com"})',
      '45.77.12.34 at cause.message',
      'baddomain.com at host',
    ],
    ['Object.assign(Object.create(null), {a: "baddomain.com"})', 'baddomain.com at a'],
    ['new (class Alert { constructor() { this.host = "baddomain.com" } })()', 'baddomain.com at host'],
    ['new Map([["a", new Map([["b", new Set(["baddomain.com"])]])]])', 'baddomain.com at a.b[0]'],
    [
      '[new Date(0), /baddomain.com/, 1n, Symbol("baddomain.com"), new Number(7), new Float32Array(9), new DataView(new ArrayBuffer(4))]',
    ],
    ['new Proxy({}, {ownKeys() { throw new Error("no") }, getPrototypeOf() { throw new Error("no") }})'],
    [
      '({get a() { throw new Error("no") }, get [Symbol.toStringTag]() { throw new Error("no") }, b: "baddomain.com"})',
      'baddomain.com at b',
    ],
    [
      'Object.assign(new Map([["a", "baddomain.com"]]), {entries: 1, values: null, [Symbol.iterator]: null})',
      'baddomain.com at a',
    ],
  ] as const) {
    it(`is searched: ${expression.slice(0, 80)}`, () => {
      expect(found(made(expression))).to.deep.equal(expected);
    });
  }

  it('is recognized as one indicator, as a boxed string too', () => {
    expect(recognizeIoc('domain', made('new String(" BadDomain.com ")'))).to.deep.equal({
      value: 'baddomain.com',
    });
    expect(recognizeIoc('file', made('new Uint8Array(3)'))).to.deep.equal({
      reason: 'a Buffer of 3 bytes (turn it into a string first), not a file hash',
    });
  });
});
