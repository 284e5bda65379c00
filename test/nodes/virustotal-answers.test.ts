import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import type { Message } from '../support/flow';
import type { Fault } from '../../tools/fake-virustotal/faults';
import { withStandIn } from '../support/with-stand-in';

interface Case {
  answer: string;
  fault: Fault;
  api?: 'v2' | 'v3';
  /** Absent: a report comes out. */
  code?: string;
  /** Requests that it costs. */
  requests: number;
  /** Whether the key is still taken for good. Default true. */
  goesOn?: boolean;
}

const CASES: Case[] = [
  { answer: '204', api: 'v2', fault: { status: 204 }, code: 'VT_QUOTA', requests: 4, goesOn: false },
  { answer: '204', fault: { status: 204 }, code: 'VT_BAD_RESPONSE', requests: 1 },
  { answer: '400', fault: { status: 400 }, code: 'VT_REQUEST', requests: 1 },
  { answer: '400', api: 'v2', fault: { status: 400 }, code: 'VT_REQUEST', requests: 1 },
  { answer: '401', fault: { status: 401 }, code: 'VT_AUTH', requests: 1, goesOn: false },
  { answer: '403', fault: { status: 403, body: '' }, code: 'VT_FORBIDDEN', requests: 1 },
  { answer: '403', api: 'v2', fault: { status: 403, body: '' }, code: 'VT_AUTH', requests: 1, goesOn: false },
  { answer: '404', fault: { status: 404 }, requests: 1 },
  { answer: '404 page', fault: { status: 404, html: true }, code: 'VT_REQUEST', requests: 1 },
  { answer: '404', api: 'v2', fault: { status: 404 }, code: 'VT_REQUEST', requests: 1 },
  { answer: '429', fault: { status: 429 }, code: 'VT_QUOTA', requests: 4, goesOn: false },
  { answer: '500 page', fault: { status: 500, html: true }, code: 'VT_SERVER', requests: 3 },
  { answer: '500 page', api: 'v2', fault: { status: 500, html: true }, code: 'VT_SERVER', requests: 3 },
  { answer: '503', fault: { status: 503 }, code: 'VT_SERVER', requests: 3 },
  { answer: '200 page', fault: { html: true }, code: 'VT_BAD_RESPONSE', requests: 1 },
  { answer: '200 page', api: 'v2', fault: { html: true }, code: 'VT_BAD_RESPONSE', requests: 1 },
  { answer: '200 {}', fault: { body: {} }, code: 'VT_BAD_RESPONSE', requests: 1 },
  { answer: '200 {}', api: 'v2', fault: { body: {} }, code: 'VT_BAD_RESPONSE', requests: 1 },
  { answer: 'half JSON', fault: { brokenJson: true }, code: 'VT_BAD_RESPONSE', requests: 1 },
  { answer: 'half a body', fault: { cut: 'half' }, code: 'VT_NETWORK', requests: 3 },
  { answer: 'hanging up', fault: { cut: 'before' }, code: 'VT_NETWORK', requests: 3 },
  { answer: 'silence', fault: { delayMs: 'forever' }, code: 'VT_TIMEOUT', requests: 3 },
  {
    answer: 'a redirect elsewhere',
    fault: { redirect: 'http://127.0.0.2/' },
    code: 'VT_BAD_RESPONSE',
    requests: 1,
  },
  {
    answer: 'redirects in a circle',
    fault: { redirect: '/api/v3/domains/qorlane.com' },
    code: 'VT_BAD_RESPONSE',
    requests: 4,
  },
];

/** What stands below the node. */
const WORDS: Record<string, RegExp> = {
  VT_QUOTA: /^quota used up/,
  VT_AUTH: /^key refused/,
  VT_FORBIDDEN: /^key may not read this$/,
  VT_BAD_RESPONSE: /^not a report$/,
  VT_REQUEST: /^refused by VirusTotal$/,
  VT_SERVER: /^server error$/,
  VT_NETWORK: /^VirusTotal not reachable$/,
  VT_TIMEOUT: /^no answer in time$/,
};

