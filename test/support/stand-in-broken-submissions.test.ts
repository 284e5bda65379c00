import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as startRequest } from 'node:http';
import { expect } from 'chai';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { standInClient } from './stand-in-client';

const URL_A = 'http://lodge-invoices.net/pay';
const BYTES = 'a file that VirusTotal has never seen';
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const form = (url: string): URLSearchParams => new URLSearchParams({ url });

describe('The VirusTotal stand-in, when a submission fails', () => {
  const client = standInClient();
  const { start, get, post } = client;
  /** Sends the bytes of a multipart form, by hand to know each of them. */
  const send = async (): Promise<string> => {
    const body = [
      '--b',
      'Content-Disposition: form-data; name="file"; filename="s"',
      '',
      BYTES,
      '--b--',
      '',
    ].join('\r\n');
    const headers = {
      'x-apikey': STAND_IN_KEY,
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': body.length,
    };
    const sent = startRequest(`${client.vt.url('v3')}files`, { method: 'POST', headers }).end(body);
    try {
      const [answer] = (await once(sent, 'response')) as [{ statusCode: number }];
      return String(answer.statusCode);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('cuts the connection within the body, and takes nothing', async () => {
    await start({ unlisted: 'unknown' });
    for (const cutBody of [0, 1, 70, 100, 1_000]) {
      client.vt.script([{ cutBody }]);
      expect(await send(), `after ${cutBody} bytes`).to.match(/ECONNRESET|EPIPE/);
    }
    expect(client.vt.requests).to.have.length(5);
    expect(client.vt.requests.every(({ faulty, status }) => faulty && status === 0)).to.be.true;
    expect(client.vt.submissions.some(({ taken }) => taken)).to.be.false;
    client.vt.script([]);
    expect(await send()).to.equal('200');
  });

  it('loses the answer to a file that it took', async () => {
    await start({ unlisted: 'unknown', analyses: { queued: 0, inProgress: 0 } });
    client.vt.script([{ cut: 'before' }]);
    expect(await send()).to.match(/ECONNRESET|EPIPE/);
    expect(client.vt.submissions).to.have.length(1);
    expect(client.vt.submissions[0]).to.include({ taken: true, sha256: SHA256 });
    expect((await get(`files/${SHA256}`)).status).to.equal(200);
  });

  it('takes nothing when it answers 429 or 503, and takes it when it answers 504 or is told to', async () => {
    await start({ unlisted: 'unknown' });
    client.vt.script([
      { status: 429 },
      { status: 503 },
      { status: 413, early: true },
      { status: 504 },
      { status: 500, done: true },
    ]);
    expect([await send(), await send(), await send(), await send(), await send()]).to.deep.equal([
      '429',
      '503',
      '413',
      '504',
      '500',
    ]);
    expect(client.vt.submissions.map(({ taken }) => taken)).to.deep.equal([false, false, true, true]);
  });

  it('plays the faults of one URL or file, by what its body says', async () => {
    await start({ unlisted: 'unknown' });
    client.vt.script({ [SHA256]: [{ status: 503 }], [URL_A]: [{ status: 502, html: true }] });
    expect([await send(), await send()]).to.deep.equal(['503', '200']);
    expect((await post('urls', form('http://other.net/'))).status).to.equal(200);
    expect((await post('urls', form(URL_A))).status).to.equal(502);
  });
});
