import { inspect } from 'node:util';
import { expect } from 'chai';
import { reportFromV3 } from '../../src/report/from-v3';
import { ReportShapeError } from '../../src/report/narrow';
import { FILE_ATTRIBUTES, MD5, SHA256, stats, v3Body } from './v3-bodies';

const FILE = { type: 'file', value: MD5 } as const;
const DOMAIN = { type: 'domain', value: 'example.com' } as const;
const IP = { type: 'ip', value: '2001:db8::1' } as const;
const URL = { type: 'url', value: 'http://example.com/a' } as const;

const domainReport = (attributes: object) =>
  reportFromV3(DOMAIN, v3Body('domain', 'example.com', attributes));

describe('A v3 file report', () => {
  const report = reportFromV3(FILE, v3Body('file', SHA256, FILE_ATTRIBUTES));

  it('counts malicious verdicts as positives, and engines with a verdict as total', () => {
    expect(report).to.include({ response_code: 1, positives: 2, total: 4, suspicious: 1 });
  });

  it('has the requested hash as resource, and all its hashes', () => {
    expect(report).to.include({ type: 'file', resource: MD5, md5: MD5, sha256: SHA256 });
    expect(report.permalink).to.equal(`https://www.virustotal.com/gui/file/${SHA256}`);
    expect(report.verbose_msg).to.equal('Scan finished, information embedded');
  });

  it('has its dates in the form of v2', () => {
    expect(report.scan_date).to.equal('2025-01-02 03:04:05');
  });

  it('has the result of each engine', () => {
    expect(report.scans).to.deep.equal({
      'Engine One': {
        detected: true,
        result: 'Trojan.Made.Up',
        category: 'malicious',
        version: '1.2.3',
        update: '20250101',
      },
      'Engine Two': {
        detected: false,
        result: null,
        category: 'type-unsupported',
        version: null,
        update: '20250102',
      },
    });
  });

  it('keeps the fields that a person or a flow can use, under their v3 names', () => {
    const { names, size, tags, reputation, total_votes, first_submission_date, sandbox_verdicts } =
      FILE_ATTRIBUTES;
    expect(report).to.deep.include({ names, size, tags, reputation, total_votes, sandbox_verdicts });
    expect(report).to.include({ first_submission_date, threat_label: 'trojan.made/up' });
  });

  it('leaves large fields for specialists in the raw body', () => {
    expect(report).not.to.have.any.keys(
      'pe_info',
      'exiftool',
      'last_analysis_results',
      'last_analysis_stats',
    );
  });

  it('is read without the `data` wrapper, too', () => {
    const { data } = v3Body('file', SHA256, FILE_ATTRIBUTES) as { data: unknown };
    expect(reportFromV3(FILE, data)).to.deep.equal(report);
  });
});

describe('The permalink', () => {
  const id = 'ab'.repeat(32);
  for (const [indicator, type, page] of [
    [DOMAIN, 'domain', 'domain/example.com'],
    [IP, 'ip_address', 'ip-address/2001:db8::1'],
    [URL, 'url', `url/${id}`],
  ] as const) {
    it(`of ${indicator.value} is ${page}`, () => {
      const report = reportFromV3(indicator, v3Body(type, type === 'url' ? id : indicator.value, {}));
      expect(report.permalink).to.equal(`https://www.virustotal.com/gui/${page}`);
    });
  }

  it('of a URL is left out when VirusTotal does not send its id', () => {
    for (const other of ['javascript:alert(1)', '../../x', 5, undefined]) {
      expect(reportFromV3(URL, v3Body('url', other as string, {}))).not.to.have.property('permalink');
    }
  });
});

describe('The engines of a v3 URL, domain or IP address', () => {
  it('have no version and no date', () => {
    const { scans } = domainReport({
      last_analysis_results: {
        A: { category: 'harmless', result: 'clean', method: 'blacklist', engine_name: 'A' },
        B: { category: 'suspicious', result: 'suspicious' },
        C: { category: 'malicious', result: 'phishing' },
      },
    });
    expect(scans).to.deep.equal({
      A: { detected: false, result: 'clean', category: 'harmless' },
      B: { detected: false, result: 'suspicious', category: 'suspicious' },
      C: { detected: true, result: 'phishing', category: 'malicious' },
    });
  });
});