describe('A VirusTotal node and the answers of the server', () => {
  const fixture = withStandIn();

  for (const { answer, fault, api = 'v3', code, requests, goesOn = true } of CASES) {
    const outcome = code ? `ends in ${code}` : 'gives a report that it is unknown';
    it(`${answer} over ${api} ${outcome} after ${requests} request${requests > 1 ? 's' : ''}`, async () => {
      fixture.vt.script({ 'qorlane.com': [{ ...fault, times: 9 }] });
      const config = answer === 'silence' ? { timeout: 300 } : {};
      const flow = await fixture.deploy({ node: { action: 'domain' }, config }, api);
      flow.send({ payload: 'qorlane.com', topic: 'first' });
      await flow.ended(1);
      expect(fixture.asked()).to.have.length(requests);
      if (code) {
        expect(flow.caught[0]?.error).to.include({ code });
        expect(flow.caught[0]).to.include({ payload: 'qorlane.com', topic: 'first' });
        expect(flow.caught[0]?.['virustotal']).to.include({ action: 'domain', resource: 'qorlane.com' });
        await flow.until(() => WORDS[code]?.test(flow.statusText() ?? '') === true);
      } else expect(flow.out[0]?.payload).to.include({ response_code: 0, resource: 'qorlane.com' });
      if (!goesOn) return;
      fixture.vt.script([]);
      flow.send({ payload: 'qorlane.com', topic: 'again', ...(code ? {} : { refresh: true }) });
      await flow.ended(2);
      expect(flow.out.at(-1)).to.include({ topic: 'again' });
      expect(flow.out.at(-1)?.payload).to.not.have.property('error');
    });
  }

  it('follows a redirect on the same host, which takes another turn of the rate limit', async () => {
    fixture.vt.know('qorlane.com', 9);
    fixture.vt.script({ 'qorlane.com': [{ redirect: '/api/v3/domains/qorlane.com?moved' }] });
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    expect(flow.out[0]?.payload).to.include({ resource: 'qorlane.com', positives: 9 });
    expect(fixture.asked()).to.have.length(2);
  });

  it('returns a report after a passing fault of VirusTotal', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 503 }, { cut: 'half' }] });
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
    expect(flow.out[0]?.payload).to.include({ resource: 'qorlane.com' });
    expect(fixture.asked()).to.have.length(3);
  });

  it('fails with VT_NETWORK when nothing listens at the address', async () => {
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    await fixture.vt.close();
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_NETWORK' });
  });

  it('caches no error, so that the next message asks again', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 400 }] });
    const flow = await fixture.deploy({ node: { action: 'domain' } });
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(1);
    flow.send({ payload: 'qorlane.com' });
    await flow.ended(2);
    expect(flow.caught).to.have.length(1);
    expect(flow.out[0]?.['virustotal']).to.include({ cached: false });
  });

  it('sends each failure on as a report with onError "report"', async () => {
    fixture.vt.script({ 'qorlane.com': [{ status: 400 }] });
    const flow = await fixture.deploy({ node: { action: 'domain', onError: 'report', output: 'vt' } });
    flow.send({ payload: 'qorlane.com', topic: 'kept' });
    await flow.ended(1);
    expect(flow.caught).to.deep.equal([]);
    const { vt, ...rest } = flow.out[0] as Message & { vt: Report };
    expect(vt).to.deep.equal({
      type: 'domain',
      resource: 'qorlane.com',
      response_code: -1,
      verbose_msg: vt.error?.message,
      error: { code: 'VT_REQUEST', message: vt.error?.message },
    });
    expect(rest).to.include({ payload: 'qorlane.com', topic: 'kept' });
  });

  for (const [how, node] of [
    ['one by one', {}],
    ['in envelopes', { envelope: true }],
    ['as an array', { emit: 'array' }],
    ['as an array of envelopes elsewhere', { emit: 'array', envelope: true, output: 'found.virustotal' }],
  ] as [string, { envelope?: boolean; emit?: string; output?: string }][]) {
    it(`leads each kind of answer through Report Analysis to its own output, ${how}`, async () => {
      const outputs = ['malicious', 'trusted', 'nomatch', 'missing', 'error'];
      fixture.vt.know('malicious.com', 5);
      fixture.vt.know('trusted.com', 'clean');
      fixture.vt.know('undecided.com', 3);
      fixture.vt.know('unknown.com', 'unknown');
      fixture.vt.script({ 'failing.com': [{ status: 400 }] });
      const analysis = { malicious: 5, trusted: 1, property: node.output ?? 'payload' };
      const flow = await fixture.deploy({
        node: { onError: 'report', wires: [['a']], ...node },
        more: [
          {
            id: 'a',
            z: 'tab',
            type: 'virustotal-report-analysis',
            ...analysis,
            wires: outputs.map((output) => [output]),
          },
          ...outputs.map((id) => ({ id, z: 'tab', type: 'helper' })),
        ],
      });
      flow.send({ payload: 'malicious.com trusted.com undecided.com unknown.com failing.com' });
      flow.send({ payload: 'nothing in here' });
      flow.send({});
      await flow.until(() => Object.values(flow.at).flat().length === 7);
      const names = (output: string): unknown[] =>
        (flow.at[output] ?? []).map((msg) => (msg['analysis'] as { resource: string | null }).resource);
      expect(names('malicious')).to.deep.equal(['malicious.com']);
      expect(names('trusted')).to.deep.equal(['trusted.com']);
      expect(names('nomatch')).to.have.members(['undecided.com', 'unknown.com']);
      expect(names('missing')).to.deep.equal([null]);
      expect(names('error')).to.have.members(['failing.com', '']);
      expect(flow.caught).to.deep.equal([]);
    });
  }
});
