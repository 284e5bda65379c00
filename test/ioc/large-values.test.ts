import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { extractIocs, type Extraction } from '../../src/ioc/extract';
import { readHashName } from '../../src/ioc/hash-name';
import { LargeJson } from '../../src/ioc/large-json';
import { Search } from '../../src/ioc/search';

/** What a search finds, and how often it looked at the clock: between two looks nothing else can run. */
function searched(value: unknown): { found: Extraction; looks: number } {
  const search = new Search(value, {});
  let looks = 0;
  while (
    !search.run(() => {
      looks++;
      return true;
    })
  );
  return { found: search.extraction, looks };
}

const values = ({ iocs }: Extraction): string[] => iocs.map(({ value }) => value);

describe('A search of a large value looks at the clock', () => {
  const URL = 'http://baddomain.com/a';
  const MEGABYTE = 1_000_000;
  const fill = (piece: string): string => piece.repeat(MEGABYTE / piece.length);
  /** With an indicator behind it, and the least looks that it takes. */
  const large: [name: string, value: unknown, looks: number][] = [
    ['within a list of numbers', [new Array<number>(3 * MEGABYTE).fill(1), URL], 40],
    ['within a list without content', [new Array<number>(3 * MEGABYTE), URL], 40],
    ['between empty lines of JSON', `{"a":1}\n${fill('\n')}{"a":"${URL}"}`, 50],
    ['between encoded words', `${fill('=?utf-8?q?a_b?= x ')}\n${URL}`, 100],
    ['between encoded words that belong together', `${fill('=?utf-8?q?a_b?= ')}\n${URL}`, 100],
    ['within a long key', { [fill('\\.a')]: URL }, 60],
    [
      'within a line of quoted-printable',
      `Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n${fill('=41')}\n${URL}`,
      32,
    ],
    [
      'between joined lines of quoted-printable',
      `Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n${fill('a=\n')}\n${URL}`,
      32,
    ],
  ];
  for (const [name, value, least] of large) {
    it(name, () => {
      const { found, looks } = searched(value);
      expect(values(found)).to.include(URL);
      expect(looks).to.be.at.least(least);
    });
  }
});

