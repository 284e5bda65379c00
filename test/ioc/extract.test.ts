import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { VirusTotalError } from '../../src/errors';
import { extractIocs } from '../../src/ioc/extract';
import type { ExtractOptions } from '../../src/ioc/extract';

const MD5 = 'f65f6a7b21c494f7f9f0e31678929534';

const found = (value: unknown, options?: ExtractOptions) =>
  extractIocs(value, options).iocs.map(({ type, value }) => `${type} ${value}`);
const places = (value: unknown) => extractIocs(value).iocs.map(({ value, path }) => `${value} at ${path}`);
const texts = (value: unknown) => extractIocs(value).iocs.map(({ value, text }) => `${value} as ${text}`);

describe('The result of a search', () => {
  it('gives the place of an indicator as a person writes it', () => {
    const message = {
      payload: { ioc: { url: 'https://baddomain.com/a' }, list: ['x', '45.77.12.34'] },
      headers: { 'x-from': 'evil-site.net' },
      nested: [[{ md5: MD5 }]],
    };
    expect(places(message)).to.deep.equal([
      'https://baddomain.com/a at payload.ioc.url',
      '45.77.12.34 at payload.list[1]',
      'evil-site.net at headers["x-from"]',
      `${MD5} at nested[0][0].md5`,
    ]);
  });

  it('gives no place for an indicator in the searched text itself', () => {
    expect(places('see baddomain.com')).to.deep.equal(['baddomain.com at ']);
  });

  it('continues into JSON inside a string', () => {
    expect(places({ body: '{"alert": {"domain": "baddomain.com"}}' })).to.deep.equal([
      'baddomain.com at body.alert.domain',
    ]);
    expect(places('[{"ip": "45.77.12.34"}]')).to.deep.equal(['45.77.12.34 at [0].ip']);
  });

  it('keeps the text of an indicator as it stood', () => {
    expect(texts('hxxps[:]//bad\u200bdomain[.]com/a?x=1&amp;y=2, then evil (dot) net.')).to.deep.equal([
      'https://baddomain.com/a?x=1&y=2 as hxxps[:]//bad\u200bdomain[.]com/a?x=1&amp;y=2',
      'evil.net as evil (dot) net',
    ]);
    expect(texts(`${MD5.toUpperCase()} BADDOMAIN.com http://user:pw@x.com/#top`)).to.deep.equal([
      `${MD5} as ${MD5.toUpperCase()}`,
      'baddomain.com as BADDOMAIN.com',
      'http://x.com/ as http://user:pw@x.com/#top',
    ]);
  });

  it('lists each indicator once, in order of first appearance', () => {
    const alert = { b: 'evil-site.net', a: ['BADDOMAIN.com', 'evil-site.net'], c: 'baddomain[.]com' };
    expect(places(alert)).to.deep.equal(['evil-site.net at b', 'baddomain.com at a[0]']);
  });

  it('treats URLs that differ only in unsent parts as one', () => {
    const text =
      'http://baddomain.com http://baddomain.com/ http://u:p@baddomain.com:80/#x HTTP://BADDOMAIN.COM/';
    expect(found(text)).to.deep.equal(['url http://baddomain.com/']);
  });

  it('lists each skipped indicator once with its reason', () => {
    expect(extractIocs('10.0.0.1 and 10.0.0.1, http://nas.lan/').skipped).to.deep.equal([
      { type: 'ip', value: '10.0.0.1', reason: 'private address (RFC 1918)' },
      { type: 'url', value: 'http://nas.lan/', reason: 'internal name (.lan)' },
    ]);
  });
});

