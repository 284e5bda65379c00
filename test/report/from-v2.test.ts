import { inspect } from 'node:util';
import { expect } from 'chai';
import { reportFromV2 } from '../../src/report/from-v2';
import { ReportShapeError } from '../../src/report/narrow';

const SHA256 = '7c'.repeat(32);
const MD5 = '7c'.repeat(16);

const FILE = { type: 'file', value: MD5 } as const;
const DOMAIN = { type: 'domain', value: 'example.com' } as const;
const IP = { type: 'ip', value: '203.0.113.7' } as const;
const URL = { type: 'url', value: 'http://example.com/a' } as const;

const fileBody = () => ({
  response_code: 1,
  verbose_msg: 'Scan finished, information embedded',
  resource: MD5,
  scan_id: `${SHA256}-1735787045`,
  md5: MD5,
  sha1: '7c'.repeat(20),
  sha256: SHA256,
  scan_date: '2025-01-02 03:04:05',
  permalink: `https://www.virustotal.com/gui/file/${SHA256}/detection/f-${SHA256}-1735787045`,
  positives: 1,
  total: 2,
  scans: {
    'Engine One': { detected: true, version: '1.2.3', result: 'Trojan.Made.Up', update: '20250101' },
    'Engine Two': { detected: false, version: null, result: null, update: '20250102' },
  },
});

describe('A v2 report', () => {
  it('has every field of the body of VirusTotal, and its type', () => {
    expect(reportFromV2(FILE, fileBody())).to.deep.equal({ ...fileBody(), type: 'file' });
  });

  it('keeps unknown fields', () => {
    const more = { ...fileBody(), something_new: { a: [1] }, additional_info: { magic: 'PE32' } };
    expect(reportFromV2(FILE, more)).to.deep.equal({ ...more, type: 'file' });
  });

  it('does not change the body that it is made from', () => {
    const body = fileBody();
    reportFromV2(FILE, body);
    expect(body).to.deep.equal(fileBody());
  });

  it('of the private API has its kind in `type` and the file type beside it', () => {
    const report = reportFromV2(FILE, { ...fileBody(), type: 'Win32 EXE' });
    expect(report).to.include({ type: 'file', type_description: 'Win32 EXE' });
  });

  it('of a domain or IP address names the requested indicator, which VirusTotal does not echo, and has no counts', () => {
    const domain = {
      response_code: 1,
      verbose_msg: 'Domain found in dataset',
      detected_urls: [],
      whois: null,
    };
    const report = reportFromV2(DOMAIN, domain);
    expect(report).to.deep.equal({ ...domain, type: 'domain', resource: 'example.com' });
    for (const asn of ['64496', 64496]) {
      const ip = { response_code: 1, verbose_msg: 'IP address in dataset', asn };
      expect(reportFromV2(IP, ip)).to.deep.equal({ ...ip, type: 'ip', resource: '203.0.113.7' });
    }
  });

  it('of an unknown indicator has response code 0', () => {
    const body = { response_code: 0, verbose_msg: 'Domain not found' };
    expect(reportFromV2(DOMAIN, body)).to.deep.equal({ ...body, type: 'domain', resource: 'example.com' });
  });

  it('of a queued scan has response code -2', () => {
    const body = {
      response_code: -2,
      resource: MD5,
      scan_id: 'x',
      verbose_msg: 'Your resource is queued for analysis',
    };
    expect(reportFromV2(FILE, body)).to.deep.equal({ ...body, type: 'file' });
  });

  it('of a queued URL may have response code 1 and no counts', () => {
    const body = { response_code: 1, resource: URL.value, verbose_msg: 'Scan request successfully queued' };
    expect(reportFromV2(URL, body)).to.deep.equal({ ...body, type: 'url' });
  });

  it('of an invalid IP address has response code -1', () => {
    const body = { response_code: -1, verbose_msg: 'Invalid IP address' };
    expect(reportFromV2(IP, body)).to.include({ response_code: -1, verbose_msg: 'Invalid IP address' });
  });

  it('has a message even when VirusTotal sends none', () => {
    for (const response_code of [1, 0, -1, -2]) {
      expect(reportFromV2(FILE, { response_code }).verbose_msg).not.to.equal('');
    }
  });
});

describe('A v2 answer to a batch', () => {
  const other = { response_code: 1, resource: 'ee'.repeat(16), positives: 50, total: 60, verbose_msg: 'x' };

  it('gives the report of the requested indicator, wherever it is in the list', () => {
    expect(reportFromV2(FILE, [other, fileBody()])).to.include({ md5: MD5, positives: 1 });
  });

  it('is searched by every hash, in lower and upper case', () => {
    for (const value of [SHA256, SHA256.toUpperCase(), '7c'.repeat(20)]) {
      expect(reportFromV2({ type: 'file', value }, [other, fileBody()])).to.include({ positives: 1 });
    }
  });

  it('is searched by URL, case-sensitively', () => {
    const body = { response_code: 1, resource: URL.value, positives: 2, total: 70, verbose_msg: 'x' };
    expect(reportFromV2(URL, [other, body])).to.include({ positives: 2 });
  });

  it('is refused when it lacks the indicator: VirusTotal drops what exceeds its batch limit', () => {
    for (const batch of [[], [other], [null, 5, 'text', []]]) {
      expect(() => reportFromV2(FILE, batch)).to.throw(ReportShapeError, 'batch');
    }
  });
});

describe('A body that is not a v2 report', () => {
  const refused: [what: string, body: unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['text', 'ok'],
    ['{}', {}],
    ['a response code that is text', { response_code: '1' }],
    ['a response code that nobody knows', { response_code: 2 }],
    ['a response code that is null', { response_code: null }],
    ['a v3 report', { data: { type: 'file', attributes: {} } }],
  ];
  for (const [what, body] of refused) {
    it(`is refused: ${what}`, () => expect(() => reportFromV2(FILE, body)).to.throw(ReportShapeError));
  }

  for (const wrong of ['5', -1, 1.5, NaN, {}, true]) {
    it(`is refused: unreadable counts (${inspect(wrong)})`, () => {
      for (const name of ['positives', 'total']) {
        expect(() => reportFromV2(FILE, { ...fileBody(), [name]: wrong })).to.throw(ReportShapeError, name);
      }
    });
  }
});

describe('A v2 field of the wrong type', () => {
  it('is left out', () => {
    const wrong = {
      permalink: 5,
      scan_date: {},
      tags: 'a',
      categories: 5,
      reputation: 'good',
      sha256: [],
      error: 'x',
    };
    const report = reportFromV2(FILE, { ...fileBody(), ...wrong });
    expect(report).not.to.have.any.keys(...Object.keys(wrong));
    expect(report.positives).to.equal(1);
  });

  it('is left out: counts that are null, which means that there are none', () => {
    const report = reportFromV2(FILE, { ...fileBody(), positives: null, total: null });
    expect(report).not.to.have.any.keys('positives', 'total');
  });

  it('is left out: engines of the wrong type, but not an engine that detected the file', () => {
    const scans = { A: { detected: true, result: 5, version: '1' }, B: { detected: 'yes' }, C: null, D: [] };
    expect(reportFromV2(FILE, { ...fileBody(), scans }).scans).to.deep.equal({
      A: { detected: true, result: null, version: '1' },
    });
    expect(reportFromV2(FILE, { ...fileBody(), scans: 'none' })).not.to.have.property('scans');
  });
});
