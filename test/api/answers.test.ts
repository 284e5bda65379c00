import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import type { ErrorCode } from '../../src/errors';
import type { Fault } from '../../tools/fake-virustotal/faults';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';

const HASH = 'c4'.repeat(32);

const FILE = { type: 'file', value: HASH } as const;

interface Expected {
  when: string;
  fault: Fault;
  v2: [ErrorCode, 'again'?];
  v3: [ErrorCode, 'again'?];
}

const json = (code: string) => ({ body: { error: { code, message: 'as scripted' } } });

// `again`: the same request may succeed later.
const FAILURES: Expected[] = [
  {
    when: '204 with an empty body',
    fault: { status: 204 },
    v2: ['VT_QUOTA', 'again'],
    v3: ['VT_BAD_RESPONSE'],
  },
  { when: '400', fault: { status: 400 }, v2: ['VT_REQUEST'], v3: ['VT_REQUEST'] },
  {
    when: '400 NotAvailableYet',
    fault: { status: 400, ...json('NotAvailableYet') },
    v2: ['VT_REQUEST', 'again'],
    v3: ['VT_REQUEST', 'again'],
  },
  { when: '401', fault: { status: 401 }, v2: ['VT_AUTH'], v3: ['VT_AUTH'] },
  { when: '403 with an empty body', fault: { status: 403, body: '' }, v2: ['VT_AUTH'], v3: ['VT_FORBIDDEN'] },
  { when: '404 with a web page', fault: { status: 404, html: true }, v2: ['VT_REQUEST'], v3: ['VT_REQUEST'] },
  {
    when: '404 of something else',
    fault: { status: 404, body: { message: 'no route' } },
    v2: ['VT_REQUEST'],
    v3: ['VT_REQUEST'],
  },
  { when: '407', fault: { status: 407 }, v2: ['VT_NETWORK'], v3: ['VT_NETWORK'] },
  { when: '408', fault: { status: 408 }, v2: ['VT_TIMEOUT', 'again'], v3: ['VT_TIMEOUT', 'again'] },
  { when: '413', fault: { status: 413 }, v2: ['VT_REQUEST'], v3: ['VT_REQUEST'] },
  { when: '424', fault: { status: 424 }, v2: ['VT_REQUEST', 'again'], v3: ['VT_REQUEST', 'again'] },
  { when: '429', fault: { status: 429 }, v2: ['VT_QUOTA', 'again'], v3: ['VT_QUOTA', 'again'] },
  {
    when: '500 with a web page',
    fault: { status: 500, html: true },
    v2: ['VT_SERVER', 'again'],
    v3: ['VT_SERVER', 'again'],
  },
  { when: '503', fault: { status: 503 }, v2: ['VT_SERVER', 'again'], v3: ['VT_SERVER', 'again'] },
  { when: '504', fault: { status: 504 }, v2: ['VT_SERVER', 'again'], v3: ['VT_SERVER', 'again'] },
  {
    when: '200 with a web page',
    fault: { html: true, status: 200 },
    v2: ['VT_BAD_RESPONSE'],
    v3: ['VT_BAD_RESPONSE'],
  },
  { when: '200 with {}', fault: { body: {} }, v2: ['VT_BAD_RESPONSE'], v3: ['VT_BAD_RESPONSE'] },
  { when: '200 with nothing', fault: { body: '' }, v2: ['VT_BAD_RESPONSE'], v3: ['VT_BAD_RESPONSE'] },
  { when: '200 with null', fault: { body: 'null' }, v2: ['VT_BAD_RESPONSE'], v3: ['VT_BAD_RESPONSE'] },
  { when: '200 with [] ', fault: { body: '[]' }, v2: ['VT_BAD_RESPONSE'], v3: ['VT_BAD_RESPONSE'] },
  {
    when: '200 with an error object',
    fault: json('NotFoundError'),
    v2: ['VT_BAD_RESPONSE'],
    v3: ['VT_BAD_RESPONSE'],
  },
  { when: 'half of the JSON', fault: { brokenJson: true }, v2: ['VT_BAD_RESPONSE'], v3: ['VT_BAD_RESPONSE'] },
  {
    when: 'half of a body and a cut connection',
    fault: { cut: 'half' },
    v2: ['VT_NETWORK', 'again'],
    v3: ['VT_NETWORK', 'again'],
  },
  {
    when: 'a cut connection',
    fault: { cut: 'before' },
    v2: ['VT_NETWORK', 'again'],
    v3: ['VT_NETWORK', 'again'],
  },
  {
    when: '300 without a place to go',
    fault: { status: 300 },
    v2: ['VT_BAD_RESPONSE'],
    v3: ['VT_BAD_RESPONSE'],
  },
];

