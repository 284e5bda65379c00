import { expect } from 'chai';
import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { NodeRedProcess } from '../support/node-red-process';
import { StandIn } from '../../tools/fake-virustotal/stand-in';

const SECRET = 'hunter2-hunter2-hunter2-hunter2';

describe('The admin routes for unauthorized callers', function () {
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
  /** With headers that `fetch` sets itself. */
  const raw = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; headers: IncomingHttpHeaders }> => {
    const sent = request(nodeRed.url + path, { method, headers }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    return { status: answer.statusCode ?? 0, headers: answer.headers };
  };
  const test = async (body: object): Promise<{ ok: boolean; code?: string; message?: string }> =>
    (await (await post('/virustotal/test', 'application/json', JSON.stringify(body))).json()) as {
      ok: boolean;
    };

  describe('from a page of another site that is open in the browser', () => {
    const POSTS = ['/virustotal/test', '/virustotal/extract', '/virustotal/cache/vt/clear'];
    const JSON_TYPE = { 'content-type': 'application/json' };
    const send = async (path: string, headers: Record<string, string>, body?: string): Promise<number> =>
      (await raw('POST', path, headers, body)).status;
    const cached = async (): Promise<number> => {
      const state = (await (await nodeRed.request('/virustotal/state/vt')).json()) as {
        cache: { entries: number };
      };
      return state.cache.entries;
    };
    beforeEach(async () => {
      const config = { id: 'vt', type: 'virustotal-config', apiUrl: '${VT_URL}' };
      const inject = { id: 'in', z: 'tab', type: 'inject', props: [{ p: 'payload' }], payloadType: 'str' };
      const node = { id: 'n', z: 'tab', type: 'virustotal', server: 'vt', wires: [['out']] };
      const out = { id: 'out', z: 'tab', type: 'debug', active: true, tosidebar: true, complete: 'payload' };
      await nodeRed.deploy(
        [
          { id: 'tab', type: 'tab' },
          config,
          { ...inject, payload: 'qorlane.com', wires: [['n']] },
          node,
          out,
        ],
        { vt: { apiKey } },
      );
      const { length } = nodeRed.debugs;
      await nodeRed.inject('in');
      await nodeRed.until(() => nodeRed.debugs.length > length);
    });

    it('reject forms and requests without a body', async () => {
      const form = `apiUrl=${encodeURIComponent(attackerUrl)}&apiKey=${encodeURIComponent('${DB_PASSWORD}')}`;
      for (const path of POSTS) {
        expect(await send(path, {}), path).to.equal(415);
        for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])
          expect(await send(path, { 'content-type': type }, form), path).to.equal(415);
      }
      expect(heard).to.deep.equal([]);
      expect(await cached()).to.equal(1);
    });

    it('reject JSON too, although Node-RED 4 lets every site send it', async () => {
      const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-any' };
      const allowed = await raw('OPTIONS', '/virustotal/test', { origin: 'https://evil.example', ...asked });
      if (/Node-RED version: v4/.test(nodeRed.log))
        expect(allowed.headers).to.include({
          'access-control-allow-origin': '*',
          'access-control-allow-headers': 'x-any',
        });
      for (const path of POSTS)
        for (const headers of [
          { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
          { origin: nodeRed.url, 'sec-fetch-site': 'cross-site' },
          { origin: nodeRed.url.replace(/\d+$/, '1'), 'sec-fetch-site': 'same-site' },
          { 'sec-fetch-site': 'cross-site' },
          { origin: 'http://evil.example' },
          { origin: 'null' },
          { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' },
          { origin: 'http://evil.example', 'x-requested-with': 'XMLHttpRequest' },
          { origin: 'http://evil.example', 'x-virustotal-token': 'guessed' },
        ] as Record<string, string>[])
          expect(await send(path, { ...JSON_TYPE, ...headers }, '{}'), JSON.stringify(headers)).to.equal(403);
      expect(await cached()).to.equal(1);
    });

    it('let another site read neither the token nor anything else', async () => {
      for (const [method, path] of [
        ['GET', '/virustotal/token'],
        ['GET', '/virustotal/state/vt'],
        ...POSTS.map((path) => ['POST', path]),
      ] as [string, string][]) {
        const { headers } = await raw(method, path, { origin: 'https://evil.example', ...JSON_TYPE }, '{}');
        expect(headers['access-control-allow-origin'], path).to.equal(undefined);
      }
      const { headers } = await raw('GET', '/virustotal/token', {});
      expect(headers).to.include({
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      });
    });

    it("accept the editor's requests, directly and behind a proxy that changes the host", async () => {
      const { token } = (await (await nodeRed.request('/virustotal/token')).json()) as { token: string };
      for (const headers of [
        { origin: nodeRed.url, 'sec-fetch-site': 'same-origin' },
        { origin: 'https://soc.example', 'sec-fetch-site': 'same-origin' },
        { origin: nodeRed.url },
        { origin: 'http://soc.example', 'x-virustotal-token': token },
        {},
      ] as Record<string, string>[])
        for (const path of POSTS)
          expect(
            await send(path, { ...JSON_TYPE, ...headers }, '{"text":"x"}'),
            JSON.stringify(headers),
          ).to.equal(200);
      expect(await cached()).to.equal(0);
    });
  });

  it('send an environment variable to no address but the deployed one', async () => {
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

  it('test the stored key when the address comes from the environment', async () => {
    const answer = await test({ id: 'vt', apiKey: '__PWRD__', apiVersion: 'v3', apiUrl: '${VT_URL}' });
    expect(answer).to.include({ ok: true });
  });

  it('limit the length of the texts that a search trial accepts', async () => {
    const body = JSON.stringify({ text: 'evil.com '.repeat(50_000) });
    const response = await post('/virustotal/extract', 'application/json', body);
    expect(response.status).to.equal(413);
    expect(await response.text()).to.contain('200000');
  });
});
