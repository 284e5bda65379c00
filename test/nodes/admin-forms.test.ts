import { expect } from 'chai';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freshKey } from '../support/fresh-key';
import { NodeRedProcess } from '../support/node-red-process';
import { StandIn } from '../support/stand-in/stand-in';

const SECRET = 'hunter2-hunter2-hunter2-hunter2';

describe('The admin routes, to somebody who has no business there', function () {
  this.timeout(60_000);
  let nodeRed: NodeRedProcess;
  let vt: StandIn;
  let attacker: Server;
  let heard: { url: string | undefined; headers: IncomingHttpHeaders }[];
  let attackerUrl: string;
  const apiKey = freshKey();

  before(async () => {
    vt = await new StandIn({ apiKey }).listen();
    attacker = createServer(({ url, headers }, response) => {
      heard.push({ url, headers });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => attacker.once('listening', resolve));
    attackerUrl = `http://127.0.0.1:${(attacker.address() as AddressInfo).port}/`;
    nodeRed = await NodeRedProcess.start({ env: { DB_PASSWORD: SECRET, VT_URL: vt.url('v3') } });
    const config = { id: 'vt', type: 'virustotal-config', apiUrl: '${VT_URL}' };
    await nodeRed.deploy([config], { vt: { apiKey } });
  });
  after(async () => {
    await nodeRed.stop();
    await vt.close();
    attacker.close();
  });
  beforeEach(() => (heard = []));

  const post = (path: string, type: string, body: string): Promise<Response> =>
    fetch(nodeRed.url + path, { method: 'POST', headers: { 'content-type': type }, body });
  const test = async (body: object): Promise<{ ok: boolean; code?: string; message?: string }> =>
    (await (await post('/virustotal/test', 'application/json', JSON.stringify(body))).json()) as {
      ok: boolean;
    };

  it('take no form, as a page of another site could post one', async () => {
    const form = `apiUrl=${encodeURIComponent(attackerUrl)}&apiKey=${encodeURIComponent('${DB_PASSWORD}')}`;
    for (const path of ['/virustotal/test', '/virustotal/extract', '/virustotal/cache/vt/clear']) {
      expect((await post(path, 'application/x-www-form-urlencoded', form)).status, path).to.equal(415);
      expect((await post(path, 'text/plain', '{}')).status, path).to.equal(415);
    }
    expect(heard).to.deep.equal([]);
  });

  it('send no environment variable to another address than the deployed one', async () => {
    for (const typed of ['${DB_PASSWORD}', ' $(DB_PASSWORD) ']) {
      const answer = await test({ id: 'vt', apiKey: typed, apiUrl: attackerUrl });
      expect(answer).to.include({ ok: false, code: 'VT_CONFIG' });
      expect(answer.message).not.to.contain(SECRET);
    }
    expect(heard).to.deep.equal([]);
  });

  it('send the stored key to no other address', async () => {
    for (const apiUrl of [attackerUrl, '', '${DB_PASSWORD}']) {
      expect(await test({ id: 'vt', apiKey: '__PWRD__', apiVersion: 'v3', apiUrl })).to.include({
        ok: false,
      });
    }
    expect(heard).to.deep.equal([]);
  });

  it('test the stored key where the address comes from the environment', async () => {
    const answer = await test({ id: 'vt', apiKey: '__PWRD__', apiVersion: 'v3', apiUrl: '${VT_URL}' });
    expect(answer).to.include({ ok: true });
  });

  it('try texts of a length that other flows can bear', async () => {
    const body = JSON.stringify({ text: 'evil.com '.repeat(50_000) });
    const response = await post('/virustotal/extract', 'application/json', body);
    expect(response.status).to.equal(400);
    expect(await response.text()).to.contain('200000');
  });
});
