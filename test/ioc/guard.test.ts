import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { createGuard } from '../../src/ioc/guard';
import type { IocType } from '../../src/ioc/ioc';

describe('The privacy guard', () => {
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
    // Through a translator, a tunnel or a name that carries the address.
    ['ip', '::ffff:0:10.0.0.1'],
    ['ip', '64:ff9b:1::10.0.0.1'],
    ['ip', '2606:4700::5efe:10.1.2.3'],
    ['ip', '2001:0:4136:e378:8000:63bf:f5ff:fffe'],
    ['domain', '10-0-0-1.nip.io'],
    ['domain', '10.0.0.1.nip.io'],
    ['domain', 'app.192.168.1.250.nip.io'],
    ['domain', 'customer-app-10-0-0-1.nip.io'],
    ['domain', '0a000001.nip.io'],
    ['domain', 'app-c0a801fc.nip.io'],
    ['domain', 'www-172-16-0-9.sslip.io'],
    ['domain', '192-168-0-1.my-service.sslip.io'],
    ['domain', 'fd00--1.sslip.io'],
    ['domain', '--1.sslip.io'],
    ['domain', '127.0.0.1.xip.io'],
    ['domain', '7f000001.c0a80001.rbndr.us'],
    ['domain', '192-168-1-5.0123456789abcdef.plex.direct'],
    ['url', 'https://shop.10-0-0-1.traefik.me:8443/x'],
    ['domain', 'localtest.me'],
    ['domain', 'app.lvh.me'],
    ['domain', 'fritz.box'],
    ['url', 'http://fritz.box/login.lua'],
    ['domain', 'nas.fritz.box'],
    ['domain', 'tplinkwifi.net'],
    ['domain', 'www.routerlogin.net'],
    ['domain', 'router.asus.com'],
    ['domain', 'laptop.mshome.net'],
    ['domain', 'host.tail1234.ts.net'],
    ['domain', 'vm1.internal.cloudapp.net'],
    ['domain', 'db.privatelink.database.windows.net'],
    ['domain', '_ldap._tcp.dc._msdcs.acme.com'],
    ['domain', 'gc._msdcs.acme.com'],
    ['domain', 'api.svc.cluster.local'],
    ['domain', 'redis.service.consul'],
    ['domain', 'web.default.svc'],
    ['domain', 'dc01.acme.corp'],
    ['domain', 'wiki.acme.intranet'],
  ];
  for (const [type, value] of kept) {
    it(`keeps ${type} ${value} back`, () => {
      expect(guard({ type, value })).to.be.a('string').that.is.not.empty;
    });
    it(`sends ${type} ${value} if the user allows it`, () => {
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
    ['ip', '2606:4700::5efe:8.8.8.8'],
    ['domain', '8-8-8-8.nip.io'],
    ['domain', 'login-45.77.12.34.sslip.io'],
    ['domain', '10-0-0-1.baddomain.com'],
    ['domain', 'router.asus.com.baddomain.com'],
    ['domain', 'notfritz.box'],
    ['domain', 'asus.com'],
    ['domain', 'lvh.me.baddomain.com'],
  ];
  for (const [type, value] of sent) {
    it(`sends ${type} ${value}`, () => {
      expect(guard({ type, value })).to.be.undefined;
    });
  }

  describe('with an allow list', () => {
    const LIST = [
      '# our own',
      'corp.com   # with subdomains',
      '8.8.8.8',
      '9.9.0.0/16',
      '2620:fe::/32',
      'D41D8CD98F00B204E9800998ECF8427E',
      'https://baddomain.com/shared/',
      'https://xn--bcher-kva.de/private',
      '::ffff:9.8.0.0/112',
      '',
      '*.partner.net',
    ].join('\r\n');
    const allowed = createGuard({ allowList: LIST });
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
      ['url', 'https://baddomain.com/shared'],
      ['url', 'https://baddomain.com/shared?x=1'],
      ['url', 'http://baddomain.com/shared/a'],
      ['url', 'https://baddomain.com/./shared/a'],
      ['url', 'https://baddomain.com/a/../shared/a'],
      ['url', 'https://baddomain.com/a/b/../../shared/a'],
      ['url', 'https://baddomain.com/a/%2e%2E/shared/a'],
      ['url', 'https://baddomain.com/x/..%2fshared/a'],
      ['url', 'https://baddomain.com/%73hared/a'],
      ['url', 'https://baddomain.com/%2573hared/a'],
      ['url', 'https://baddomain.com/shared%2Fa'],
      ['url', 'https://baddomain.com//shared/a'],
      ['url', 'https://baddomain.com/shared//a'],
      ['url', 'https://baddomain.com/\\shared\\a'],
      ['url', 'https://baddomain.com/%5Cshared/a'],
      ['url', 'https://baddomain.com/a/..;x=1/shared/a'],
      ['url', 'https://baddomain.com/shared;x=1/a'],
      ['url', 'https://xn--bcher-kva.de/%70rivate/x'],
      // To a listed IPv4 address by another way.
      ['ip', '64:ff9b::808:808'],
      ['ip', '2002:808:808::1'],
      ['ip', '::ffff:0:8.8.8.8'],
      ['ip', '2606:4700::5efe:8.8.8.8'],
      ['ip', '2001:0:4136:e378:8000:63bf:f7f7:f7f7'],
      ['url', 'http://[64:ff9b::909:101]/x'],
      ['domain', '8-8-8-8.nip.io'],
      ['domain', 'app.9.9.1.1.sslip.io'],
      ['url', 'http://08080808.nip.io/x'],
      ['ip', '9.8.7.6'],
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
      ['url', 'https://baddomain.com/other/shared/'],
      ['url', 'https://baddomain.com/shared/../other'],
      ['url', 'https://baddomain.com/sharedx'],
      ['url', 'https://baddomain.com/?next=/shared/'],
      ['url', 'https://baddomain.com:8443/shared/'],
      ['url', 'ftp://baddomain.com/shared/'],
      ['ip', '64:ff9b::808:404'],
      ['domain', '8-8-4-4.nip.io'],
      ['url', 'https://corp.com.evil.net/'],
    ];
    for (const [type, value] of others) {
      it(`sends ${type} ${value}`, () => {
        expect(allowed({ type, value })).to.be.undefined;
      });
    }

    it('recognizes an allow-listed indicator in every spelling', () => {
      const text =
        'https://baddomain.com/./shared/a https://user@BADDOMAIN.com.:443/%73hared/b baddomain[.]com/shared/c ' +
        'hxxps:\\\\baddomain.com\\shared\\d http://bücher.de/private/e http://www.corp.com%2F http://%38.8.8.8/';
      const { iocs, skipped } = extractIocs(text, { allowList: LIST });
      expect(iocs).to.deep.equal([]);
      expect(skipped.map(({ reason }) => reason)).to.deep.equal(new Array(7).fill('on the allow list'));
    });

    it('names the line of the list that is no valid entry', () => {
      expect(() => createGuard({ allowList: 'corp.com\n300.1.2.3/8\n' }))
        .to.throw('allow list, line 2: "300.1.2.3/8"')
        .with.property('code', 'VT_CONFIG');
    });
  });
});
