import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { separateReports } from '../../src/analysis/find';
import { fileReport, v2DomainBody } from '../support/reports';

const report = fileReport(60, 70);

describe('A report is found', () => {
  const places: Record<string, unknown> = {
    'as it is': report,
    'in {response}': { action: 'file', resource: 'x', response: report },
    'in {virustotal: {response}}': { virustotal: { action: 'file', response: report } },
    'in {virustotal: {ID: {response}}}': { virustotal: { 'our-instance': { response: report } } },
  };
  for (const [place, value] of Object.entries(places)) {
    it(place, () => {
      const { verdict, resource, positives } = analyzeReport(value);
      expect([verdict, resource, positives]).to.deep.equal(['malicious', report.resource, 60]);
    });
  }

  const asText: Record<string, unknown> = {
    'JSON text': JSON.stringify(report),
    'JSON text with white space and a byte order mark': `\uFEFF\n ${JSON.stringify(report, null, 2)}\n`,
    'the bytes of JSON text': Buffer.from(JSON.stringify(report)),
    'JSON text in an envelope': { action: 'file', resource: 'x', response: JSON.stringify(report) },
    'JSON text of an envelope': JSON.stringify({ virustotal: { response: report } }),
  };
  for (const [form, value] of Object.entries(asText)) {
    it(`as ${form}`, () => {
      const { verdict, resource, positives } = analyzeReport(value);
      expect([verdict, resource, positives]).to.deep.equal(['malicious', report.resource, 60]);
    });
  }

  it('as JSON text from another realm, as a function node makes it', () => {
    const bytes: unknown = runInNewContext('new Uint8Array(data)', {
      data: [...Buffer.from(JSON.stringify(report))],
    });
    expect(analyzeReport(bytes).verdict).to.equal('malicious');
  });

  it('as a v2 body from elsewhere whose indicator only the envelope names', () => {
    const envelope = { action: 'domain', resource: 'bad.example', response: v2DomainBody() };
    const { resource, type } = analyzeReport({ virustotal: envelope });
    expect([resource, type]).to.deep.equal(['bad.example', 'domain']);
  });

  it('as a file report although its own `type` is the file type, as in a private API body', () => {
    expect(analyzeReport({ ...report, type: 'Win32 EXE' }).type).to.equal('file');
  });

  it('as a URL report by the URL when nothing says what was requested', () => {
    const { type, resource } = analyzeReport({ response_code: 1, url: 'http://bad.example/', positives: 9 });
    expect([type, resource]).to.deep.equal(['url', 'http://bad.example/']);
  });
});

describe('A report is missing', () => {
  const others: unknown[] = [
    undefined,
    null,
    0,
    '',
    'text',
    '{"response_code": 1',
    '{"alert": "x"}',
    true,
    Buffer.from('bytes'),
    () => report,
    {},
    { response: null },
    { response: 'text' },
    { response: {} },
    { response: { response: report } },
    { virustotal: {} },
    { virustotal: null },
    { virustotal: { id: 'text' } },
    { response_code: null },
    { positives: 60, total: 70 },
    [],
    [report],
    { data: { type: 'file', id: 'x', attributes: {} } },
  ];
  for (const [n, value] of others.entries()) {
    it(`in something else (${n})`, () => {
      const analysis = analyzeReport(value);
      expect(analysis).to.deep.include({ verdict: 'missing', output: 4, resource: null, positives: null });
      expect(analysis.reasons.map(({ code }) => code)).to.deep.equal(['report-missing']);
    });
  }
});

describe('A value in place of a report', () => {
  const said = (value: unknown) => analyzeReport(value).reasons[0]?.text;

  it('is named in the reason with the way out', () => {
    expect(said(undefined)).to.contain('nothing');
    expect(said('{"response_code": 1')).to.contain('neither a report nor JSON');
    expect(said(Buffer.from('bytes'))).to.contain('neither a report nor JSON');
    expect(said('{}')).to.contain('without a response_code');
    expect(said({ data: { type: 'file', attributes: {} } })).to.contain('without attributes');
  });
});

describe('An error in place of a report ends in Report Error with its text', () => {
  const error = { code: 'VT_TIMEOUT', message: 'VirusTotal did not answer within 30 s' };
  const places: unknown[] = [
    { type: 'file', resource: 'x', response_code: -1, verbose_msg: 'x', error },
    { ...report, error },
    { error },
    { response: { error } },
    { action: 'file', resource: 'x', error },
    { virustotal: { action: 'file', resource: 'x', error } },
    { virustotal: { 'our-instance': { action: 'file', error } } },
  ];
  for (const [n, value] of places.entries()) {
    it(`whatever its place (${n})`, () => {
      const { verdict, output, reasons } = analyzeReport(value);
      expect([verdict, output]).to.deep.equal(['error', 5]);
      expect(reasons[0]).to.deep.equal({
        code: 'report-error',
        text: 'VT_TIMEOUT: VirusTotal did not answer within 30 s',
      });
    });
  }

  it('when it is text alone', () => {
    expect(analyzeReport({ error: 'quota exceeded' }).reasons[0]?.text).to.equal('quota exceeded');
  });

  it('unless it is empty', () => {
    for (const nothing of [null, undefined, '', false]) {
      expect(analyzeReport({ ...report, error: nothing }).verdict).to.equal('malicious');
    }
  });
});

describe('Several reports', () => {
  it('are taken apart when they are in an array', () => {
    const list = [report, { response: report }, 'text'];
    expect(separateReports(list)).to.equal(list);
  });

  it('are taken apart when several instances answered, each under its own ID', () => {
    const answers = { one: { response: report }, two: { error: 'broken' }, note: 'text' };
    expect(separateReports({ virustotal: answers })).to.deep.equal([
      { virustotal: { one: answers.one } },
      { virustotal: { two: answers.two } },
    ]);
  });

  it('are not seen inside another report', () => {
    for (const one of [
      report,
      { response: report },
      { virustotal: { id: { response: report } } },
      'text',
      null,
    ]) {
      expect(separateReports(one)).to.equal(undefined);
    }
  });
});
