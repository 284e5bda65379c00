import { expect } from 'chai';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { extractIocs } from '../../src/ioc/extract';
import type { Indicator, IocType } from '../../src/ioc/ioc';
import { recognizeIoc } from '../../src/ioc/recognize';
import { corpus } from '../../tools/ioc-corpus/corpus';

const found = (value: unknown, options = {}) =>
  extractIocs(value, options).iocs.map(({ type, value }) => `${type} ${value}`);

const letters = 'abcdefghijklmnopqrstuvwxyz';
const label = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...letters), minLength: 2, maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(...letters, ...'0123456789-'), maxLength: 8 }),
    fc.string({ unit: fc.constantFrom(...letters), minLength: 2, maxLength: 4 }),
  )
  .map(([first, middle, last]) => `${first}${middle.replace(/-+/g, '-')}${last}`)
  .filter((name) => !/^(?:this|self|com|org|net)$/.test(name));
const domain = fc
  .tuple(
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('com', 'net', 'org', 'ru', 'xyz', 'de', 'co.uk', 'com.br'),
  )
  .map(([labels, ending]) => `${labels.join('.')}.${ending}`)
  .filter(
    (name) => !/^(?:java|system|android|kotlin|scala|sun|edu|gov|io|de|fr|uk|ch|nl|asp|vb|ml)\./.test(name),
  );
const octet = fc.integer({ min: 0, max: 255 });
const address = fc
  .oneof(
    fc.tuple(fc.integer({ min: 11, max: 99 }), octet, octet, octet).map((octets) => octets.join('.')),
    fc
      .tuple(
        fc.constantFrom('2606', '2a00', '2001:4860'),
        fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: 2, maxLength: 4 }),
      )
      .map(([network, groups]) =>
        ipaddr.IPv6.parse(
          `${network}::${groups.map((group) => group.toString(16)).join(':')}`,
        ).toRFC5952String(),
      ),
  )
  .filter((value) => ipaddr.parse(value).range() === 'unicast');
const hash = fc
  .constantFrom(32, 40, 64)
  .chain((length) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length }),
  )
  .filter((value) => /[a-f]/.test(value) && !/^(.)\1*$/.test(value));
const path = fc
  .array(
    fc.string({ unit: fc.constantFrom(...letters, ...'0123456789_-.~%'), minLength: 1, maxLength: 10 }),
    { maxLength: 4 },
  )
  .map((segments) => segments.map((segment) => `/${segment}`).join(''))
  .map((value) => value.replace(/[^a-z0-9]+$/, '') || '/');
const url = fc
  .tuple(
    fc.constantFrom('http', 'https', 'ftp'),
    fc.oneof(
      domain,
      address.filter((value) => !value.includes(':')),
    ),
    fc.option(fc.integer({ min: 1024, max: 65535 }), { nil: undefined }),
    path,
    fc.option(
      fc.string({ unit: fc.constantFrom(...letters, ...'0123456789=&_-'), minLength: 1, maxLength: 12 }),
      { nil: undefined },
    ),
  )
  .map(([scheme, host, port, way, query]) => {
    const end = query === undefined ? '' : `?${query.replace(/[^a-z0-9]+$/, '')}x`;
    return `${scheme}://${host}${port === undefined ? '' : `:${port}`}${way}${end}`;
  });

const ofType =
  (type: IocType) =>
  (value: string): Indicator => ({ type, value });
const indicator: fc.Arbitrary<Indicator> = fc.oneof(
  domain.map(ofType('domain')),
  address.map(ofType('ip')),
  hash.map(ofType('file')),
  url.map(ofType('url')),
);

const DOTS = ['.', '[.]', '(.)', '{.}', '[dot]', '(dot)', '\\.', '[.', '\u200b.', '．', '&#46;', '[[.]]'];
const SCHEMES = ['://', '[://]', '[:]//', ':[/][/]'];

/** The same as a cautious person writes it. */
function defanged({ type, value }: Indicator, dot: string, colon: string, isShouted: boolean): string {
  if (type === 'file') return isShouted ? value.toUpperCase() : value;
  if (type === 'ip') return value.replaceAll('.', dot).replaceAll(':', colon === '://' ? ':' : '[:]');
  if (type === 'domain') return (isShouted ? value.toUpperCase() : value).replaceAll('.', dot);
  const [scheme = '', host = '', rest = ''] = /^(\w+):\/\/([^/?]+)(.*)$/.exec(value)?.slice(1) ?? [];
  return `${scheme.replace('tt', 'xx')}${colon}${host.replaceAll('.', dot)}${rest}`;
}

const WORDS =
  'the attacker used a new loader and we saw it again yesterday. It was sent to (three) people, who "opened" it; nobody knows why! ' +
  'Der Angriff war gut, et la suite? 3.5 of 10 at 12:30 v2.1 setup.exe README.md e.g. jane@corp.com and/or #1 C:\\temp';
const prose = fc
  .array(fc.constantFrom(...WORDS.split(' ')), { minLength: 1, maxLength: 8 })
  .map((words) => words.join(' '));
const wrapping = fc.constantFrom<[string, string]>(
  ['', ''],
  ['(', ')'],
  ['"', '"'],
  ['`', '`'],
  ['**', '**'],
  ['', '.'],
  ['', ','],
  ['<', '>'],
  ["'", "'"],
  ['', '?'],
);