describe('The options of a search', () => {
  it('report the hosts of URLs on request', () => {
    const text = 'https://www.baddomain.com/x http://45.77.12.34:8080/y http://[2606:4700::1111]/z';
    expect(found(text)).to.have.length(3);
    expect(found(text, { hosts: true })).to.deep.equal([
      'url https://www.baddomain.com/x',
      'domain www.baddomain.com',
      'url http://45.77.12.34:8080/y',
      'ip 45.77.12.34',
      'url http://[2606:4700::1111]/z',
      'ip 2606:4700::1111',
    ]);
  });

  it('report the domains of mail addresses on request', () => {
    const text = 'from billing@baddomain.com, cc x[at]evil-site[.]net';
    expect(found(text)).to.be.empty;
    expect(found(text, { mailDomains: true })).to.deep.equal([
      'domain baddomain.com',
      'domain evil-site.net',
    ]);
  });

  it('send private and internal indicators only on request', () => {
    const text = '10.0.0.1, nas.lan and http://127.0.0.1/x';
    expect(found(text)).to.be.empty;
    expect(found(text, { skipPrivate: false })).to.deep.equal([
      'ip 10.0.0.1',
      'domain nas.lan',
      'url http://127.0.0.1/x',
    ]);
  });

  it('never send a single label', () => {
    expect(found({ hostname: 'fileserver01' }, { skipPrivate: false })).to.be.empty;
  });

  it('skip what the allow list names', () => {
    const { iocs, skipped } = extractIocs('mail.corp.com 8.8.8.8 baddomain.com', {
      allowList: 'corp.com\n8.8.8.0/24',
    });
    expect(iocs.map(({ value }) => value)).to.deep.equal(['baddomain.com']);
    expect(skipped.map(({ value, reason }) => `${value} ${reason}`)).to.deep.equal([
      'mail.corp.com on the allow list',
      '8.8.8.8 on the allow list',
    ]);
  });

  it('raise errors of one class for every wrong value', () => {
    for (const [value, options] of [
      ['x', { allowList: 'no good' }],
      [Array.from({ length: 5001 }, (_, index) => `host${index}.com`), {}],
      [{ a: JSON.stringify(Array.from({ length: 70 }).reduce((inner) => [inner], 'x')) }, {}],
    ] as const)
      expect(() => extractIocs(value, options)).to.throw(VirusTotalError);
  });

  it('refuse an unreadable allow list before the search', () => {
    expect(() => extractIocs('', { allowList: ['fine.com', 'no good'] }))
      .to.throw('allow list, line 2: "no good"')
      .with.property('code', 'VT_CONFIG');
  });
});

