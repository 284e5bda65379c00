import { expect } from 'chai';
import { createGuard } from '../../src/ioc/guard';
import type { IocType } from '../../src/ioc/ioc';

describe('the guard of what must not leave', () => {
  const guard = createGuard({});

  const kept: [IocType, string][] = [
    ['ip', '10.1.2.3'],
    ['ip', '172.31.255.255'],
    ['ip', '192.168.0.1'],
    ['ip', '127.0.0.1'],
    ['ip', '169.254.1.1'],
    ['ip', '100.64.0.1'],
    ['ip', '192.0.2.1'],
    ['ip', '198.51.100.7'],
    ['ip', '203.0.113.9'],
    ['ip', '198.18.0.1'],
    ['ip', '224.0.0.1'],
    ['ip', '240.0.0.1'],
    ['ip', '255.255.255.255'],
    ['ip', '0.0.0.0'],
    ['ip', '::'],
    ['ip', '::1'],
    ['ip', 'fe80::1'],
    ['ip', 'fd00::1'],
    ['ip', 'fec0::1'],
    ['ip', 'ff02::1'],
    ['ip', '2001:db8::1'],
    ['ip', '3fff::1'],
    ['ip', '100::1'],
    ['ip', '4000::1'],
    ['ip', '::ffff:10.0.0.1'],
    ['ip', '::ffff:7f00:1'],
    ['ip', '::10.0.0.1'],
    ['ip', '64:ff9b::10.0.0.1'],
    ['ip', '2002:0a00:0001::1'],
    ['ip', '2130706433'],
    ['ip', '0x7f.1'],
    ['ip', '0177.0.0.1'],
    ['url', 'http://2130706433/x'],
    ['url', 'http://0x7f000001/'],
    ['url', 'http://017700000001/'],
    ['url', 'http://127.1/'],
    ['url', 'https://[::ffff:192.168.0.1]/'],
    ['url', 'https://[fd00::1]:8443/'],
    ['url', 'http://intranet/wiki'],
    ['url', 'http://printer.local:631/'],
    ['domain', 'localhost'],
    ['domain', 'a.localhost'],
    ['domain', 'printer.local'],
    ['domain', 'db.internal'],
    ['domain', 'nas.lan'],
    ['domain', 'router.home.arpa'],
    ['domain', 'www.test'],
    ['domain', 'fileserver'],
    ['domain', 'expyuzz4wqqyqhjn.onion'],
    ['domain', '4.3.2.1.in-addr.arpa'],
  ];
  for (const [type, value] of kept) {
    it(`keeps ${type} ${value} back`, () => {
      expect(guard({ type, value })).to.be.a('string').that.is.not.empty;
    });
    it(`lets ${type} ${value} go when the user says so`, () => {
      expect(createGuard({ skipPrivate: false })({ type, value })).to.be.undefined;
    });
  }

  const sent: [IocType, string][] = [
    ['ip', '8.8.8.8'],
    ['ip', '172.32.0.1'],
    ['ip', '100.128.0.1'],
    ['ip', '2001:4860:4860::8888'],
    ['ip', '64:ff9b::8.8.8.8'],
    ['ip', '2002:0808:0808::1'],
    ['url', 'http://8.8.8.8/'],
    ['url', 'https://baddomain.com/local'],
    ['domain', 'local.baddomain.com'],
    ['domain', 'mylocal.com'],
    ['file', 'd41d8cd98f00b204e9800998ecf8427e'],
  ];
  for (const [type, value] of sent) {
    it(`lets ${type} ${value} go`, () => {
      expect(guard({ type, value })).to.be.undefined;
    });
  }

  describe('the allow list', () => {
    const allowed = createGuard({
      allowList: [
        '# our own',
        'corp.com   # with subdomains',
        '8.8.8.8',
        '9.9.0.0/16',
        '2620:fe::/32',
        'D41D8CD98F00B204E9800998ECF8427E',
        'https://baddomain.com/shared/',
        '',
        '*.partner.net',
      ].join('\r\n'),
    });
    const listed: [IocType, string][] = [
      ['domain', 'corp.com'],
      ['domain', 'mail.eu.corp.com'],
      ['domain', 'partner.net'],
      ['url', 'https://www.corp.com/x'],
      ['ip', '8.8.8.8'],
      ['ip', '9.9.9.9'],
      ['url', 'http://9.9.1.1:8080/x'],
      ['ip', '2620:fe::fe'],
      ['file', 'd41d8cd98f00b204e9800998ecf8427e'],
      ['url', 'https://baddomain.com/shared/a?b'],
    ];
    for (const [type, value] of listed) {
      it(`keeps ${type} ${value} back`, () => {
        expect(allowed({ type, value })).to.equal('on the allow list');
      });
    }
    const others: [IocType, string][] = [
      ['domain', 'notcorp.com'],
      ['domain', 'corp.com.evil.net'],
      ['ip', '8.8.4.4'],
      ['ip', '9.10.0.1'],
      ['url', 'https://baddomain.com/other'],
      ['url', 'https://corp.com.evil.net/'],
    ];
    for (const [type, value] of others) {
      it(`lets ${type} ${value} go`, () => {
        expect(allowed({ type, value })).to.be.undefined;
      });
    }

    it('names the line that is nothing it could hold', () => {
      expect(() => createGuard({ allowList: 'corp.com\n300.1.2.3/8\n' }))
        .to.throw('allow list, line 2: "300.1.2.3/8"')
        .with.property('code', 'VT_CONFIG');
    });
  });
});
