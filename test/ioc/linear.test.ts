import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';

/** What somebody sends who wants the search to hang: pieces that may begin something, again and again. */
const PIECES = [
  'a.',
  '1.',
  '.a',
  'a-.',
  '..',
  'é.',
  '日本.',
  'は1.2.3.4',
  '1.1.1.1',
  '1.1.1.1-',
  '1.1.1.1, ',
  'version 1.2.3.4 and ',
  '[.',
  'a[.]',
  '[[.]',
  'evil.]',
  '(((',
  '( . )',
  '[ dot ]',
  ' dot ',
  'a dot ',
  '\\',
  '\\"',
  '\\n',
  '\u200b',
  'a．',
  '<.>',
  'http://',
  '"http://x.com',
  'http://x.com/(',
  'http://x.com/',
  'http://256.1.1.1/',
  'x.com/http://',
  'http://a.com,',
  'http://user@',
  'http://[',
  'http://[1:',
  '://',
  'h**p://',
  ':',
  '::',
  '1:',
  '2001:db8::1 ',
  'fe80::1%eth0',
  'f',
  'f-',
  'commit abcdef0123456789abcdef0123456789 ',
  'a@',
  'a@b.',
  '-',
  '_',
  'xn--a.',
  '%2F',
  '%61.',
  'a%61.b',
  '%2525',
  '%25252F.a',
  'https%3A%2F%2Fa.b',
  'https%3A//a.b/',
  'a.su+',
  'a.su=',
  '%2Fa.',
  'www.',
  'a.com/',
  '8.8.8.8:1/',
  '&',
  '&amp;',
  '&#46;',
  '\u001b[1m',
  '\u001b[',
  '：',
  'http：//',
  '\\[.\\]',
  ' DOT ',
  '[::]',
  'f[::]',
  'http://a.b:/',
  'http://❤',
  'wget+http://a.b/;',
  'http://a.com;',
  'http://a.com;a@',
  'http://a.com@80',
  'http://a.com@80/;chmod',
  'http:/a.com',
  'http:///',
  'https ://a.com ',
  'hxxp:\\',
  'ttps://',
  'http://a.comは',
  'http://%61',
  'http://a.com/[',
  'http://a.com/[a] ',
  'http://a.com/a(',
  'http://a.com/a&&',
  'http://a.com/a&sh',
  '=http://a.com/a,b=',
  '%20http://a.com/%3B',
  'a.com/a?',
  'a[.]com/',
  '//a.com/',
  '1.2.3.4/a/',
  'https://urldefense.com/v3/__',
  'https://urldefense.com/v3/__http://a.com__;a!',
  'https://www.google.com/url?q=',
  'https://urlscan.io/result/',
  'a://b@c.d ',
  '-é.',
  'é-',
  '1.2.3.4.5 > ',
  '2001:db8::1-',
  '2:2:2:2:2:2:2:2:2:',
  'versions 1.2.3.4, ',
  '1.2.3.4 and ',
  'cpe:/a:b:1.2.3.4 ',
  'curl/1.2.3.4 ',
  'f65f6a7b21c494f7f9f0e31678929534:',
  '8535147027f94ff3d1838a38f483ce24c1414572 (',
  'trojan.',
  'connects to a.zip ',
  'ﬁ',
  '‑a',
  'a–',
  '//a–',
  '∕',
  '//a\\=',
  'a\\=',
  "a'+'",
  "a'.'",
  '"a" & "',
  'a.[com',
  'a.[com]',
  '[www].',
  '[-]a',
  '//[a.com]',
  '(1)a',
  '(1)a(0)',
  '[.][.]',
  'a.[.]',
  '1 dot ',
  '（.）a',
  '=\n',
  '=3D"',
  '=C3=A9',
  'quoted-printable =3D',
  'Content-Transfer-Encoding: base64\n',
  'Content-Transfer-Encoding: base64\n\n',
  'Content-Transfer-Encoding: quoted-printable\n\n=20',
  'a: b\nContent-Transfer-Encoding: quoted-printable\n',
  '--b\nContent-Transfer-Encoding: quoted-printable\n\n',
  'Content-Type: image/png; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n',
  '<!DOCTYPE ',
  'xmlns="',
  '{',
  '[',
  '{"a":',
  '{}\n',
  '[1]\n',
  'host,',
  'host,\n',
  '|a|\n',
  'domains a.zip, ',
  'CEF:0|a|b|1.2.3.4|',
  'Chrome/1.2.3.4 ',
  'MachineKeys\\f65f6a7b21c494f7f9f0e31678929534 ',
  'HKLM\\a\\f65f6a7b21c494f7f9f0e31678929534',
  'cookie: f65f6a7b21c494f7f9f0e31678929534;',
  'arn:a/f65f6a7b21c494f7f9f0e31678929534/',
  'docker rm d2b6f4cd0dd74d37f46f183022e7afd729972c7ec8b12a1ba031bb14aebe0755 ',
  'cs1=f65f6a7b21c494f7f9f0e31678929534 ',
  'cs1Label=a cs1=f65f6a7b21c494f7f9f0e31678929534 ',
  'imphash: f65f6a7b21c494f7f9f0e31678929534, ',
  'f65f6a7b21c494f7f9f0e31678929534:ind:',
  'JA3 hashes\nf65f6a7b21c494f7f9f0e31678929534\n',
  'import hash                    ',
  'hash (',
  'http://a.com/b,url\n',
  'domain,a.zip\n',
  '|a.com|domain|\n',
  '"a","b"\n',
  "'a';'b'\n",
  '#a,b\n',
  'indicator,type\n',
  'agent=a/1.2.3.4 ',
  'a\\1.2.3.4\\',
  '/usr/1.2.3.4/',
  '(OID): 2.5.4.3 ',
  'script\na.zip\n',
  'version\n1.2.3.4 of\n',
  'wscript.shell ',
  'createobject("a.shell',
  'A.app/Applications/',
  'renamed a.com ',
  'Microsoft.Network/',
  'a::b.in ',
  'x.k8s.io/v1 ',
  'http://schemas.a.org/',
  '\ud800',
  '😀.com',
  ' ',
  '\n',
];
const LENGTH = 30_000;

/** Processor time in ms, the best of some runs: what else the machine does must not fail a test. */
function effort(text: string): number {
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
    const start = process.cpuUsage();
    try {
      extractIocs(text, { skipPrivate: false });
    } catch (error) {
      expect(error).to.have.property('code', 'VT_INVALID_IOC');
    }
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

describe('the time of a search', function () {
  this.timeout(120_000);

  before(() => {
    for (const piece of PIECES) effort(piece.repeat(500));
  });

  // Four times the text takes four times as long; a search that went back would take sixteen times.
  const LIMIT = 10;
  // Shorter times are noise.
  const MEASURABLE_MS = 3;
  const ATTEMPTS = 4;

  for (const piece of PIECES) {
    it(`grows with the length of ${JSON.stringify(piece)} again and again`, () => {
      // One quiet moment is enough: a search that goes back has none.
      let times: readonly number[] = [];
      let isLinear = false;
      for (let attempt = 0; attempt < ATTEMPTS && !isLinear; attempt++) {
        times = [1, 2, 4].map((factor) => effort(piece.repeat((LENGTH * factor) / piece.length)));
        const [once = 0, , fourTimes = 0] = times;
        isLinear = fourTimes < LIMIT * Math.max(once, MEASURABLE_MS);
      }
      expect(isLinear, `${times.join(' ms, ')} ms`).to.equal(true);
    });
  }
});
