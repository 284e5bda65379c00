import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { VirusTotalApi, type ReportResponse } from '../../src/api/client';
import { STAND_IN_KEY, startStandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';
import { domainBody, serve, type LocalServer } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

const LIMIT = 100_000;

describe('The body of an answer', () => {
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

  describe('in gzip', () => {
    it('is read, and handed on without the gzip', async () => {
      headers['content-encoding'] = 'gzip';
      body = gzipSync(domainBody());
      const { report, body: bytes } = await answer();
      expect(report).to.include({ positives: 3, total: 4 });
      expect(bytes.toString()).to.equal(domainBody());
    });

    it('is asked for in the way that VirusTotal wants: in accept-encoding and in the user agent', async () => {
      await answer();
      expect(server.requests[0]?.headers).to.include({ 'accept-encoding': 'gzip' });
      expect(server.requests[0]?.headers['user-agent'])
        .to.include('gzip')
        .and.to.include('@nr-threat-intel/node-red-virustotal');
    });

    it('is read although no header says that it is', async () => {
      body = gzipSync(domainBody());
      expect((await answer()).report).to.include({ positives: 3 });
    });

    it('is read as it is when a header says gzip and it is not', async () => {
      headers['content-encoding'] = 'gzip';
      expect((await answer()).report).to.include({ positives: 3 });
    });

    for (const claimed of [true, false]) {
      it(`says why the quota is spent, the header ${claimed ? 'claiming gzip' : 'silent'} and the body plain or not`, async () => {
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

    it('that breaks off is a broken answer', async () => {
      const whole = gzipSync(domainBody());
      body = whole.subarray(0, whole.length - 12);
      expect(await failureOf(api.getReport(DOMAIN))).to.include({
        code: 'VT_BAD_RESPONSE',
        retryable: false,
      });
    });

    it('that is damaged is a broken answer', async () => {
      const whole = gzipSync(domainBody());
      whole.fill(0x55, 20, 40);
      body = whole;
      expect(await failureOf(api.getReport(DOMAIN))).to.include({ code: 'VT_BAD_RESPONSE' });
    });

    it('that lies about its length is read all the same', async () => {
      const parts = [domainBody().slice(0, 40), domainBody().slice(40)];
      body = Buffer.concat(parts.map((part) => gzipSync(part)));
      expect((await answer()).report).to.include({ positives: 3 });
    });
  });

  describe('that is too large', () => {
    const tooLarge = async () => {
      const error = await failureOf(api.getReport(DOMAIN));
      expect(error).to.include({ code: 'VT_BAD_RESPONSE', retryable: false });
      expect(error.message).to.include(String(LIMIT));
    };

    it('is refused by its length alone', async () => {
      body = domainBody('x'.repeat(LIMIT));
      headers['content-length'] = String(body.length);
      await tooLarge();
    });

    it('is refused when no length was said', async () => {
      body = domainBody('x'.repeat(LIMIT));
      headers['transfer-encoding'] = 'chunked';
      await tooLarge();
    });

    it('is refused when only gzip makes it small', async () => {
      body = gzipSync(domainBody('x'.repeat(LIMIT)));
      expect(body.length).to.be.below(2_000);
      await tooLarge();
    });

    it('is not when it is as large as is allowed', async () => {
      body = domainBody('x'.repeat(LIMIT - domainBody('').length));
      expect(body.length).to.equal(LIMIT);
      expect((await answer()).report).to.include({ positives: 3 });
    });

    it('leaves the next question an answer', async () => {
      body = domainBody('x'.repeat(LIMIT));
      await tooLarge();
      body = domainBody();
      expect((await answer()).report).to.include({ positives: 3 });
    });
  });

  describe('in a charset', () => {
    const REGISTRAR = 'Régisträr';

    it('of the header is read, and handed on in UTF-8', async () => {
      headers['content-type'] = 'application/json; charset="ISO-8859-1"';
      body = Buffer.from(domainBody(REGISTRAR), 'latin1');
      const { report, body: bytes } = await answer();
      expect(report['registrar']).to.equal(REGISTRAR);
      expect(bytes.toString('utf8')).to.equal(domainBody(REGISTRAR));
    });

    it('of two bytes is read', async () => {
      headers['content-type'] = 'application/json;charset=UTF-16LE';
      body = Buffer.from(domainBody(REGISTRAR), 'utf16le');
      expect((await answer()).report['registrar']).to.equal(REGISTRAR);
    });

    for (const type of [
      'application/json',
      'application/json; charset=utf8',
      'application/json; charset=made-up',
    ]) {
      it(`is UTF-8 for ${type}`, async () => {
        headers['content-type'] = type;
        body = domainBody(REGISTRAR);
        expect((await answer()).report['registrar']).to.equal(REGISTRAR);
      });
    }

    it('is UTF-8 for a body without a type', async () => {
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

    it('may begin with a byte order mark, which is not handed on', async () => {
      body = `\ufeff${domainBody(REGISTRAR)}`;
      const { report, body: bytes } = await answer();
      expect(report['registrar']).to.equal(REGISTRAR);
      expect(bytes.toString()).to.equal(domainBody(REGISTRAR));
    });
  });
});

describe('A gzip bomb', () => {
  it('of 64 MiB in some kilobytes is refused, with the limit that is preset', async () => {
    const standIn = await startStandIn({ script: [{ gzipBomb: 64 * 1024 * 1024 }] });
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: standIn.url('v3') });
    const error = await failureOf(api.getReport(DOMAIN));
    expect(error.code).to.equal('VT_BAD_RESPONSE');
    expect(error.message).to.include(String(8 * 1024 * 1024));
    await api.close();
    await standIn.close();
  });
});
