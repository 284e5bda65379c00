import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import type { Message } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

/** An object of a class, as http and DXL nodes put into messages; a copy of it would not work. */
class Handle {
  readonly #secret = 42;
  get secret(): number {
    return this.#secret;
  }
}

describe('The output of a VirusTotal node', () => {
  const fixture = withStandIn();

  it('puts the report at the chosen property and leaves the rest of the message', async () => {
    const flow = await fixture.deploy({
      node: { action: 'domain', source: 'alert.domain', output: 'alert.enrichment.virustotal' },
    });
    const res = new Handle();
    const dxlRequest = { id: 7, source: { client: 'soc-3' } };
    flow.send({
      topic: 'alert',
      payload: 'kept',
      alert: { domain: 'qorlane.com', list: [1] },
      dxlRequest,
      res,
      req: res,
    });
    await flow.ended(1);
    const { alert, virustotal, _msgid, ...rest } = flow.out[0] as Message & {
      alert: { domain: string; list: number[]; enrichment: { virustotal: Report } };
    };
    expect(rest).to.deep.equal({ topic: 'alert', payload: 'kept', dxlRequest, res, req: res });
    expect(rest['res']).to.equal(res);
    expect(alert).to.deep.include({ domain: 'qorlane.com', list: [1] });
    expect(alert.enrichment.virustotal).to.include({ resource: 'qorlane.com' });
    expect(virustotal).to.be.an('object');
    expect(_msgid).to.be.a('string');
  });

  it('leaves an http request and response as they are in every message of a search', async () => {
    const flow = await fixture.deploy();
    const res = new Handle();
    flow.send({ payload: 'qorlane.com 192.31.196.14', res, req: res, dxlRequest: { id: 7 } });
    await flow.ended(2);
    for (const msg of flow.out) {
      expect(msg['res']).to.equal(res);
      expect((msg['req'] as Handle).secret).to.equal(42);
      expect(msg['dxlRequest']).to.deep.equal({ id: 7 });
    }
    expect(flow.out[0]?.['dxlRequest']).to.not.equal(flow.out[1]?.['dxlRequest']);
  });

  it('replaces an element of a list by the report and keeps the other elements', async () => {
    const flow = await fixture.deploy({ node: { source: 'list[1]', output: 'list[1]' } });
    flow.send({ list: ['a', 'qorlane.com 192.31.196.14', 'c'] });
    await flow.ended(2);
    for (const msg of flow.out) {
      const [first, report, last] = msg['list'] as [string, Report, string];
      expect([first, last]).to.deep.equal(['a', 'c']);
      expect(report.response_code).to.not.equal(-1);
    }
  });

  it('fails with VT_CONFIG and no request when the message has no place for the report', async () => {
    for (const [output, says] of [
      ['payload.report', /msg\.payload\.report/],
      ['a..b', /msg\.a\.\.b/],
    ] as const) {
      const flow = await fixture.deploy({ node: { action: 'domain', output, onError: 'report' } });
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      expect(flow.out).to.deep.equal([]);
      expect(flow.caught[0]?.error).to.include({ code: 'VT_CONFIG' });
      expect(flow.caught[0]?.error.message).to.match(says);
      expect(flow.caught[0]?.payload).to.equal('qorlane.com');
      expect(fixture.asked()).to.deep.equal([]);
      await fixture.undeploy();
    }
  });

  it('wraps each report with envelope on, errors too', async () => {
    fixture.vt.script({ 'failing.com': [{ status: 400, times: 9 }] });
    const flow = await fixture.deploy({
      node: { action: 'domain', envelope: true, onError: 'report' },
      more: [
        { id: 'all', z: 'tab', type: 'virustotal', server: 'vt', envelope: true, wires: [['out']] },
        {
          id: 'a1',
          z: 'tab',
          type: 'virustotal',
          server: 'vt',
          envelope: true,
          emit: 'array',
          wires: [['out']],
        },
      ].map((def) => ({ onError: 'report', ...def })),
    });
    flow.send({ payload: 'Qorlane.com' });
    await flow.ended(1);
    flow.send({ payload: 'failing.com' });
    await flow.ended(2);
    flow.send({ payload: '' });
    await flow.ended(3);
    flow.nodeAt('all').receive({ payload: 'failing.com' });
    await flow.ended(4);
    flow.nodeAt('a1').receive({ payload: 'qorlane.com failing.com' });
    await flow.ended(5);
    const envelopes = flow.out.flatMap(({ payload }) => payload as { resource: string; response: Report }[]);
    expect(envelopes.map(({ resource }) => resource)).to.deep.equal([
      'qorlane.com',
      'failing.com',
      '',
      'failing.com',
      'qorlane.com',
      'failing.com',
    ]);
    for (const envelope of envelopes) {
      const { resource, response } = envelope;
      expect(envelope).to.have.all.keys('action', 'resource', 'response');
      expect(envelope).to.include({ action: 'domain' });
      expect(response).to.include({ type: 'domain', resource });
    }
    expect(envelopes.map(({ response }) => response.error?.code)).to.deep.equal([
      undefined,
      'VT_REQUEST',
      'VT_INVALID_IOC',
      'VT_REQUEST',
      undefined,
      'VT_REQUEST',
    ]);
  });

  for (const api of ['v2', 'v3'] as const) {
    it(`adds VirusTotal's own ${api} body with raw on, unchanged, from the cache too`, async () => {
      const flow = await fixture.deploy({ node: { action: 'domain', raw: true } }, api);
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(1);
      flow.send({ payload: 'qorlane.com' });
      await flow.ended(2);
      const path =
        api === 'v3' ? 'domains/qorlane.com' : `domain/report?domain=qorlane.com&apikey=${fixture.apiKey}`;
      const headers = { 'x-apikey': fixture.apiKey };
      const body = (await (await fetch(fixture.vt.url(api) + path, { headers })).json()) as object;
      for (const msg of flow.out) expect((msg.payload as Report).raw).to.deep.equal(body);
      expect((flow.out[0]?.payload as Report).raw).to.not.equal((flow.out[1]?.payload as Report).raw);
    });
  }

  it('gives each message its own report, so that changes in one are not seen in another', async () => {
    fixture.vt.know('qorlane.com', 7);
    const flow = await fixture.deploy({
      node: { action: 'domain', raw: true, wires: [['vandal', 'out']] },
      more: [{ id: 'vandal', z: 'tab', type: 'helper' }],
    });
    flow.nodeAt('vandal').on('input', ({ payload }) => {
      const report = payload as Report;
      report.positives = 0;
      delete report.scans;
      (report.raw as { data: unknown }).data = null;
    });
    for (const refresh of [false, false, true, false]) {
      flow.send({ payload: 'qorlane.com', refresh });
      await flow.until(() => flow.at['vandal']?.length === flow.out.length && flow.out.length > 0);
      const report = flow.out.pop()?.payload as Report;
      flow.at['vandal']?.pop();
      expect(report.positives).to.equal(7);
      expect(report.scans).to.be.an('object');
      expect((report.raw as { data: object }).data).to.be.an('object');
    }
  });

  it('gives each of several simultaneous messages its own report', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    for (let i = 0; i < 3; i++) flow.send({ payload: 'qorlane.com' });
    await flow.ended(3);
    const reports = new Set(flow.out.map(({ payload }) => payload));
    expect(reports.size).to.equal(3);
    expect(fixture.asked()).to.have.length(1);
  });

  it('removes what an earlier VirusTotal node left from its error report', async () => {
    const flow = await fixture.deploy({ node: { server: '', onError: 'report', action: 'ip' } });
    flow.send({ payload: 'x', virustotal: { action: 'domain', type: 'domain', resource: 'qorlane.com' } });
    await flow.ended(1);
    expect(flow.out[0]?.payload).to.deep.include({ type: 'ip', resource: '' });
    expect(flow.out[0]?.['virustotal']).to.include({ action: 'ip', type: 'ip', found: 0 });
  });

  it('gives the error report of a whole search its own parts, so that its join completes', async () => {
    const flow = await fixture.deploy({
      node: { onError: 'report', wires: [['j1']] },
      more: [
        { id: 'sp', z: 'tab', type: 'split', wires: [['n']] },
        { id: 'j1', z: 'tab', type: 'join', mode: 'auto', wires: [['j2']] },
        { id: 'j2', z: 'tab', type: 'join', mode: 'auto', wires: [['joined']] },
        { id: 'joined', z: 'tab', type: 'helper' },
      ],
    });
    flow.nodeAt('sp').receive({ payload: ['qorlane.com', '', '192.31.196.14'] });
    await flow.until(() => flow.at['joined']?.length === 1);
    const lists = flow.at['joined']?.[0]?.payload as Report[][];
    expect(lists.map(([report]) => report?.error?.code)).to.deep.equal([
      undefined,
      'VT_INVALID_IOC',
      undefined,
    ]);
  });

  describe('through OpenDXL', () => {
    it('sends the request of each indicator and none to VirusTotal', async () => {
      const flow = await fixture.deploy({ node: { via: 'dxl' } });
      flow.send({
        payload: `qorlane.com 192.31.196.14 http://qorlane.com/a ${'0f'.repeat(16)}`,
        dxlRequest: 7,
      });
      await flow.ended(4);
      const service = '/opendxl-virustotal/service/vtapi';
      expect(flow.out.map(({ dxlTopic, payload }) => [dxlTopic, payload])).to.have.deep.members([
        [`${service}/domain/report`, { domain: 'qorlane.com' }],
        [`${service}/ip-address/report`, { ip: '192.31.196.14' }],
        [`${service}/url/report`, { resource: 'http://qorlane.com/a' }],
        [`${service}/file/report`, { resource: '0f'.repeat(16) }],
      ]);
      for (const msg of flow.out) expect(msg).to.include({ dxlRequest: 7 });
      expect(flow.out.map(({ parts }) => (parts as { index: number }).index)).to.deep.equal([0, 1, 2, 3]);
      expect(fixture.asked()).to.deep.equal([]);
    });

    it('needs no config, keeps private indicators back and applies the allow list of a config', async () => {
      const flow = await fixture.deploy({
        config: { allowList: 'example.com' },
        node: { via: 'dxl', action: 'domain' },
        more: [{ id: 'n2', z: 'tab', type: 'virustotal', via: 'dxl', action: 'ip', wires: [['out']] }],
      });
      flow.nodeAt('n2').receive({ payload: '192.31.196.14' });
      flow.nodeAt('n2').receive({ payload: '10.1.2.3' });
      flow.send({ payload: 'example.com' });
      await flow.ended(3);
      expect(flow.caught).to.deep.equal([]);
      expect(flow.out.map(({ payload }) => payload)).to.have.deep.members([
        { ip: '192.31.196.14' },
        undefined,
        undefined,
      ]);
    });

    it('fails with VT_INVALID_IOC for a value that is no indicator', async () => {
      const flow = await fixture.deploy({ config: false, node: { via: 'dxl', action: 'file' } });
      flow.send({ payload: 'xyz' });
      await flow.ended(1);
      expect(flow.caught[0]?.error).to.include({ code: 'VT_INVALID_IOC' });
    });
  });
});