for (const apiVersion of ['v2', 'v3'] as const) {
  describe(`The client of API ${apiVersion}`, () => {
    let standIn: StandIn;
    let api: VirusTotalApi;

    beforeEach(async () => {
      standIn = await startStandIn({ catalogue: { [HASH]: { malicious: 5, engines: 70 } } });
      api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: standIn.url(apiVersion) });
    });
    afterEach(async () => {
      await api.close();
      await standIn.close();
    });

    for (const { when, fault, ...expected } of FAILURES) {
      const [code, again] = expected[apiVersion];
      it(`reports ${when} as ${code}${again ? ', which a retry may cure' : ''}`, async () => {
        standIn.script([fault]);
        const error = await failureOf(api.getReport(FILE));
        expect([error.code, error.retryable], error.message).to.deep.equal([code, again === 'again']);
        if (fault.status !== undefined) expect(error.status).to.equal(fault.status);
        expect(error.message).not.to.include('<');
        expect(error).not.to.have.property('cause');
      });
    }

    it('answers the next request after one that failed', async () => {
      standIn.script([{ status: 500, html: true }, { cut: 'half' }, { brokenJson: true }]);
      for (const _ of [1, 2, 3]) await failureOf(api.getReport(FILE));
      expect(await verdictOf(api)).to.deep.equal([5, 70]);
    });

    it('gives an unknown file a report with response code 0', async () => {
      standIn.know(HASH, 'unknown');
      const exchange = await api.getReport(FILE);
      if (!('answer' in exchange)) throw new Error('redirected');
      expect(exchange.answer.report).to.include({ type: 'file', resource: HASH, response_code: 0 });
      expect(exchange.answer.report.verbose_msg).not.to.equal('');
      expect(exchange.answer.report).not.to.have.any.keys('positives', 'total');
    });

    it('keeps its connections open, so that requests do not each pay for a handshake', async () => {
      for (let i = 0; i < 10; i++) await api.getReport(FILE);
      expect(new Set(standIn.requests.map(({ connection }) => connection)).size).to.be.at.most(2);
    });

    it('returns the raw body beside the report', async () => {
      const exchange = await api.getReport(FILE);
      if (!('answer' in exchange)) throw new Error('redirected');
      const body = JSON.parse(exchange.answer.body.toString()) as Record<string, unknown>;
      expect(body).to.have.property(apiVersion === 'v3' ? 'data' : 'scans');
    });
  });
}

describe('The wait that VirusTotal asks for', () => {
  let standIn: StandIn;
  let api: VirusTotalApi;

  beforeEach(async () => {
    standIn = await startStandIn();
    api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: standIn.url('v3') });
  });
  afterEach(async () => {
    await api.close();
    await standIn.close();
  });

  it('puts the wait of Retry-After into every error, in milliseconds', async () => {
    standIn.script([
      { status: 429, headers: { 'retry-after': '17' } },
      { status: 503, headers: { 'retry-after': '3' } },
    ]);
    expect(await failureOf(api.getReport(FILE))).to.include({ code: 'VT_QUOTA', retryAfterMs: 17_000 });
    expect(await failureOf(api.getReport(FILE))).to.include({ code: 'VT_SERVER', retryAfterMs: 3_000 });
  });

  it('leaves the wait out of an error when the answer names none', async () => {
    standIn.script([{ status: 429 }]);
    expect(await failureOf(api.getReport(FILE))).not.to.have.property('retryAfterMs');
  });
});

async function verdictOf(api: VirusTotalApi): Promise<[unknown, unknown]> {
  const exchange = await api.getReport(FILE);
  if (!('answer' in exchange)) throw new Error('redirected');
  const { positives, total } = exchange.answer.report;
  return [positives, total];
}