describe('A large value', () => {
  it('is refused at once where a list claims billions of elements', () => {
    const list: unknown[] = ['http://baddomain.com/a'];
    list.length = 2 ** 32 - 1;
    expect(() => extractIocs({ list }))
      .to.throw(/^Too much: the lists of the value have more than 50000000 elements/)
      .with.property('code', 'VT_INVALID_IOC');
  });

  it('is refused where a getter makes further objects without end', () => {
    const more = (): object => ({
      get list(): object[] {
        return Array.from({ length: 1000 }, more);
      },
    });
    expect(() => extractIocs(more()))
      .to.throw(/^Too much/)
      .with.property('code', 'VT_INVALID_IOC');
  });

  it('is refused before bytes of too much text are decoded', () => {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the decoder as `this`
    const { decode } = TextDecoder.prototype;
    let longest = 0;
    TextDecoder.prototype.decode = function (bytes, options) {
      longest = Math.max(longest, bytes?.byteLength ?? 0);
      return decode.call(this, bytes, options);
    };
    try {
      expect(() => extractIocs(Buffer.alloc(9 * 1024 * 1024, 'some text ')))
        .to.throw(/^Too much: the value has more than 8 MiB of text/)
        .with.property('code', 'VT_INVALID_IOC');
    } finally {
      TextDecoder.prototype.decode = decode;
    }
    expect(longest).to.be.below(1024);
  });

  it('is refused as too large a file before its bytes are looked at', () => {
    const bytes = new Uint8Array(0);
    Object.defineProperty(bytes, 'length', { value: 651 * 1024 * 1024 });
    expect(() => extractIocs(bytes))
      .to.throw(/^File too large/)
      .with.property('code', 'VT_INVALID_IOC');
  });

  it('has a short path below a key of megabytes', () => {
    const hosts = Array.from({ length: 100 }, (_, index) => `baddomain${index}.com`);
    const { iocs } = extractIocs({ [`key ${'x'.repeat(1_000_000)}`]: hosts });
    expect(iocs).to.have.length(100);
    for (const [index, { path }] of iocs.entries())
      expect(path).to.match(new RegExp(`^\\["key x{252}…"\\]\\[${index}\\]$`));
  });

  it('has its hashes below a key of megabytes, also one of dots', () => {
    const hashes = Array.from({ length: 200 }, (_, index) => ({
      md5: createHash('md5').update(`${index}`).digest('hex'),
      sha1: createHash('sha1').update(`${index}`).digest('hex'),
    }));
    for (const key of ['x'.repeat(1_000_000), '.'.repeat(1_000_000)]) {
      const { iocs } = extractIocs({ [key]: hashes });
      expect(iocs).to.have.length(200);
      expect(iocs.map(({ hashes: all }) => Object.keys(all ?? {}).length)).to.deep.equal(
        new Array(200).fill(2),
      );
    }
  });

  it('has a key that names no hash, as it is longer than any name', () => {
    const name = `${'word '.repeat(100)}md5`;
    expect(readHashName(name)).to.include({ isHash: false, isKind: false });
    expect(readHashName('word md5')).to.include({ isHash: true, isKind: true });
  });

  it('has no object of a hundred thousand members made of its JSON text, as each member would wait for the others', () => {
    const members = Array.from({ length: 100_000 }, (_, index): [string, number] => [`key${index}`, index]);
    const json = new LargeJson(JSON.stringify(Object.fromEntries(members)));
    while (json.value === undefined) json.advance();
    const objects = [json.value, ...(json.further.get(json.value) ?? [])];
    expect(objects.map((object) => Object.keys(object).length)).to.deep.equal(new Array(5).fill(20_000));
    expect(objects.flatMap((object) => Object.entries(object))).to.deep.equal(members);
  });

  it('has all indicators of JSON text with an object of 45,000 members, in their order', () => {
    // More than two of the objects that are made of it at a time.
    const members = Array.from({ length: 45_000 }, (_, index): [string, string] => [
      `key${index}`,
      index % 9999 === 0 ? `baddomain${index}.com` : 'x',
    ]);
    const object = { first: { inner: Object.fromEntries(members) }, last: 'last.com' };
    const text = JSON.stringify(object);
    expect(extractIocs(text)).to.deep.equal(extractIocs(object));
    // Text in it that is JSON of that size too.
    const nested = JSON.stringify({ ...Object.fromEntries(members), text, end: 'end.com' });
    expect(values(extractIocs(nested))).to.have.length(5 + 2);
  });
});

describe('A value that throws where it is read', () => {
  const revoked = (target: object): unknown => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const throws = (target: object): unknown =>
    new Proxy(target, {
      get: () => {
        throw new Error('not to be read');
      },
    });
  const mail = { headers: { subject: 'x' }, from: 'x@baddomain.com', text: 'Hello' };
  const values: [name: string, value: unknown][] = [
    ['a list that is revoked', revoked([])],
    ['a list without a length', throws([1])],
    ['an object that is revoked', revoked({})],
    [
      'an element that throws',
      Object.defineProperty([1], 0, {
        get() {
          throw new Error('not to be read');
        },
      }),
    ],
    ['a mail with a list of attachments that is revoked', { ...mail, attachments: revoked([]) }],
    ['a mail with a list of attachments without a length', { ...mail, attachments: throws([]) }],
    ['a mail with a header that is revoked', { ...mail, headers: revoked([]), header: revoked({}) }],
    [
      'a mail with an attachment that is revoked',
      { ...mail, attachments: [revoked({}), { content: revoked([]) }] },
    ],
  ];
  for (const [name, value] of values)
    it(`is passed over: ${name}`, () => {
      const { iocs } = extractIocs([value, 'http://baddomain.com/a']);
      expect(iocs.map((ioc) => ioc.value)).to.deep.equal(['http://baddomain.com/a']);
    });
});
