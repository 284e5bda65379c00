import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { fileForm, standInClient } from './stand-in-client';

const BYTES = 'a file that stays private';
const [MD5, SHA256 = ''] = ['md5', 'sha256'].map((name) => createHash(name).update(BYTES).digest('hex'));

describe('The VirusTotal stand-in, over private scanning', () => {
  const client = standInClient();
  const { start, get, post } = client;

  it('is forbidden without the licence', async () => {
    await start();
    for (const { status, json } of [
      await post('private/files', fileForm(BYTES)),
      await post('private/urls', new URLSearchParams({ url: 'http://a.net/' })),
      await get('private/files/upload_url'),
      await get('private/analyses/a'),
      await get(`private/files/${SHA256}`),
    ]) {
      expect(status).to.equal(403);
      expect(json).to.deep.equal({
        error: {
          code: 'ForbiddenError',
          message: 'You are not authorized to perform the requested operation',
        },
      });
    }
    expect(client.vt.submissions[0]).to.include({ private: true, taken: false });
  });

  for (const [how, path] of [
    ['directly', 'private/files'],
    ['by upload URL', 'private/files/upload_url'],
  ] as const)
    it(`analyzes a file ${how} without engines, and keeps it from the public`, async () => {
      await start({
        privileges: ['private-scanning'],
        unlisted: 'unknown',
        analyses: { missing: 1, verdict: 5 },
      });
      const target = path.endsWith('url')
        ? ((await get(path)).json as unknown as { data: string }).data
        : path;
      const { id, type } = (await post(target, fileForm(BYTES, 'a.exe', { retention_period_days: '2' }))).json
        .data;
      expect(type).to.equal('private_analysis');
      expect(Buffer.from(id, 'base64').toString()).to.match(new RegExp(`^[0-9a-f]{32}:${MD5}:\\d+$`));
      const seen = [];
      for (let i = 0; i < 4; i++) {
        const { status, json } = await get(`private/analyses/${encodeURIComponent(id)}`);
        seen.push(json.data?.attributes['status'] ?? status);
      }
      expect(seen).to.deep.equal([404, 'queued', 'in-progress', 'completed']);
      expect((await get(`analyses/${encodeURIComponent(id)}`)).status).to.equal(404);
      const { json } = await get(`private/analyses/${encodeURIComponent(id)}/item`);
      expect(json).to.deep.equal((await get(`private/files/${SHA256}`)).json);
      expect(json.data).to.include({ type: 'private_file', id: SHA256 });
      expect(json.data.attributes).to.include({ size: BYTES.length, threat_verdict: 'VERDICT_MALICIOUS' });
      expect(json.data.attributes).not.to.have.any.keys('last_analysis_stats', 'last_analysis_results');
      expect((await get(`private/files/${MD5}`)).status).to.equal(404);
      expect((await get(`files/${SHA256}`)).status).to.equal(404);
      expect(client.vt.submissions).to.have.length(1);
      expect(client.vt.submissions[0]).to.deep.include({
        private: true,
        taken: true,
        fields: { retention_period_days: '2' },
      });
      expect((await post(`private/files/${SHA256}/analyse`)).json.data.type).to.equal('private_analysis');
    });
});