describe('A search', () => {
  it('finds exactly what was defanged and put between prose', () => {
    const piece = fc.record({
      indicator,
      before: prose,
      wrapping,
      dot: fc.constantFrom(...DOTS),
      colon: fc.constantFrom(...SCHEMES),
      isShouted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), prose, (pieces, after) => {
        const parts = pieces.map(({ indicator, before, wrapping: [open, close], dot, colon, isShouted }) =>
          [before, `${open}${defanged(indicator, dot, colon, isShouted)}${close}`].join(' '),
        );
        const expected = [
          ...new Set(pieces.map(({ indicator: { type, value } }) => `${type} ${withPath(value)}`)),
        ];
        expect(found([...parts, after].join(' '))).to.deep.equal(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same indicators in its own result', () => {
    const text = fc.oneof(
      fc.constantFrom(
        ...Object.values(corpus)
          .flat()
          .map(([value]) => value),
      ),
      fc
        .array(
          fc.oneof(
            fc.constantFrom(...DOTS, ...SCHEMES, 'http', 'a', '1', ' ', '/', '@', 'com', 'zip'),
            prose,
          ),
        )
        .map((all) => all.join('')),
      fc.anything(),
    );
    fc.assert(
      fc.property(text, (value) => {
        const extraction = extractIocs(value, { hosts: true, mailDomains: true });
        // Without the text as it stood: it may be encoded, and what said so is not in it.
        const { iocs, skipped } = extraction;
        // A list of records that differ in nothing but their hashes could be one file.
        const records = iocs.map(({ type, value, path }, index) => ({
          type,
          value,
          path,
          comment: `no ${index}`,
        }));
        const again = extractIocs({ iocs: records, skipped }, { hosts: true, mailDomains: true });
        const values = (list: readonly Indicator[]) => list.map(({ type, value }) => `${type} ${value}`);
        expect(values(again.iocs)).to.deep.equal(values(extraction.iocs));
        expect(values(again.skipped)).to.deep.equal(values(extraction.skipped));
      }),
      { numRuns: 1500 },
    );
  });

  it('returns canonical values, which are recognized as their type', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom(
              ...Object.values(corpus)
                .flat()
                .map(([value]) => value),
            ),
          ),
          { maxLength: 3 },
        ),
        (value) => {
          for (const { type, value: canonical } of extractIocs(value, {
            skipPrivate: false,
            hosts: true,
            mailDomains: true,
          }).iocs) {
            expect(recognizeIoc(type, canonical)).to.deep.equal({ value: canonical });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withMap: true,
          withSet: true,
          withDate: true,
          withTypedArray: true,
          withBigInt: true,
          withNullPrototype: true,
          withSparseArray: true,
          withBoxedValues: true,
        }),
        (value) => {
          extractIocs(value);
          for (const type of ['domain', 'file', 'ip', 'url'] as const) recognizeIoc(type, value);
        },
      ),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(
        fc
          .array(
            fc.constantFrom(
              ...'[.](){}:/\\@%&=<>|"\'`,;-_ \n\r\t',
              'http',
              'hxxp',
              '://',
              'dot',
              'www.',
              'é',
              '日',
              '\ud83d',
              '\u200b',
              '1',
              'f',
              'com',
              'zip',
              '::',
              'xn--',
              '=3D',
            ),
          )
          .map((all) => all.join('')),
        (text) => {
          extractIocs(text, { hosts: true, mailDomains: true, skipPrivate: false });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never returns a private indicator when guarded, in any spelling', () => {
    const privateV4 = fc
      .oneof(
        fc.tuple(fc.constant(10), octet, octet, octet),
        fc.tuple(fc.constant(127), octet, octet, octet),
        fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
        fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
        fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
        fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
      )
      .map((octets) => octets as number[]);
    const spelled = fc
      .tuple(privateV4, fc.constantFrom('dotted', 'integer', 'hex', 'octal', 'mapped', 'mapped hex', 'short'))
      .map(([octets, spelling]) => {
        const [a = 0, b = 0, c = 0, d = 0] = octets;
        const number = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
        if (spelling === 'integer') return String(number);
        if (spelling === 'hex') return `0x${number.toString(16)}`;
        if (spelling === 'octal') return octets.map((one) => `0${one.toString(8)}`).join('.');
        if (spelling === 'mapped') return `[::ffff:${octets.join('.')}]`;
        if (spelling === 'mapped hex')
          return `[::ffff:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}]`;
        if (spelling === 'short') return `${a}.${(b << 16) | (c << 8) | d}`;
        return octets.join('.');
      });
    const privateV6 = fc
      .tuple(
        fc.constantFrom(
          'fd12',
          'fe80',
          'fec0',
          'ff02',
          '2001:db8',
          '64:ff9b::a00',
          '2002:a00',
          '2002:c0a8',
          '100',
        ),
        fc.integer({ min: 1, max: 0xffff }),
      )
      .map(([start, end]) => `[${start}${start.includes('::') ? ':' : '::'}${end.toString(16)}]`);
    fc.assert(
      fc.property(
        fc.oneof(spelled, privateV6),
        fc.constantFrom('http://', 'hxxps://', 'ftp://user@'),
        (host, scheme) => {
          const { iocs, skipped } = extractIocs([`${scheme}${host}/x`, { ip: host }], { hosts: true });
          expect(iocs).to.deep.equal([]);
          expect(skipped).not.to.be.empty;
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** `http://a.com` is looked up as `http://a.com/`. */
function withPath(value: string): string {
  return value.replace(/^(\w+:\/\/[^/?]+)(?=\?|$)/, '$1/');
}
