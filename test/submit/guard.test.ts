import { expect } from 'chai';
import { checkSubmission, type SubmitGuardOptions } from '../../src/submit/guard';
import { VirusTotalError } from '../../src/errors';
import type { SubmitTarget } from '../../src/submit/target';

function refusal(target: SubmitTarget, options?: SubmitGuardOptions): VirusTotalError | undefined {
  try {
    checkSubmission(target, options);
    return undefined;
  } catch (error) {
    return error as VirusTotalError;
  }
}

const SECRET = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA';

describe('A URL to be submitted', () => {
  for (const [what, url] of [
    ['credentials', `https://jane:${SECRET}@example.com/`],
    ['a token', `https://example.com/?token=${SECRET}`],
    ['an access token', `https://example.com/cb?access_token=${SECRET}`],
    ['an access token behind #', `https://example.com/cb#access_token=${SECRET}&x=1`],
    ['a login code', `https://example.com/cb?code=${SECRET}&state=x`],
    ['a signature', `https://example.com/file?Expires=1&Signature=${SECRET}`],
    ['an AWS signature', `https://b.s3.amazonaws.com/f?X-Amz-Algorithm=a&X-Amz-Signature=${SECRET}`],
    ['a Google signature', `https://storage.googleapis.com/b/f?X-Goog-Signature=${SECRET}`],
    ['a shared access signature', `https://a.blob.core.windows.net/c/f?sv=2022-11-02&sr=b&sig=${SECRET}`],
    ['a password reset', `https://example.com/reset-password/${SECRET}`],
    ['a password reset page', 'https://example.com/account/password_reset?uid=12'],
    ['an unsubscribe link', 'https://news.example.com/unsubscribe/123'],
    ['an unsubscribe parameter', 'https://news.example.com/?action=unsubscribe&id=5'],
    ['an invitation', `https://example.com/invite/${SECRET}`],
    ['a verification', `https://example.com/verify-email/${SECRET}`],
    ['a magic link', `https://example.com/magic-link?x=${SECRET}`],
    ['a SharePoint guest link', 'https://contoso.sharepoint.com/:w:/g/personal/jane/Eabc?e=4x'],
    ['a SharePoint guest access page', 'https://contoso.sharepoint.com/_layouts/15/guestaccess.aspx?x=1'],
    ['a OneDrive link', 'https://1drv.ms/w/s!abc'],
    ['a JWT', 'https://example.com/a/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['a session', 'https://example.com/a.php?PHPSESSID=0123456789abcdef'],
    ['a link in a link', `https://r.example.com/?u=https%3A%2F%2Fexample.com%2F%3Ftoken%3D${SECRET}`],
  ] as const) {
    it(`is refused with ${what}, without a word of the secret, unless tokens are allowed`, () => {
      const target = { kind: 'url', url } as const;
      const error = refusal(target);
      expect(error).to.be.instanceOf(VirusTotalError);
      expect(error?.code).to.equal('VT_INVALID_IOC');
      expect(error?.message).to.include('Allow tokens').and.not.to.include(SECRET);
      expect(refusal(target, { allowTokens: true })).to.equal(undefined);
      expect(refusal({ kind: 'rescan', indicator: { type: 'url', value: url } })?.code).to.equal(error?.code);
    });
  }

  for (const url of [
    'https://evil.example.com/login',
    'https://evil.example.com/invoice.php?id=4711&lang=de',
    'http://198.51.100.7:8080/bins/mips',
    'https://evil.example.com/reset',
    'https://evil.example.com/verify/account/login.html',
    'https://evil.example.com/paypal/confirm/index.php?country=us',
    'https://example.com/shop?code=SPRING24&key=red',
    'https://example.com/news/signature-dishes',
    'https://example.com/search?q=token',
  ]) {
    it(`goes through: ${url}`, () => {
      expect(refusal({ kind: 'url', url })).to.equal(undefined);
    });
  }
});

describe('A file to be submitted', () => {
  const file = (name: string, size = 10): SubmitTarget => ({
    kind: 'file',
    bytes: Buffer.alloc(0),
    size,
    sha256: 'a'.repeat(64),
    name,
  });

  it('is refused when it is empty or too large', () => {
    expect(refusal(file('a.exe', 0))?.message)
      .to.include('a.exe')
      .and.to.include('empty');
    expect(refusal(file('a.exe', 650 * 1024 * 1024))).to.equal(undefined);
    expect(refusal(file('a.exe', 650 * 1024 * 1024 + 1))?.code).to.equal('VT_INVALID_IOC');
    expect(refusal(file('a.exe', 1001), { maxFileBytes: 1000 })?.message).to.include('1000');
  });

  it('is refused when its name does not match', () => {
    expect(refusal(file('Invoice.EXE'), { namePattern: '\\.exe$' })).to.equal(undefined);
    expect(refusal(file('letter.docx'), { namePattern: '\\.exe$' })?.code).to.equal('VT_INVALID_IOC');
    expect(refusal(file('x'), { namePattern: '(' })?.code).to.equal('VT_CONFIG');
  });

  it('is refused when its extension is not among the allowed ones', () => {
    const options = { extensions: '.exe, *.dll js' };
    for (const name of ['a.exe', 'b.DLL', 'c.tar.js'])
      expect(refusal(file(name), options)).to.equal(undefined);
    expect(refusal(file('C:\\x.exe\\salaries.xlsx'), options)?.message).to.include('"xlsx"');
    expect(refusal(file('noextension'), options)?.message).to.include('no extension');
  });
});
