import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import { logged, type Flow } from '../support/flow';
import type { Fault } from '../../tools/fake-virustotal/faults';
import { withStandIn } from '../support/with-stand-in';

describe('What leaves the machine', () => {
  const fixture = withStandIn();

  it('has no user, password or fragment in a URL', async () => {
    const flow = await fixture.deploy({
      more: [{ id: 'n2', z: 'tab', type: 'virustotal', server: 'vt', action: 'url', wires: [['out']] }],
    });
    flow.send({ payload: 'see http://anna:hunter2@qorlane.com/mail?id=7#inbox' });
    await flow.ended(1);
    flow.nodeAt('n2').receive({ payload: 'https://anna:hunter2@meridane.com/#top' });
    await flow.ended(2);
    expect(fixture.asked()).to.deep.equal(['http://qorlane.com/mail?id=7', 'https://meridane.com/']);
    expect(JSON.stringify(fixture.vt.requests)).not.to.match(/anna|hunter2|inbox/);
  });

  for (const api of ['v2', 'v3'] as const) {
    it(`is one report request per indicator over ${api} and never a file or URL to scan`, async () => {
      const flow = await fixture.deploy({}, api);
      const payload = `qorlane.com 192.31.196.14 http://qorlane.com/a ${'0f'.repeat(16)} from 10.0.0.7 at host.corp.local`;
      flow.send({ payload });
      await flow.ended(4);
      expect(flow.caught).to.deep.equal([]);
      for (const { method, path } of fixture.vt.requests) {
        expect(method).to.equal('GET');
        expect(path).to.match(
          api === 'v3'
            ? /^\/api\/v3\/(domains|ip_addresses|urls|files|users)\/[^/]+(\/overall_quotas)?$/
            : /^\/vtapi\/v2\/(domain|ip-address|url|file)\/report\?/,
        );
        expect(path).not.to.contain('scan=');
      }
      expect(fixture.asked()).to.have.length(4);
    });
  }
});

describe('The API key', () => {
  const fixture = withStandIn();

  /** All that a person or a flow can see of what went on. */
  async function everything(flow: Flow): Promise<string> {
    const state = await helper.request().get('/virustotal/state/vt');
    const test = await helper
      .request()
      .post('/virustotal/test')
      .send({ ...flow.defOf('vt'), tls: '', proxy: '' });
    const errors = flow.caught.map(({ error }) => [error, (error as { stack?: string }).stack]);
    return JSON.stringify([flow.out, flow.caught, errors, flow.statuses, state.body, test.body]) + logged();
  }

  const page = (key: string): Fault[] => [
    { echoKey: true },
    { status: 400, body: { error: { code: 'BadRequestError', message: `Bad key ${key}` } } },
    { status: 404, html: `<p>No page for ${encodeURIComponent(key)}</p>` },
    { status: 502, html: `<p>x-apikey: ${key}</p>` },
    { status: 200, body: `not JSON, and ${key}` },
    { status: 200, body: { note: key } },
    { redirect: `http://127.0.0.2/?apikey=${key}` },
    { redirect: `/login?apikey=${key}` },
    { cut: 'half', body: key.repeat(100) },
    // Last: nothing goes out for a while after it.
    { status: 429, body: { error: { code: 'QuotaExceededError', message: key } } },
  ];

  for (const api of ['v2', 'v3'] as const) {
    for (const onError of ['catch', 'report']) {
      it(`is shown nowhere when VirusTotal over ${api} and proxies repeat it (${onError})`, async () => {
        const faults = page(fixture.apiKey);
        const names = faults.map((_, index) => `fault-${index}.com`);
        fixture.vt.script(Object.fromEntries(names.map((name, i) => [name, [{ ...faults[i], times: 9 }]])));
        const flow = await fixture.deploy({ node: { action: 'domain', onError, raw: true } }, api);
        for (const [index, payload] of names.entries()) {
          flow.send({ payload });
          await flow.ended(index + 1);
          // A deploy gives a refused key another chance.
          await flow.redeploy({ vt: { name: payload } });
        }
        expect(flow.out.length + flow.caught.length).to.equal(names.length);
        expect(fixture.asked()).to.include.members(names);
        const shown = await everything(flow);
        expect(shown).not.to.contain(fixture.apiKey);
        expect(shown).not.to.contain(Buffer.from(fixture.apiKey).toString('base64').slice(0, 40));
      });
    }

    it(`is removed from a ${api} report that repeats it and the rest stays`, async () => {
      const headers = { 'x-apikey': fixture.apiKey };
      const answer = await fetch(`${fixture.vt.url('v3')}domains/qorlane.com`, { headers });
      const { data } = (await answer.json()) as { data: { attributes: { tags: string[] } } };
      data.attributes.tags = ['before', fixture.apiKey, 'after'];
      const v2 = {
        response_code: 1,
        verbose_msg: `Domain found for ${fixture.apiKey}`,
        categories: ['after'],
      };
      fixture.vt.script({ 'qorlane.com': [{ body: api === 'v3' ? { data } : v2 }] });
      const flow = await fixture.deploy({ node: { action: 'domain', raw: true } }, api);
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
      const shown = JSON.stringify(flow.out);
      expect(shown).not.to.contain(fixture.apiKey);
      expect(shown).to.contain('after');
    });
  }

  it('goes to the configured address only', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    expect(fixture.vt.counts()).to.include({ denied: 0 });
    for (const { path } of fixture.vt.requests.filter(({ path }) => !path.includes('/users/')))
      expect(path).not.to.contain(fixture.apiKey);
  });
});
