import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { separateReports } from '../../src/analysis/find';
import { FILE_ATTRIBUTES, SHA256, stats, v3Body } from '../report/v3-bodies';

const URL_ID = 'ab'.repeat(32);
const BODIES: [string, object, string, string, string][] = [
  ['a file', v3Body('file', SHA256, FILE_ATTRIBUTES), 'file', SHA256, 'no-match'],
  [
    'a URL',
    v3Body('url', URL_ID, { url: 'http://bad.example/x', last_analysis_stats: stats(9, 0, 60, 20) }),
    'url',
    'http://bad.example/x',
    'malicious',
  ],
  [
    'a domain',
    v3Body('domain', 'bad.example', { last_analysis_stats: stats(7, 0, 60, 20) }),
    'domain',
    'bad.example',
    'malicious',
  ],
  [
    'an IP address',
    v3Body('ip_address', '192.0.2.7', { last_analysis_stats: stats(0, 0, 10, 80) }),
    'ip',
    '192.0.2.7',
    'trusted',
  ],
];

describe('An answer of API v3 as VirusTotal sends it', () => {
  for (const [of, body, type, resource, verdict] of BODIES) {
    const judged = [verdict, type, resource];
    const judge = (value: unknown): unknown[] => {
      const analysis = analyzeReport(value);
      return [analysis.verdict, analysis.type, analysis.resource];
    };

    it(`of ${of} is judged as its report`, () => {
      expect(judge(body)).to.deep.equal(judged);
    });

    it(`of ${of} is judged in an envelope, as text and without its "data"`, () => {
      const { data } = body as { data: object };
      const places = [{ response: body }, { raw: body }, { virustotal: { id: { response: body } } }, data];
      for (const place of places) {
        expect(judge(place)).to.deep.equal(judged);
        expect(judge(JSON.stringify(place))).to.deep.equal(judged);
      }
    });
  }

  it('of several is judged one by one: in an array, in an array as text, in a list of VirusTotal', () => {
    const bodies = BODIES.map(([, body]) => body);
    const list = { data: bodies.map((body) => (body as { data: object }).data), links: {} };
    for (const value of [bodies, JSON.stringify(bodies), list, JSON.stringify(list)]) {
      const verdicts = separateReports(value)?.map((each) => analyzeReport(each).verdict);
      expect(verdicts).to.deep.equal(BODIES.map(([, , , , verdict]) => verdict));
    }
  });

  it('that says "not found" is No Match, and every other error is Report Error with its text', () => {
    const notFound = { error: { code: 'NotFoundError', message: 'Domain "x.example" not found' } };
    for (const value of [notFound, { response: notFound }, JSON.stringify(notFound)]) {
      const { verdict, reasons } = analyzeReport(value);
      expect([verdict, reasons[0]?.code]).to.deep.equal(['no-match', 'not-found']);
    }
    const spent = { error: { code: 'QuotaExceededError', message: 'Quota exceeded' } };
    const { verdict, reasons } = analyzeReport(spent);
    expect([verdict, reasons[0]?.text]).to.deep.equal(['error', 'QuotaExceededError: Quota exceeded']);
  });

  it('without a verdict is No Match, and a pending one is Report Error', () => {
    const unseen = analyzeReport(v3Body('domain', 'new.example', { last_analysis_stats: stats(0, 0, 0, 0) }));
    expect([unseen.verdict, unseen.reasons[0]?.code]).to.deep.equal(['no-match', 'no-verdict']);
    const queued = analyzeReport({
      data: {
        type: 'analysis',
        id: 'u-1',
        attributes: { status: 'queued', stats: stats(0, 0, 0, 0), results: {} },
      },
      meta: { url_info: { id: URL_ID, url: 'http://bad.example/x' } },
    });
    expect([queued.verdict, queued.resource, queued.reasons[0]?.code]).to.deep.equal([
      'error',
      'http://bad.example/x',
      'still-queued',
    ]);
  });

  it('that cannot be read ends in Report Error and throws nothing', () => {
    const body = v3Body('domain', 'bad.example', { last_analysis_stats: { malicious: 'many' } });
    expect(analyzeReport(body)).to.deep.include({ verdict: 'error' });
    expect(analyzeReport(body).reasons[0]?.code).to.equal('report-unreadable');
  });
});
