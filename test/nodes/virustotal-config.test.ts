import { expect } from 'chai';
import { pem, serverPair } from '../api/certificates';
import { ConnectProxy } from '../api/connect-proxy';
import { logged, type FlowOptions } from '../support/flow';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { withStandIn } from '../support/with-stand-in';

describe('A VirusTotal config node', () => {
  const fixture = withStandIn();

  /** The error that a good message ends in with this config; nothing may have been asked. */
  async function errorWith(options: FlowOptions): Promise<{ code: string; message: string }> {
    const flow = await fixture.deploy({ ...options, node: { action: 'domain', ...options.node } });
    await flow.until(() =>
      /^(no API key|no VirusTotal config|check the settings)$/.test(flow.statusText() ?? ''),
    );
    for (const payload of ['qorlane.com', 'meridane.com']) flow.send({ payload });
    await flow.ended(2);
    expect(flow.out).to.deep.equal([]);
    expect(fixture.vt.requests).to.deep.equal([]);
    const [first, second] = flow.caught;
    expect(first?.error.code).to.equal('VT_CONFIG');
    expect(second?.error.message).to.equal(first?.error.message);
    return first?.error as { code: string; message: string };
  }

  async function reportWith(options: FlowOptions, api?: 'v2' | 'v3'): Promise<void> {
    const flow = await fixture.deploy({ ...options, node: { action: 'domain' } }, api);
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
    expect(flow.out[0]?.payload).to.include({ resource: 'qorlane.com', response_code: 1 });
  }

  describe('with its key', () => {
    afterEach(() => delete process.env['VT_TEST_KEY']);

    it('reads the key from the environment when the field says ${NAME}', async () => {
      process.env['VT_TEST_KEY'] = fixture.apiKey;
      await reportWith({ apiKey: '${VT_TEST_KEY}' });
    });

    it('names the variable in the error when it is not set', async () => {
      const { message } = await errorWith({ apiKey: '${VT_TEST_KEY}' });
      expect(message).to.contain('environment variable VT_TEST_KEY is not set');
    });

    it('fails when the key field is empty', async () => {
      const { message } = await errorWith({ apiKey: '' });
      expect(message).to.contain('has no API key');
    });

    it('fails when the pasted text is no key and does not repeat it', async () => {
      const { message } = await errorWith({ apiKey: `${fixture.apiKey}\nsecond line` });
      expect(message).to.contain('space, a line break');
      expect(message).not.to.contain(fixture.apiKey);
      expect(logged()).not.to.contain(fixture.apiKey);
    });
  });

  describe('chosen in a node', () => {
    it('may be missing: none is chosen', async () => {
      const { message } = await errorWith({ node: { server: '' } });
      expect(message).to.contain('No VirusTotal config: none is chosen');
    });

    it('may be missing: it was deleted', async () => {
      const { message } = await errorWith({ config: false });
      expect(message).to.contain('missing or disabled');
    });

    it('may be missing: it is disabled', async () => {
      const { message } = await errorWith({ config: { d: true } });
      expect(message).to.contain('missing or disabled');
    });

    it('may be missing: it is a config of another type', async () => {
      const { message } = await errorWith({
        node: { server: 'proxy' },
        more: [{ id: 'proxy', type: 'http proxy', url: 'http://127.0.0.1:1' }],
      });
      expect(message).to.contain('No VirusTotal config: the chosen config node is of another type');
    });

    it('is used from the deploy on that adds it', async () => {
      const flow = await fixture.deploy({ config: { d: true }, node: { action: 'domain' } });
      await flow.until(() => flow.statusText() === 'no VirusTotal config');
      await flow.redeploy({ vt: { d: false } });
      await flow.until(() => flow.statusText() === undefined);
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
    });
  });

  describe('with its numbers', () => {
    it("accepts numbers as text, as the editor's fields give them", async () => {
      await reportWith({
        config: {
          rateLimit: true,
          rateLimitMs: '15000',
          rateLimitCount: '4',
          dailyQuota: '500',
          monthlyQuota: ' 15500 ',
          cacheSize: '500',
          cacheTtl: '3600',
          cacheTtlUnknown: '300',
          timeout: '30000',
          maxQueue: '10000',
        },
      });
    });

    it('uses the defaults for empty fields', async () => {
      const empty = { rateLimitMs: '', cacheSize: '', timeout: null, allowList: '', tls: '', proxy: '' };
      await reportWith({ config: empty });
    });

    for (const [name, value, says] of [
      ['rateLimitMs', 'soon', /rateLimitMs .*NaN/],
      ['rateLimitMs', '-1', /rateLimitMs is -1/],
      ['rateLimitCount', '0', /rateLimitCount is 0/],
      ['dailyQuota', '1.5', /dailyQuota is 1\.5/],
      ['monthlyQuota', 'Infinity', /monthlyQuota is Infinity/],
      ['cacheSize', '501', /cacheSize is 501.*from 1 to 500/],
      ['cacheSize', '2.5', /cacheSize is 2\.5/],
      ['cacheTtl', '0', /cacheTtl is 0/],
      ['cacheTtlUnknown', '   ', /cacheTtlUnknown .*NaN/],
      ['timeout', true, /timeout is true/],
      ['maxQueue', {}, /maxQueue/],
      ['apiVersion', 'v4', /apiVersion is "v4"; it takes v3 or v2/],
      ['rateLimitMode', 'fast', /rateLimitMode is "fast"/],
      ['onQuota', 'panic', /onQuota is "panic"/],
      ['apiUrl', 'virustotal', /API URL/],
      ['apiUrl', 'https://user:secret@127.0.0.1/', /API URL/],
      ['allowList', 'example.com\nnot an indicator!', /not an indicator!/],
      ['tls', 'gone', /TLS config .* missing or disabled/],
      ['proxy', 'gone', /proxy config .* missing or disabled/],
    ] as const) {
      it(`refuses ${name} ${JSON.stringify(value)} by its name`, async () => {
        const { message } = await errorWith({ config: { [name]: value } });
        expect(message).to.match(says);
        expect(message).not.to.contain('secret');
        expect(logged(), 'what was logged at deploy').to.match(says);
      });
    }
  });

  it('may belong to one flow', () => reportWith({ config: { z: 'tab' } }));

  it('uses v2 and v3 at an address with or without a slash at its end', async () => {
    for (const api of ['v2', 'v3'] as const) {
      await reportWith({ config: { apiUrl: fixture.vt.url(api).replace(/\/$/, '') } }, api);
      await fixture.undeploy();
    }
  });

  it("trusts the authority of Node-RED's TLS config and no unknown one without it", async () => {
    const secure = await new StandIn({ apiKey: fixture.apiKey, tls: serverPair('server') }).listen();
    try {
      const options: FlowOptions = {
        config: { apiUrl: secure.url('v3').replace('127.0.0.1', 'localhost'), tls: 'tls' },
        more: [{ id: 'tls', type: 'tls-config', cert: '', key: '', ca: '', verifyservercert: true }],
        credentials: { tls: { cadata: pem('ca.crt') } },
      };
      await reportWith(options);
      await fixture.undeploy();
      const flow = await fixture.deploy({
        ...options,
        credentials: {},
        node: { action: 'domain' },
      });
      flow.send({ payload: 'meridane.com' });
      await flow.ended(1);
      expect(flow.caught[0]?.error).to.include({ code: 'VT_NETWORK' });
      expect(flow.caught[0]?.error.message).to.contain('certificate');
    } finally {
      await secure.close();
    }
  });

  it("uses Node-RED's proxy config and shows its password nowhere", async () => {
    const { port } = new URL(fixture.vt.origin);
    const proxy = await new ConnectProxy({ port: Number(port), credentials: 'soc:Tr0ub4dor' }).listen();
    try {
      const options = (password: string): FlowOptions => ({
        config: { apiUrl: 'http://virustotal.test/api/v3/', proxy: 'px' },
        more: [{ id: 'px', type: 'http proxy', url: proxy.url, noproxy: [] }],
        credentials: { px: { username: 'soc', password } },
      });
      await reportWith(options('Tr0ub4dor'));
      expect(new Set(proxy.asked)).to.deep.equal(new Set(['virustotal.test:80']));
      await fixture.undeploy();
      const flow = await fixture.deploy({ ...options('Wr0ngOne'), node: { action: 'domain' } });
      flow.send({ payload: 'meridane.com' });
      await flow.ended(1);
      expect(flow.caught[0]?.error).to.include({ code: 'VT_NETWORK' });
      const shown = JSON.stringify([flow.caught, flow.statuses]) + logged();
      expect(shown).not.to.contain('Wr0ngOne');
      expect(shown).not.to.contain(Buffer.from('soc:Wr0ngOne').toString('base64'));
    } finally {
      await proxy.close();
    }
  });
});
