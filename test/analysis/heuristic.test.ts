import { expect } from 'chai';
import { analyzeReport, createAnalyzer } from '../../src/analysis/analyze';
import { fileReport, v2DomainBody, v2IpBody } from '../support/reports';

function without(body: Record<string, unknown>, ...fields: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}

describe('A domain or IP address from API v2, which has no positives,', () => {
  it('is No Match without a heuristic, and the reason says so', () => {
    for (const body of [v2DomainBody(), v2IpBody()]) {
      const { verdict, positives, reasons } = analyzeReport(body);
      expect([verdict, positives]).to.deep.equal(['no-match', null]);
      expect(reasons[0]?.code).to.equal('no-verdict');
    }
  });

  it('is judged by its detected URLs, downloaded and referrer samples when it is a domain', () => {
    const analysis = analyzeReport(v2DomainBody(), { heuristic: 'detections', malicious: 4 });
    expect(analysis).to.deep.include({ type: 'domain', verdict: 'malicious', positives: 4, rule: '>= 4' });
    expect(analysis.reasons.map(({ code }) => code)).to.include('heuristic-detections');
  });

  it('is judged by its detected URLs, downloaded and communicating samples when it is an IP address', () => {
    const analysis = analyzeReport(v2IpBody(), { heuristic: 'detections', malicious: 5 });
    expect(analysis).to.deep.include({ type: 'ip', verdict: 'no-match', positives: 4, rule: null });
  });

  it('has no rate and so no confidence', () => {
    const { rate, confidence, total } = analyzeReport(v2DomainBody(), {
      heuristic: 'detections',
      malicious: 1,
    });
    expect([rate, confidence, total]).to.deep.equal([null, null, null]);
  });

  it('is Trusted when it lists no detections', () => {
    const body = { response_code: 1, verbose_msg: 'Domain found in dataset', subdomains: [] };
    expect(analyzeReport(body, { heuristic: 'detections' }).verdict).to.equal('trusted');
  });

  it('is recognized as domain or IP address by the lists that only one of them has', () => {
    const typeOf = (body: unknown) => analyzeReport(body).type;
    expect(typeOf(without(v2DomainBody(), 'verbose_msg'))).to.equal('domain');
    expect(typeOf(without(v2DomainBody(), 'resolutions'))).to.equal('domain');
    expect(typeOf(without(v2IpBody(), 'verbose_msg', 'asn', 'as_owner'))).to.equal('ip');
    expect(typeOf(without(v2IpBody(), 'resolutions', 'asn', 'as_owner'))).to.equal('ip');
    expect(typeOf({ response_code: 1 })).to.equal(null);
  });

  it('is judged by the common lists when its type cannot be recognized', () => {
    const body = without(v2DomainBody(), 'verbose_msg', 'resolutions');
    expect(analyzeReport(body, { heuristic: 'detections' })).to.deep.include({ type: null, positives: 3 });
  });
});

describe('A heuristic', () => {
  it('does not overrule the positives of a v3 domain', () => {
    const report = { ...v2DomainBody(), type: 'domain', positives: 0, total: 90 };
    expect(analyzeReport(report, { heuristic: 'detections', malicious: 1 }).verdict).to.equal('trusted');
  });

  it('makes no Trusted of a v3 domain that no engine has scanned', () => {
    for (const figures of [{}, { positives: 0, total: 0 }]) {
      const report = { type: 'domain', response_code: 1, categories: {}, reputation: 0, ...figures };
      expect(analyzeReport(report, { heuristic: 'detections' }).verdict).to.equal('no-match');
    }
  });

  it('makes no Trusted of a URL or file that is still queued', () => {
    for (const queued of [
      { response_code: 1, url: 'http://bad.example/', scan_id: 'x-1' },
      { response_code: 1, sha256: 'f'.repeat(64), scan_id: 'x-1' },
    ]) {
      expect(analyzeReport(queued, { heuristic: 'detections' }).verdict).to.equal('no-match');
      expect(analyzeReport(queued, { heuristic: 'jsonata' }, { value: 0 }).verdict).to.equal('no-match');
    }
  });
});

describe("A user's expression", () => {
  const judge = (value: unknown) => analyzeReport(v2DomainBody(), { heuristic: 'jsonata' }, { value });

  it('gives the positives for the thresholds', () => {
    expect(judge(9)).to.deep.include({ verdict: 'malicious', positives: 9, rule: '>= 5' });
    expect(judge(0)).to.deep.include({ verdict: 'trusted', positives: 0 });
    expect(judge(2.5)).to.deep.include({ verdict: 'no-match', positives: 2.5 });
  });

  it('ends in Report Error when it gives anything but a number of 0 or more', () => {
    for (const value of ['9', null, undefined, NaN, Infinity, -1, true, [9], { positives: 9 }]) {
      const { verdict, reasons } = judge(value);
      expect(verdict).to.equal('error');
      expect(reasons[0]?.code).to.equal('heuristic-failed');
    }
    expect(judge('9').reasons[0]?.text).to.equal(
      'The expression returned "9"; it must return a number of 0 or more',
    );
  });

  it('ends in Report Error with its own text when it fails or was not evaluated', () => {
    const options = { heuristic: 'jsonata' as const };
    const failed = analyzeReport(v2DomainBody(), options, { failure: 'attempted to invoke a non-function' });
    expect(failed.verdict).to.equal('error');
    expect(failed.reasons[0]?.text).to.contain('attempted to invoke a non-function');
    expect(analyzeReport(v2DomainBody(), options).verdict).to.equal('error');
  });

  it('is requested only for a report whose verdict depends on it and receives the report', () => {
    const analyst = createAnalyzer({ heuristic: 'jsonata' });
    const body = v2IpBody();
    expect(analyst.expressionInput({ virustotal: { response: body } })).to.equal(body);
    for (const other of [
      fileReport(3, 70),
      { type: 'domain', response_code: 1, positives: 3, total: 90 },
      { response_code: 0, verbose_msg: 'Domain not found' },
      { ...v2IpBody(), error: 'broken' },
      'text',
    ]) {
      expect(analyst.expressionInput(other)).to.equal(undefined);
    }
    expect(createAnalyzer({ heuristic: 'detections' }).expressionInput(body)).to.equal(undefined);
  });
});
