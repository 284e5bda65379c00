import { expect } from 'chai';
import type { IocType } from '../../src/ioc/ioc';
import { recognizeIoc } from '../../src/ioc/recognize';

const valueOf = (type: IocType, value: unknown) => {
  const recognized = recognizeIoc(type, value);
  return 'value' in recognized ? recognized.value : `refused: ${recognized.reason}`;
};
const reasonOf = (type: IocType, value: unknown) => {
  const recognized = recognizeIoc(type, value);
  return 'reason' in recognized ? recognized.reason : `accepted: ${recognized.value}`;
};

describe('Recognizing one indicator of a given type', () => {
  const accepted: [IocType, string, string][] = [
    ['domain', ' BadDomain.COM. ', 'baddomain.com'],
    ['domain', 'baddomain[.]com', 'baddomain.com'],
    ['domain', 'bücher.de', 'xn--bcher-kva.de'],
    ['domain', 'evil.zip', 'evil.zip'],
    ['domain', 'co.uk', 'co.uk'],
    ['domain', 'dc01.corp.local', 'dc01.corp.local'],
    ['ip', '8.8.8[.]8', '8.8.8.8'],
    ['ip', '2001:4860:4860:0:0:0:0:8888', '2001:4860:4860::8888'],
    ['ip', '[2001:4860:4860::8888]', '2001:4860:4860::8888'],
    ['ip', 'FE80::1%eth0', 'fe80::1'],
    ['ip', '::ffff:8.8.8.8', '8.8.8.8'],
    ['file', ' D41D8CD98F00B204E9800998ECF8427E\n', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['url', 'hxxps://baddomain[.]com/path', 'https://baddomain.com/path'],
    ['url', 'HTTP://user:secret@BadDomain.com:80/A%20b?q=1#top', 'http://baddomain.com/A%20b?q=1'],
    ['url', 'https://baddomain.com', 'https://baddomain.com/'],
    ['url', 'http://[2001:4860:4860:0::8888]:8080/x', 'http://[2001:4860:4860::8888]:8080/x'],
    ['url', 'http://[2001:4860:4860::8888%25eth0]:8080/x', 'http://[2001:4860:4860::8888]:8080/x'],
    ['url', 'http://0x08080808/x', 'http://8.8.8.8/x'],
    ['url', 'baddomain.com/path', 'http://baddomain.com/path'],
    ['url', 'http://intranet/x', 'http://intranet/x'],
  ];
  for (const [type, text, value] of accepted) {
    it(`accepts ${JSON.stringify(text)} as ${type}`, () => {
      expect(valueOf(type, text)).to.equal(value);
    });
  }

  const refused: [IocType, unknown, string][] = [
    ['domain', '8.8.8.8', '"8.8.8.8" is an IP address, not a domain'],
    ['domain', 'https://baddomain.com/x', '"https://baddomain.com/x" is a URL, not a domain'],
    [
      'domain',
      'baddomain.com:443',
      '"baddomain.com:443" is a domain with a port: give "baddomain.com" alone, or the whole URL as a URL',
    ],
    [
      'domain',
      'baddomain.com/x',
      '"baddomain.com/x" is a domain with a path: give "baddomain.com" alone, or the whole URL as a URL',
    ],
    [
      'domain',
      'a@baddomain.com',
      '"a@baddomain.com" is a mail address, not a domain: give what follows the @',
    ],
    ['domain', 'setup.exe', '"setup.exe" is not a domain: there is no top-level domain .exe'],
    ['domain', 'baddomain', '"baddomain" is a single name without a dot, not a domain'],
    ['domain', '', 'empty, not a domain'],
    ['domain', undefined, 'missing, not a domain'],
    ['domain', 42, 'a number, not a domain'],
    ['ip', 'baddomain.com', '"baddomain.com" is a domain, not an IP address'],
    [
      'ip',
      '8.8.8.8:53',
      '"8.8.8.8:53" is an IP address with a port: give "8.8.8.8" alone, or the whole URL as a URL',
    ],
    ['ip', '8.8.8.0/24', '"8.8.8.0/24" is a network, not one IP address: give an address without "/24"'],
    ['ip', '8.8.8.256', '"8.8.8.256" is not an IP address'],
    ['ip', Buffer.from('8.8.8.8'), 'a Buffer of 7 bytes (turn it into a string first), not an IP address'],
    [
      'file',
      'd41d8cd98f00b204e9800998ecf8427',
      '"d41d8cd98f00b204e9800998ecf8427" has 31 hex digits; MD5 has 32, SHA-1 40, SHA-256 64',
    ],
    ['file', 'setup.exe', '"setup.exe" is not a file hash: MD5 has 32 hex digits, SHA-1 40, SHA-256 64'],
    [
      'url',
      'javascript:alert(1)',
      '"javascript:alert(1)" is a javascript URL: VirusTotal has reports of http, https and ftp',
    ],
    [
      'url',
      'file:///etc/passwd',
      '"file:///etc/passwd" is a file URL: VirusTotal has reports of http, https and ftp',
    ],
    ['url', 'http:///x', '"http:///x" is not a URL: "" is no host'],
    ['url', 'not a url', '"not a url" is not a URL'],
  ];
  for (const [type, value, reason] of refused) {
    it(`refuses ${typeof value === 'string' ? JSON.stringify(value) : typeof value} as ${type} and says why`, () => {
      expect(reasonOf(type, value)).to.equal(reason);
    });
  }

  it('shortens a long value in its reason', () => {
    expect(reasonOf('url', `x${'y'.repeat(100_000)}`)).to.have.length.below(200);
  });
});
