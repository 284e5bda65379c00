import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
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

    it('on the same host is handed back, so that the quota is asked before it is followed', async () => {
      await api.ask(DOMAIN);
      const { path } = standIn.requests[0] ?? { path: '' };
      standIn.script([{ redirect: path }]);
      const exchange = await api.ask(DOMAIN);
      expect(exchange).to.have.all.keys('redirect');
      expect(JSON.stringify(exchange)).not.to.include(STAND_IN_KEY);
      expect(standIn.requests).to.have.length(2);

      const { redirect } = exchange as { redirect: string };
      expect(await api.ask(DOMAIN, { redirect })).to.have.property('answer');
      expect(standIn.requests[2]?.path.includes(STAND_IN_KEY)).to.equal(apiVersion === 'v2');
    });

    it('to another host is refused with its name, and the key is not sent there', async () => {
      const elsewhere = await serve((_request, response) => response.end('{}'));
      standIn.script([{ redirect: `${elsewhere.origin}/api/v3/domains/example.com?apikey=${STAND_IN_KEY}` }]);
      const error = await failureOf(api.ask(DOMAIN));
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
        expect(await failureOf(api.ask(DOMAIN))).to.include({ code: 'VT_BAD_RESPONSE' });
      });
    }

    it('that leads elsewhere is not followed either when a caller asks for it', async () => {
      const error = await failureOf(api.ask(DOMAIN, { redirect: 'http://elsewhere.test/' }));
      expect(error.code).to.equal('VT_BAD_RESPONSE');
      expect(standIn.requests).to.have.length(0);
    });

    for (const status of [301, 303, 307, 308]) {
      it(`with status ${status} is one too`, async () => {
        standIn.script([{ status, redirect: '/elsewhere?a=b' }]);
        expect(await api.ask(DOMAIN)).to.deep.equal({ redirect: '/elsewhere?a=b' });
      });
    }
  });
}
