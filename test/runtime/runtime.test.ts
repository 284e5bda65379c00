import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { baseName } from '../../src/ioc/bytes-hash';
import { nodeRuntime } from '../../src/runtime/node';
import { bytesOfHex, textOf } from '../../src/runtime/text-bytes';
import { webRuntime } from '../../src/runtime/web';

const web = webRuntime();
const node = nodeRuntime() ?? web;

const elsewhere = (code: string): unknown => runInNewContext(code) as unknown;

/** Values of each kind, of this realm and another, and what only looks like them. */
const VALUES: Record<string, unknown> = {
  'a Buffer': Buffer.from('a'),
  'a Uint8Array': new Uint8Array(2),
  'a Uint8Array of another realm': elsewhere('new Uint8Array(2)'),
  'a Uint16Array': new Uint16Array(2),
  'an ArrayBuffer': new ArrayBuffer(2),
  'an ArrayBuffer of another realm': elsewhere('new ArrayBuffer(2)'),
  'a SharedArrayBuffer': new SharedArrayBuffer(2),
  'a DataView': new DataView(new ArrayBuffer(2)),
  'a Date': new Date(0),
  'a Map of another realm': elsewhere('new Map()'),
  'a Map': new Map(),
  'a Set': new Set(),
  'an Error': new TypeError('x'),
  'an Error of another realm': elsewhere('new RangeError("x")'),
  'a String object': new String('x'),
  'a text': 'x',
  'a number': 1,
  null: null,
  undefined: undefined,
  'a list': [],
  'an object': {},
  'an object that says it is a Map': { [Symbol.toStringTag]: 'Map', size: 1 },
  'an object that says it is an Error': { [Symbol.toStringTag]: 'Error' },
  'an object with the prototype of a Map': Object.create(Map.prototype) as unknown,
};

describe('The runtime of a browser', () => {
  for (const [name, value] of Object.entries(VALUES))
    it(`says of ${name} what Node.js says`, () => {
      for (const kind of Object.keys(web.types) as (keyof typeof web.types)[])
        expect(web.types[kind](value), kind).to.equal(node.types[kind](value));
    });

  it('decodes Base64 as Node.js does', () => {
    const text = fc.oneof(
      fc.base64String(),
      fc.string(),
      fc.stringMatching(/^[\w+/=-]{0,40}$/),
      fc.base64String().map((valid) => valid.replace(/(.{5})/g, '$1\r\n')),
    );
    fc.assert(
      fc.property(text, (given) => {
        expect([...web.bytesOfBase64(given)]).to.deep.equal([...node.bytesOfBase64(given)]);
      }),
    );
  });

  it('reads bytes as Node.js does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(web.latin1Of(bytes)).to.equal(node.latin1Of(bytes));
        expect(web.isUtf8(bytes)).to.equal(node.isUtf8(bytes));
        expect(textOf(bytes)).to.equal(Buffer.from(bytes).toString());
      }),
    );
    const long = new Uint8Array(100_000).fill(0xe4);
    expect(web.latin1Of(long)).to.equal(node.latin1Of(long));
  });

  it('counts the bytes of a text and knows UTF-8 as Node.js does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(web.utf8Length(text)).to.equal(node.utf8Length(text));
        expect(web.isUtf8(Buffer.from(text))).to.equal(true);
      }),
    );
  });

  it('finds a text in bytes where Node.js does', () => {
    const bytes = fc
      .array(fc.constantFrom(10, 70, 114), { maxLength: 40 })
      .map((list) => Uint8Array.from(list));
    fc.assert(
      fc.property(bytes, fc.nat(40), (given, from) => {
        for (const wanted of ['\nFr', 'F', 'rr'])
          expect(web.indexOf(given, wanted, from)).to.equal(node.indexOf(given, wanted, from));
      }),
    );
  });

  it('hashes as Node.js does, in whatever pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        const [own, known] = [web.sha256(), createHash('sha256')];
        for (const piece of pieces) {
          own.update(piece);
          known.update(piece);
        }
        expect(own.hex()).to.equal(known.digest('hex'));
      }),
    );
  });

  it('writes a name in ASCII as Node.js does', () => {
    const names = [
      'münchen.de',
      'xn--a',
      'EXAMPLE.com',
      '例え.テスト',
      'a b',
      '',
      '1.2.3',
      'a..b',
      'ß.de',
      'x',
      'faß.de',
    ];
    for (const name of names) expect(web.domainToAscii(name), name).to.equal(node.domainToAscii(name));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (name) => {
        expect(web.domainToAscii(name)).to.equal(node.domainToAscii(name));
      }),
    );
  });
});

describe('Text and bytes', () => {
  it('reads hexadecimal digits as Node.js does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\da-fA-Fg]{0,12}$/), (digits) => {
        expect([...bytesOfHex(digits)]).to.deep.equal([...Buffer.from(digits, 'hex')]);
      }),
    );
  });

  it('names a file without its folder as Node.js does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[abC:/\\.]{0,10}$/), (path) => {
        expect(baseName(path)).to.equal(win32.basename(posix.basename(path)));
      }),
    );
  });
});
