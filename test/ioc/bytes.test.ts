import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { MAX_FILE_BYTES } from '../../src/ioc/bytes-hash';
import { encodingOf } from '../../src/ioc/byte-text';

const hash = (bytes: Uint8Array, kind = 'sha256'): string => createHash(kind).update(bytes).digest('hex');
const binary = (...start: number[]): Buffer =>
  Buffer.from([...start, 0, 1, 2, 0xff, ...new Array<number>(60).fill(0x80)]);
const program = binary(0x4d, 0x5a, 0x90);

const texts: readonly [string, Buffer, string][] = [
  ['UTF-8', Buffer.from('böse.de – 悪い.jp'), 'böse.de – 悪い.jp'],
  ['UTF-8 with its mark', Buffer.from('\ufeffbad.example.com'), 'bad.example.com'],
  ['UTF-16 with its mark', Buffer.from('\ufeffbad.example.com', 'utf16le'), 'bad.example.com'],
  [
    'UTF-16, the high byte first',
    Buffer.from('\ufeffbad.example.com', 'utf16le').swap16(),
    'bad.example.com',
  ],
  ['UTF-16 in Latin letters without a mark', Buffer.from('bad.example.com', 'utf16le'), 'bad.example.com'],
  [
    'a log in Latin-1',
    Buffer.from('Zugriff für Müller auf bad.example.com verweigert', 'latin1'),
    'Zugriff für Müller auf bad.example.com verweigert',
  ],
  [
    'a log with the colors of a terminal',
    Buffer.from('\x1b[31mERROR\x1b[0m bad.example.com'),
    '\x1b[31mERROR\x1b[0m bad.example.com',
  ],
  ['a word that begins as a program does', Buffer.from('MZ is a city code'), 'MZ is a city code'],
  ['an archive in base64', Buffer.from('UEsDBBQAAAAI'), 'UEsDBBQAAAAI'],
];

const files: readonly [string, Buffer][] = [
  ['a program of Windows', program],
  ['a program of Linux', binary(0x7f, 0x45, 0x4c, 0x46)],
  ['an archive', Buffer.from('PK\x03\x04name', 'latin1')],
  ['a PDF of letters alone', Buffer.from('%PDF-1.4\n1 0 obj << /URI (http://bad.example.com/) >>\n')],
  ['an old Office document', binary(0xd0, 0xcf, 0x11, 0xe0)],
  ['a picture', binary(0xff, 0xd8, 0xff, 0xe0)],
  [
    'random bytes without a zero',
    Buffer.from(Array.from({ length: 400 }, (_, at) => 1 + ((at * 97 + 31) % 255))),
  ],
  ['bytes with a zero within text', Buffer.from('bad.example.com\0bad.example.org')],
  ['what begins with the mark of UTF-16 and is none', Buffer.from([0xff, 0xfe, 1, 0, 2, 0, 3, 0])],
];

describe('Bytes in a value', () => {
  for (const [name, bytes, text] of texts)
    it(`are read as text: ${name}`, () => {
      expect(new TextDecoder(encodingOf(bytes)).decode(bytes)).to.equal(text);
      expect(extractIocs(bytes).iocs.filter(({ type }) => type === 'file')).to.deep.equal([]);
    });

  for (const [name, bytes] of files)
    it(`are hashed and not searched: ${name}`, () => {
      const value = hash(bytes);
      expect(extractIocs(bytes)).to.deep.equal({
        iocs: [{ type: 'file', value, text: value, path: '', hashes: { sha256: value } }],
        skipped: [],
      });
    });

  const sharedOf = (bytes: Uint8Array): SharedArrayBuffer => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return shared;
  };
  const ofAnotherRealm = (expression: string): unknown =>
    runInNewContext(expression, { Buffer, list: [...program] });
  for (const [name, value] of [
    ['a Buffer that went through JSON', JSON.parse(JSON.stringify(program))],
    ['JSON text of a Buffer', JSON.stringify(program)],
    ['a Buffer of a function node', ofAnotherRealm('Buffer.from(list)')],
    ['an array of bytes of another realm', ofAnotherRealm('Uint8Array.from(list)')],
    ['an ArrayBuffer', new Uint8Array(program).buffer],
    ['a shared one', sharedOf(program)],
    ['a DataView', new DataView(new Uint8Array(program).buffer)],
    ['an array of signed bytes', new Int8Array(program)],
    ['an array of clamped bytes of another realm', ofAnotherRealm('Uint8ClampedArray.from(list)')],
    ['an object of another realm as JSON has it', ofAnotherRealm('({type: "Buffer", data: list})')],
  ] as const)
    it(`are hashed as ${name}`, () => {
      expect(extractIocs(value).iocs.map((ioc) => ioc.value)).to.deep.equal([hash(program)]);
    });

  it('that were transferred to a worker are none, and the rest is searched', () => {
    for (const make of [(bytes: Uint8Array) => bytes, (bytes: Uint8Array) => new DataView(bytes.buffer)]) {
      const bytes = new Uint8Array(program);
      const gone = make(bytes);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      const { iocs } = extractIocs({ gone, buffer: bytes.buffer, url: 'http://bad.example.com/x' });
      expect(iocs.map((ioc) => ioc.value)).to.deep.equal(['http://bad.example.com/x']);
    }
  });

  it('of attachments are one file each, with its name, whatever mailparser says of their hash', () => {
    const script = Buffer.from('GetObject("http://bad.example.com/x")');
    const attachments = [
      { filename: 'C:\\Users\\x\\invoice.exe', content: program, checksum: hash(program, 'md5'), size: 66 },
      { filename: 'run.vbs', content: script, contentType: 'text/vbscript' },
    ];
    const { iocs } = extractIocs({ attachments });
    expect(iocs.map(({ type, value, name, path }) => ({ type, value, name, path }))).to.have.deep.members([
      { type: 'file', value: hash(program), name: 'invoice.exe', path: 'attachments[0].content' },
      { type: 'file', value: hash(script), name: 'run.vbs', path: 'attachments[1].content' },
      { type: 'url', value: 'http://bad.example.com/x', name: undefined, path: 'attachments[1].content' },
    ]);
    expect(iocs[0]?.hashes).to.deep.equal({ md5: hash(program, 'md5'), sha256: hash(program) });
  });

  it('that are an id, a key or a digest within a value are no file', () => {
    const value = { _id: binary(1, 2).subarray(0, 12), key: binary(3, 4).subarray(0, 32) };
    expect(extractIocs(value)).to.deep.equal({ iocs: [], skipped: [] });
  });

  it('that are none say so, as the hash of the empty file', () => {
    const { iocs, skipped } = extractIocs({ attachments: [{ filename: 'x', content: Buffer.alloc(0) }] });
    expect(iocs).to.deep.equal([]);
    expect(skipped.map(({ reason }) => reason)).to.deep.equal(['hash of the empty file']);
  });

  it('may be more than text may be, up to 650 MiB', () => {
    const large = Buffer.concat([program, Buffer.alloc(9 * 1024 * 1024)]);
    expect(extractIocs({ content: large }).iocs.map((ioc) => ioc.value)).to.deep.equal([hash(large)]);
    expect(() => extractIocs(new Uint8Array(MAX_FILE_BYTES + 1))).to.throw(
      /File too large: it has 681574401 bytes/,
    );
  });
});
