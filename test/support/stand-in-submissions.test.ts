import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as startRequest, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { request } from 'undici';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { MultipartForm, fileForm, standInClient, urlId } from './stand-in-client';

const URL_A = 'http://lodge-invoices.net/pay';
const BYTES = 'a file that VirusTotal has never seen';
const [MD5 = '', SHA256 = ''] = ['md5', 'sha256'].map((name) => createHash(name).update(BYTES).digest('hex'));
/** The status that comes although no byte of the body has been sent. */
const firstStatus = async (url: string, headers: Record<string, string>): Promise<number | undefined> => {
  const sent = startRequest(url, { method: 'POST', headers });
  sent.flushHeaders();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  sent.on('error', () => undefined).destroy();
  return answer.statusCode;
};
const form = (url: string): URLSearchParams => new URLSearchParams({ url });

describe('The VirusTotal stand-in, when something is submitted', () => {
  const client = standInClient();
  const { start, get, post, completed } = client;
  const statusOf = async (id: string): Promise<unknown> => {
    const { status, json } = await get(`analyses/${encodeURIComponent(id)}`);
    return status === 200 ? json.data.attributes['status'] : status;
  };

  describe('a URL', () => {
    it('is analyzed in the stages that were planned, and has a report then', async () => {
      await start({
        catalogue: { [URL_A]: 'unknown' },
        analyses: { missing: 2, queued: 1, inProgress: 2, verdict: 9 },
      });
      expect((await get(`urls/${urlId(URL_A)}`)).status).to.equal(404);
      const { status, json } = await post('urls', form(URL_A));
      const { type, id } = json.data;
      expect([status, type]).to.deep.equal([200, 'analysis']);
      expect(id).to.match(/^u-[0-9a-f]{64}-[0-9a-f]{8}$/);
      const seen = [];
      for (let i = 0; i < 5; i++) seen.push(await statusOf(id));
      expect(seen).to.deep.equal([404, 404, 'queued', 'in-progress', 'in-progress']);
      expect((await get(`urls/${urlId(URL_A)}`)).status).to.equal(200);
      const report = await get(`urls/${urlId(URL_A)}`);
      expect(report.json.data.attributes['last_analysis_stats']).to.include({ malicious: 9 });
      const last = await get(`analyses/${id}`);
      expect(last.json.data.attributes['stats']).to.include({ malicious: 9 });
      expect(last.json.meta['url_info']).to.deep.equal({ id: report.json.data.id, url: URL_A });
      expect((await get(`analyses/${id}/item`)).json).to.deep.equal(report.json);
    });

    it('has no results while it is queued, and those of some engines while it is in progress', async () => {
      await start({ catalogue: { [URL_A]: 'unknown' } });
      const { id } = (await post('urls', form(URL_A))).json.data;
      const sizes = [];
      for (let i = 0; i < 3; i++)
        sizes.push(
          Object.keys((await get(`analyses/${id}`)).json.data.attributes['results'] as object).length,
        );
      const [none, some = 0, all = 0] = sizes;
      expect(none).to.equal(0);
      expect(some).to.be.within(20, all - 20);
    });

    it('is taken as http without a scheme, and refused as JSON, without a URL and when it has no host', async () => {
      await start();
      await post('urls', form('lodge-invoices.net'));
      expect(client.vt.submissions).to.have.length(1);
      expect((await post('urls', { url: URL_A })).status).to.equal(400);
      expect((await post('urls', new URLSearchParams({ link: URL_A }))).status).to.equal(400);
      for (const url of ['http://', 'localhost', 'javascript:alert(1)']) {
        const { status, json } = await post('urls', form(url));
        expect([status, json.error.code], url).to.deep.equal([400, 'InvalidArgumentError']);
      }
      expect((await post('urls', form('https://www.virustotal.com/gui/'))).status).to.equal(403);
      expect(client.vt.submissions.filter(({ taken }) => taken)).to.have.length(1);
    });

    it('stays queued until the test ends its analysis', async () => {
      await start({ catalogue: { [URL_A]: 'unknown' }, analyses: { queued: Infinity } });
      const { id } = (await post('urls', form(URL_A))).json.data;
      for (let i = 0; i < 20; i++) expect(await statusOf(id)).to.equal('queued');
      client.vt.completeAnalyses(id);
      expect(await statusOf(id)).to.equal('completed');
    });

    it('can end in another status, without a report', async () => {
      await start({
        catalogue: { [URL_A]: 'unknown' },
        analyses: { queued: 0, inProgress: 0, end: 'error' },
      });
      const { id } = (await post('urls', form(URL_A))).json.data;
      expect(await statusOf(id)).to.equal('error');
      expect((await get(`urls/${urlId(URL_A)}`)).status).to.equal(404);
    });
  });

  describe('a file', () => {
    it('is known by the hashes of the bytes that arrived once its analysis is completed', async () => {
      await start({ unlisted: 'unknown', analyses: { verdict: 21 } });
      const { json } = await post('files', fileForm(BYTES, 'Rechnung "Mai".exe', { note: 'x' }));
      const id = json.data.id;
      expect(Buffer.from(id, 'base64').toString()).to.match(new RegExp(`^${MD5}:\\d+$`));
      expect((await get(`files/${SHA256}`)).status).to.equal(404);
      const { meta } = (await completed(id)).json;
      expect(meta['file_info']).to.include({ sha256: SHA256, md5: MD5, size: BYTES.length });
      for (const hash of [SHA256, MD5]) {
        const { id: sha256, attributes } = (await get(`files/${hash}`)).json.data;
        expect(sha256).to.equal(SHA256);
        expect(attributes).to.include({
          md5: MD5,
          size: BYTES.length,
          meaningful_name: 'Rechnung %22Mai%22.exe',
        });
        expect(attributes['last_analysis_stats']).to.include({ malicious: 21 });
      }
      expect(client.vt.submissions).to.deep.equal([
        {
          kind: 'file',
          private: false,
          taken: true,
          name: 'Rechnung %22Mai%22.exe',
          size: BYTES.length,
          sha256: SHA256,
          fields: { note: 'x' },
          analysisId: id,
        },
      ]);
    });

    it('goes on to its report while a client asks for that alone', async () => {
      await start({ unlisted: 'unknown' });
      await post('files', fileForm(BYTES));
      const seen = [];
      for (let i = 0; i < 3; i++) seen.push((await get(`files/${SHA256}`)).status);
      expect(seen).to.deep.equal([404, 404, 200]);
    });

    it('is refused without the part "file", with a name in RFC 5987 form, and with a password if it is no ZIP', async () => {
      await start({ unlisted: 'unknown' });
      const other = new MultipartForm([{ name: 'document', fileName: 'sample', content: BYTES }]);
      const rfc5987 = [
        '--b',
        `Content-Disposition: form-data; name="file"; filename*=UTF-8''x`,
        '',
        BYTES,
        '--b--',
        '',
      ];
      const raw = await request(`${client.vt.url('v3')}files`, {
        method: 'POST',
        headers: { 'x-apikey': STAND_IN_KEY, 'content-type': 'multipart/form-data; boundary=b' },
        body: rfc5987.join('\r\n'),
      });
      expect(raw.statusCode).to.equal(400);
      for (const body of [
        other,
        form(BYTES),
        { file: BYTES },
        fileForm(BYTES, 'a.zip', { password: 'infected' }),
      ])
        expect((await post('files', body)).status).to.equal(400);
      const zip = Buffer.from([0x50, 0x4b, 3, 4, 0]);
      expect((await post('files', fileForm(zip, 'a.zip', { password: 'infected' }))).status).to.equal(200);
    });

    it('is taken directly up to 32 MiB with its form, and above by an upload URL that serves once', async () => {
      await start({ unlisted: 'unknown' });
      const large = Buffer.alloc(33_554_432, 'x');
      expect((await post('files', fileForm(large))).status).to.equal(413);
      expect((await post('files', fileForm(large.subarray(1024)))).status).to.equal(200);
      const { data } = (await get('files/upload_url')).json as unknown as { data: string };
      expect(data).to.match(new RegExp(`^${client.vt.origin}/_ah/upload/`));
      // The key is not needed there.
      const uploaded = await post(data, fileForm(large), { key: '' });
      expect(uploaded.status).to.equal(200);
      const { meta } = (await completed(uploaded.json.data.id)).json;
      expect(meta['file_info']).to.include({ size: 33_554_432 });
      expect((await post(data, fileForm(BYTES))).status).to.equal(400);
      const { data: another } = (await get('files/upload_url')).json as unknown as { data: string };
      const tooLarge = {
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': `${651 * 1024 * 1024}`,
      };
      expect(await firstStatus(another, tooLarge)).to.equal(413);
      expect((await post(`${client.vt.origin}/_ah/upload/other/`, fileForm(BYTES))).status).to.equal(400);
    });
  });

  describe('again', () => {
    it('gets a new analysis, and a report of its date', async () => {
      await start({
        catalogue: { [URL_A]: 3, 'a.net': 2, '21.84.193.7': 1, [MD5]: 4 },
        analyses: { queued: 0, inProgress: 0 },
      });
      for (const [path, malicious] of [
        [`urls/${urlId(URL_A)}`, 3],
        ['domains/a.net', 2],
        ['ip_addresses/21.84.193.7', 1],
        [`files/${MD5}`, 4],
      ] as const) {
        const before = (await get(path)).json.data.attributes;
        const { id } = (await post(`${path}/analyse`)).json.data;
        const { attributes } = (await completed(id)).json.data;
        expect(attributes['stats'], path).to.include({ malicious });
        const after = (await get(path)).json.data.attributes;
        expect(after['last_analysis_date']).to.equal(attributes['date']);
        expect(after['last_analysis_date']).not.to.equal(before['last_analysis_date']);
      }
    });

    it('is a 404 for what VirusTotal does not have', async () => {
      await start({ unlisted: 'unknown' });
      for (const path of [`urls/${urlId(URL_A)}`, 'domains/a.net', `files/${SHA256}`, 'files/xyz'])
        expect((await post(`${path}/analyse`)).status, path).to.equal(404);
    });
  });

  it('counts a file that was never seen, its analysis and invalid ids for nothing, and all else', async () => {
    await start({ catalogue: { [SHA256]: 'unknown', [URL_A]: 'unknown' }, quota: { daily: 500 } });
    const used = async (): Promise<number> => {
      const { json } = await get(`users/${STAND_IN_KEY}/overall_quotas`);
      return (json.data as unknown as { api_requests_daily: { user: { used: number } } }).api_requests_daily
        .user.used;
    };
    const { id } = (await post('files', fileForm(BYTES))).json.data;
    await completed(id);
    await get('analyses/none');
    expect(await used()).to.equal(0);
    await post('files', fileForm(BYTES));
    expect(await used()).to.equal(1);
    const { id: urlAnalysis } = (await post('urls', form(URL_A))).json.data;
    await completed(urlAnalysis);
    expect(await used()).to.equal(1 + 1 + 3);
  });

  it('takes nothing over the quota', async () => {
    await start({ unlisted: 'unknown', quota: { perWindow: 1 } });
    await get('domains/a.net');
    expect((await post('urls', form(URL_A))).status).to.equal(429);
    expect(client.vt.submissions[0]).to.include({ taken: false, url: URL_A });
  });
});
