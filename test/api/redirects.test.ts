import { expect } from 'chai';
import fc from 'fast-check';
import { VirusTotalApi } from '../../src/api/client';
import { resolveOwn, resolvePath } from '../../src/api/redirect';
import { v2Path } from '../../src/api/v2';
import { mitreTreesPath, overallQuotasPath, v3Path } from '../../src/api/v3';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';
import { serve } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

for (const apiVersion of ['v2', 'v3'] as const) {
  describe(`A redirect of API ${apiVersion}`, () => {
    let standIn: StandIn;
    let api: VirusTotalApi;

    beforeEach(async () => {
      standIn = await startStandIn();
      api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: standIn.url(apiVersion) });
    });
    afterEach(async () => {
      await api.close();
      await standIn.close();
    });

    it('on the same host is returned to the caller, so that following it counts against the quota', async () => {
      await api.getReport(DOMAIN);
      const { path } = standIn.requests[0] ?? { path: '' };
      standIn.script([{ redirect: path }]);
      const exchange = await api.getReport(DOMAIN);
      expect(exchange).to.have.all.keys('redirect');
      expect(JSON.stringify(exchange)).not.to.include(STAND_IN_KEY);
      expect(standIn.requests).to.have.length(2);

      const { redirect } = exchange as { redirect: string };
      expect(await api.getReport(DOMAIN, { redirect })).to.have.property('answer');
      expect(standIn.requests[2]?.path.includes(STAND_IN_KEY)).to.equal(apiVersion === 'v2');
    });

    it('to another host is refused by name, and the key is not sent there', async () => {
      const elsewhere = await serve((_request, response) => response.end('{}'));
      standIn.script([{ redirect: `${elsewhere.origin}/api/v3/domains/example.com?apikey=${STAND_IN_KEY}` }]);
      const error = await failureOf(api.getReport(DOMAIN));
      expect(error).to.include({ code: 'VT_BAD_RESPONSE', status: 302, retryable: false });
      expect(error.message).to.include(elsewhere.origin).and.not.to.include(STAND_IN_KEY);
      expect(elsewhere.requests).to.have.length(0);
      await elsewhere.close();
    });

    for (const [where, location] of [
      ['another port', 'http://127.0.0.1:1/'],
      ['another scheme', 'https://127.0.0.1/'],
      ['another host without a scheme', '//elsewhere.test/'],
      ['a script', 'javascript:alert(1)'],
      ['a file', 'file:///etc/passwd'],
      ['what is no URL', 'http://['],
    ] as const) {
      it(`to ${where} is refused`, async () => {
        standIn.script([{ redirect: location }]);
        expect(await failureOf(api.getReport(DOMAIN))).to.include({ code: 'VT_BAD_RESPONSE' });
      });
    }

    it('to another host is refused when a caller follows it, too', async () => {
      const error = await failureOf(api.getReport(DOMAIN, { redirect: 'http://elsewhere.test/' }));
      expect(error.code).to.equal('VT_BAD_RESPONSE');
      expect(standIn.requests).to.have.length(0);
    });

    for (const status of [301, 303, 307, 308]) {
      it(`with status ${status} is returned to the caller`, async () => {
        standIn.script([{ status, redirect: '/elsewhere?a=b' }]);
        expect(await api.getReport(DOMAIN)).to.deep.equal({ redirect: '/elsewhere?a=b' });
      });
    }
  });
}

describe('The path of a request', () => {
  const bases = ['https://vt.test/api/v3/', 'http://127.0.0.1:8080/', 'https://vt.test/proxy/vt'].map(
    (base) => new URL(base),
  );
  const same = (path: string): void => {
    for (const base of bases)
      expect(resolveOwn(base, path), `${path} from ${base.href}`).to.deep.equal(resolvePath(base, path));
  };

  it('is the one that the URL parser gives, for every kind of indicator', () => {
    const values = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
    );
    const types = fc.constantFrom('file' as const, 'url' as const, 'domain' as const, 'ip' as const);
    fc.assert(
      fc.property(types, values, (type, value) => {
        for (const path of [v3Path({ type, value }), v2Path({ type, value }), mitreTreesPath(value)])
          same(path);
        same(overallQuotasPath(value));
      }),
      { numRuns: 500 },
    );
  });

  it('is the one that the URL parser gives for characters that it rewrites', () => {
    const pieces = [
      'files',
      '/',
      '//',
      '.',
      '..',
      '%2e',
      '%2E',
      '%',
      '?',
      '#',
      ':',
      '\\',
      '@',
      '\t',
      ' ',
      'é',
      '"',
      "'",
      'a',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (some) => same(some.join(''))),
      { numRuns: 5_000 },
    );
  });
});