describe('The limits of a search', () => {
  const code = (value: unknown) => {
    try {
      extractIocs(value);
    } catch (error) {
      return (error as { code?: string }).code;
    }
    return 'no error';
  };
  const nested = (depth: number): unknown => (depth === 0 ? 'baddomain.com' : [nested(depth - 1)]);
  const domains = (count: number) => Array.from({ length: count }, (_, index) => `host${index}.com`);
  const MIB = 1024 * 1024;

  it('are 8 MiB of text', () => {
    expect(code('x'.repeat(8 * MIB))).to.equal('no error');
    expect(code('x'.repeat(8 * MIB + 1))).to.equal('VT_INVALID_IOC');
    expect(code(Buffer.alloc(8 * MIB + 1, 'x'))).to.equal('VT_INVALID_IOC');
    expect(code(['x'.repeat(5 * MIB), { y: 'y'.repeat(5 * MIB) }])).to.equal('VT_INVALID_IOC');
    expect(code('ü'.repeat(5 * MIB))).to.equal('VT_INVALID_IOC');
  });

  it('count JSON text once', () => {
    expect(code(JSON.stringify(['x'.repeat(5 * MIB)]))).to.equal('no error');
  });

  it('are 64 levels of objects and of JSON text', () => {
    expect(found(nested(64))).to.deep.equal(['domain baddomain.com']);
    expect(code(nested(65))).to.equal('VT_INVALID_IOC');
    expect(code(JSON.stringify(nested(65)))).to.equal('VT_INVALID_IOC');
    expect(code({ a: { b: JSON.stringify(nested(63)) } })).to.equal('VT_INVALID_IOC');
    expect(code(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).to.equal('VT_INVALID_IOC');
  });

  it('are 5,000 indicators, and the list is never cut', () => {
    expect(found(domains(5000).join('\n'))).to.have.length(5000);
    expect(code(domains(5001))).to.equal('VT_INVALID_IOC');
    expect(() => extractIocs(domains(5001))).to.throw(
      'more than 5000 indicators were found: search a part of the value',
    );
  });

  it('do not count what is skipped', () => {
    const addresses = Array.from({ length: 6000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
    expect(extractIocs(addresses.join('\n')).skipped).to.have.length(6000);
  });
});

describe('Values other than plain text', () => {
  it('without text give no indicators', () => {
    const values = [
      undefined,
      null,
      0,
      NaN,
      true,
      Symbol('x'),
      10n,
      () => 'baddomain.com',
      new Date(0),
      /a\.com/,
      {},
      [],
    ];
    for (const value of values) expect(extractIocs(value)).to.deep.equal({ iocs: [], skipped: [] });
  });

  it('may be Buffers of UTF-8 and UTF-16 text', () => {
    expect(found(Buffer.from('böse.de'))).to.deep.equal(['domain xn--bse-sna.de']);
    expect(found({ body: Buffer.from('\ufeffbaddomain.com', 'utf16le') })).to.deep.equal([
      'domain baddomain.com',
    ]);
    expect(found(new Uint8Array(Buffer.from('baddomain.com')))).to.deep.equal(['domain baddomain.com']);
  });

  it('that are Buffers of binary data give the hash of the file, and nothing that is in it', () => {
    const bytes = Buffer.from([0x4d, 0x5a, 0x90, 0, 3, ...Buffer.from('baddomain.com')]);
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(found(bytes)).to.deep.equal([`file ${hash}`]);
    expect(found(new Float64Array([1, 2]))).to.be.empty;
  });

  it('may be a Map, a Set and a URL', () => {
    expect(places(new Map([['domain', 'evil.zip']]))).to.deep.equal(['evil.zip at domain']);
    expect(places(new Set(['baddomain.com']))).to.deep.equal(['baddomain.com at [0]']);
    expect(places({ link: new URL('http://baddomain.com/a') })).to.deep.equal([
      'http://baddomain.com/a at link',
    ]);
  });

  it('that refer back to themselves are visited once', () => {
    const parent: Record<string, unknown> = { domain: 'baddomain.com' };
    parent['self'] = parent;
    parent['list'] = [parent, { up: parent, ip: '45.77.12.34' }];
    expect(places(parent)).to.deep.equal(['baddomain.com at domain', '45.77.12.34 at list[1].ip']);
  });

  it('that are shared many times are visited once', () => {
    let shared: unknown = 'baddomain.com';
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(found(shared)).to.deep.equal(['domain baddomain.com']);
  });

  it('with a getter that throws are read except for that property', () => {
    const value = {
      get broken(): string {
        throw new Error('no');
      },
      domain: 'baddomain.com',
    };
    expect(found(value)).to.deep.equal(['domain baddomain.com']);
  });

  it('that are a proxy that throws are skipped', () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no');
        },
      },
    );
    expect(found([hostile, 'baddomain.com'])).to.deep.equal(['domain baddomain.com']);
  });

  it('may have a key __proto__, which changes no prototype', () => {
    const value: unknown = JSON.parse(
      '{"__proto__": {"domain": "baddomain.com"}, "constructor": {"prototype": "evil-site.net"}}',
    );
    expect(places(value)).to.deep.equal([
      'baddomain.com at __proto__.domain',
      'evil-site.net at constructor.prototype',
    ]);
    expect({}).not.to.have.property('domain');
  });

  it('are not changed by the search', () => {
    const value = Object.freeze({ list: Object.freeze(['hxxp://baddomain[.]com']) });
    extractIocs(value);
    expect(value).to.deep.equal({ list: ['hxxp://baddomain[.]com'] });
  });
});
