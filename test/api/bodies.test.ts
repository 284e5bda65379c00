import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import type { ReportResponse } from '../../src/api/request';
import { STAND_IN_KEY, startStandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';
import { domainBody, serve, type LocalServer } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

const LIMIT = 100_000;

describe('The client', () => {
  let server: LocalServer;
  let api: VirusTotalApi;
  let headers: Record<string, string>;
  let body: Buffer | string;
  let status: number;

  beforeEach(async () => {
    headers = { 'content-type': 'application/json; charset=utf-8' };
    body = domainBody();
    status = 200;
    server = await serve((_request, response) => response.writeHead(status, headers).end(body));
    api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: server.origin, maxBytes: LIMIT });
  });
  afterEach(async () => {
    await api.close();
    await server.close();
  });

  async function answer(): Promise<ReportResponse> {
    const exchange = await api.getReport(DOMAIN);
    if (!('answer' in exchange)) throw new Error('redirected');
    return exchange.answer;
  }

  describe('with a gzip body', () => {
    it('reads a gzip body and returns it unpacked', async () => {
      headers['content-encoding'] = 'gzip';
      body = gzipSync(domainBody());
      const { report, body: bytes } = await answer();
      expect(report).to.include({ positives: 3, total: 4 });
      expect(bytes.toString()).to.equal(domainBody());
    });

    it('asks for gzip as VirusTotal wants it: in Accept-Encoding and in User-Agent', async () => {
      await answer();
      expect(server.requests[0]?.headers).to.include({ 'accept-encoding': 'gzip' });
      expect(server.requests[0]?.headers['user-agent'])
        .to.include('gzip')
        .and.to.include('@nr-threat-intel/node-red-virustotal');
    });

    it('reads a gzip body that no header announces', async () => {
      body = gzipSync(domainBody());
      expect((await answer()).report).to.include({ positives: 3 });
    });

    it('reads a plain body whose header claims gzip', async () => {
      headers['content-encoding'] = 'gzip';
      expect((await answer()).report).to.include({ positives: 3 });
    });

    for (const claimed of [true, false]) {
      it(`keeps the reason of a 429 when the header ${claimed ? 'claims gzip' : 'names no encoding'}, for a plain and a gzip body`, async () => {
        const refusal = JSON.stringify({ error: { code: 'QuotaExceededError', message: 'Quota exceeded' } });
        if (claimed) headers['content-encoding'] = 'gzip';
        status = 429;
        for (body of [refusal, gzipSync(refusal)]) {
          const error = await failureOf(api.getReport(DOMAIN));
          expect(error.code).to.equal('VT_QUOTA');
          expect(error.message).to.include('QuotaExceededError');
        }
      });
    }

    it('reports a gzip body that breaks off as a bad response', async () => {
      const whole = gzipSync(domainBody());
      body = whole.subarray(0, whole.length - 12);
      expect(await failureOf(api.getReport(DOMAIN))).to.include({
        code: 'VT_BAD_RESPONSE',
        retryable: false,
      });
    });

    it('reports a damaged gzip body as a bad response', async () => {
      const whole = gzipSync(domainBody());
      whole.fill(0x55, 20, 40);
      body = whole;
      expect(await failureOf(api.getReport(DOMAIN))).to.include({ code: 'VT_BAD_RESPONSE' });
    });

    it('reads a gzip body whose trailer gives a wrong length', async () => {
      const parts = [domainBody().slice(0, 40), domainBody().slice(40)];
      body = Buffer.concat(parts.map((part) => gzipSync(part)));
      expect((await answer()).report).to.include({ positives: 3 });
    });
  });

  describe('with a large body', () => {
    const tooLarge = async () => {
      const error = await failureOf(api.getReport(DOMAIN));
      expect(error).to.include({ code: 'VT_BAD_RESPONSE', retryable: false });
      expect(error.message).to.include(String(LIMIT));
    };

    it('refuses a body whose Content-Length is over the limit', async () => {
      body = domainBody('x'.repeat(LIMIT));
      headers['content-length'] = String(body.length);
      await tooLarge();
    });

    it('refuses a body over the limit that has no Content-Length', async () => {
      body = domainBody('x'.repeat(LIMIT));
      headers['transfer-encoding'] = 'chunked';
      await tooLarge();
    });

    it('refuses a gzip body that is over the limit when unpacked', async () => {
      body = gzipSync(domainBody('x'.repeat(LIMIT)));
      expect(body.length).to.be.below(2_000);
      await tooLarge();
    });

    it('reads a body that is exactly as large as the limit', async () => {
      body = domainBody('x'.repeat(LIMIT - domainBody('').length));
      expect(body.length).to.equal(LIMIT);
      expect((await answer()).report).to.include({ positives: 3 });
    });

    it('answers the next request after a body over the limit', async () => {
      body = domainBody('x'.repeat(LIMIT));
      await tooLarge();
      body = domainBody();
      expect((await answer()).report).to.include({ positives: 3 });
    });
  });

  describe('with a charset', () => {
    const REGISTRAR = 'Régisträr';

    it('converts a body from the charset of its header to UTF-8', async () => {
      headers['content-type'] = 'application/json; charset="ISO-8859-1"';
      body = Buffer.from(domainBody(REGISTRAR), 'latin1');
      const { report, body: bytes } = await answer();
      expect(report['registrar']).to.equal(REGISTRAR);
      expect(bytes.toString('utf8')).to.equal(domainBody(REGISTRAR));
    });

    it('reads a body in a charset of two bytes a character', async () => {
      headers['content-type'] = 'application/json;charset=UTF-16LE';
      body = Buffer.from(domainBody(REGISTRAR), 'utf16le');
      expect((await answer()).report['registrar']).to.equal(REGISTRAR);
    });

    for (const type of [
      'application/json',
      'application/json; charset=utf8',
      'application/json; charset=made-up',
    ]) {
      it(`reads a body of the type ${type} as UTF-8`, async () => {
        headers['content-type'] = type;
        body = domainBody(REGISTRAR);
        expect((await answer()).report['registrar']).to.equal(REGISTRAR);
      });
    }

    it('reads a body without a content type as UTF-8', async () => {
      headers = {};
      body = domainBody(REGISTRAR);
      expect((await answer()).report['registrar']).to.equal(REGISTRAR);
    });

    for (const [what, registrar] of [
      ['ASCII', Buffer.from('Registrar')],
      ['characters beyond Latin-1', Buffer.from('Регистратор 登録 \u{1f310}')],
      ['bytes that are no UTF-8', Buffer.from([0x52, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xe2, 0x82])],
    ] as const) {
      it(`is UTF-8 with ${what}`, async () => {
        const [before, after] = domainBody('REGISTRAR').split('REGISTRAR');
        body = Buffer.concat([Buffer.from(before ?? ''), registrar, Buffer.from(after ?? '')]);
        expect((await answer()).report['registrar']).to.equal(registrar.toString());
      });
    }

    it('drops a byte order mark at the start of a body', async () => {
      body = `\ufeff${domainBody(REGISTRAR)}`;
      const { report, body: bytes } = await answer();
      expect(report['registrar']).to.equal(REGISTRAR);
      expect(bytes.toString()).to.equal(domainBody(REGISTRAR));
    });
  });
});

describe('The default size limit', () => {
  it('refuses a gzip bomb that unpacks a few kilobytes to 64 MiB', async () => {
    const standIn = await startStandIn({ script: [{ gzipBomb: 64 * 1024 * 1024 }] });
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: standIn.url('v3') });
    const error = await failureOf(api.getReport(DOMAIN));
    expect(error.code).to.equal('VT_BAD_RESPONSE');
    expect(error.message).to.include(String(8 * 1024 * 1024));
    await api.close();
    await standIn.close();
  });
});