describe('The counts of a v3 report', () => {
  it('come from the stats, not from the list of engines, which may be incomplete', () => {
    const report = domainReport({
      last_analysis_stats: stats(3, 0, 10, 81),
      last_analysis_results: { A: { category: 'malicious', result: 'malware' } },
    });
    expect(report).to.include({ positives: 3, total: 94 });
  });

  it('take a missing category as zero', () => {
    expect(domainReport({ last_analysis_stats: { malicious: 2 } })).to.include({
      positives: 2,
      total: 2,
      suspicious: 0,
    });
  });

  it('leave out engines without a verdict', () => {
    const last_analysis_stats = stats(1, 1, 1, 1, { timeout: 7, failure: 7, 'type-unsupported': 7 });
    expect(domainReport({ last_analysis_stats })).to.include({ positives: 1, total: 4 });
  });

  for (const [what, attributes] of [
    ['there are no stats', {}],
    ['the stats are null', { last_analysis_stats: null }],
    ['the stats are all zero', { last_analysis_stats: stats(0, 0, 0, 0), last_analysis_results: {} }],
  ] as const) {
    it(`are undefined, not 0 of 0, when ${what}`, () => {
      const report = domainReport(attributes);
      expect(report).not.to.have.any.keys('positives', 'total', 'suspicious');
      expect(report.response_code).to.equal(1);
    });
  }

  it('are pending for a file or URL that no engine has scanned', () => {
    for (const [indicator, type] of [
      [FILE, 'file'],
      [URL, 'url'],
    ] as const) {
      for (const attributes of [{ last_analysis_stats: stats(0, 0, 0, 0), last_analysis_results: {} }, {}]) {
        const report = reportFromV3(indicator, v3Body(type, SHA256, { ...attributes, tags: ['new'] }));
        expect(report).to.include({ response_code: -2, verbose_msg: 'Your resource is queued for analysis' });
        expect(report).not.to.have.any.keys('positives', 'total');
        expect(report.tags).to.deep.equal(['new']);
      }
    }
  });

  it('are undefined, not pending, for a file that no engine could scan', () => {
    const last_analysis_stats = stats(0, 0, 0, 0, { 'type-unsupported': 70 });
    const report = reportFromV3(FILE, v3Body('file', SHA256, { last_analysis_stats }));
    expect(report.response_code).to.equal(1);
    expect(report).not.to.have.property('positives');
  });

  it('of an analysis come from its own stats', () => {
    const attributes = { status: 'completed', date: 1_735_787_045, stats: stats(4, 0, 6, 60), results: {} };
    const report = reportFromV3(URL, v3Body('analysis', 'u-1', attributes));
    expect(report).to.include({ positives: 4, total: 70, scan_date: '2025-01-02 03:04:05' });
    const queued = { status: 'queued', date: 1_735_787_045, stats: stats(0, 0, 0, 0), results: {} };
    expect(reportFromV3(URL, v3Body('analysis', 'u-1', queued)).response_code).to.equal(-2);
  });

  for (const wrong of ['5', -1, 1.5, NaN, {}, true]) {
    it(`that cannot be read (${inspect(wrong)}) make the report invalid: it must never pass for clean`, () => {
      for (const name of ['malicious', 'harmless']) {
        const last_analysis_stats = { ...stats(1, 1, 1, 1), [name]: wrong };
        expect(() => domainReport({ last_analysis_stats })).to.throw(ReportShapeError, name);
      }
    });
  }
});

describe('An indicator that v3 does not know', () => {
  it('gives a report with response code 0 and the message of VirusTotal', () => {
    const body = { error: { code: 'NotFoundError', message: 'File "5f5f" not found' } };
    expect(reportFromV3(FILE, body)).to.deep.equal({
      type: 'file',
      resource: MD5,
      response_code: 0,
      verbose_msg: 'File "5f5f" not found',
    });
  });

  it('gives a report with response code 0 without a message, too', () => {
    expect(reportFromV3(FILE, { error: { code: 'NotFoundError' } }).verbose_msg).to.equal(
      'Not found in dataset',
    );
  });
});

describe('A body that is not a v3 report', () => {
  const refused: [what: string, body: unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'ok'],
    ['{}', {}],
    ['no data', { data: null }],
    ['data without attributes', { data: { type: 'domain', id: 'example.com' } }],
    ['attributes that are a list', { data: { type: 'domain', attributes: [] } }],
    ['another error', { error: { code: 'QuotaExceededError', message: 'Quota exceeded' } }],
    ['an error without a code', { error: 'no' }],
    ['a report of another kind', v3Body('ip_address', '203.0.113.7', {})],
    ['a user', v3Body('user', 'me', {})],
    ['stats that are a list', v3Body('domain', 'example.com', { last_analysis_stats: [] })],
    ['a v2 report', { response_code: 1, positives: 0, total: 70 }],
  ];
  for (const [what, body] of refused) {
    it(`is refused: ${what}`, () => expect(() => reportFromV3(DOMAIN, body)).to.throw(ReportShapeError));
  }
});

describe('A v3 attribute of the wrong type', () => {
  const wrong = [5, 'text', [1, 2], { a: 1 }, null, true];
  const types: Record<string, (value: unknown) => boolean> = {
    tags: (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string'),
    reputation: (value) => typeof value === 'number',
    country: (value) => typeof value === 'string',
    categories: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  };
  for (const [name, right] of Object.entries(types)) {
    it(`is left out: ${name}`, () => {
      for (const value of wrong) {
        const report = domainReport({ [name]: value });
        if (right(value)) expect(report[name]).to.deep.equal(value);
        else expect(report, JSON.stringify(value)).not.to.have.property(name);
      }
    });
  }

  it('is left out: invalid dates', () => {
    for (const last_analysis_date of ['1735787045', -1, NaN, 1e15, Infinity, {}, null]) {
      expect(domainReport({ last_analysis_date })).not.to.have.property('scan_date');
    }
  });

  it('is left out: engines of the wrong type', () => {
    const last_analysis_results = { A: null, B: 'clean', C: { category: 5, result: { a: 1 } }, D: [] };
    expect(domainReport({ last_analysis_results }).scans).to.deep.equal({
      C: { detected: false, result: null },
    });
    expect(domainReport({ last_analysis_results: ['A'] })).not.to.have.property('scans');
  });
});
