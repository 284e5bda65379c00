import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { NodeRedProcess } from '../support/node-red-process';

type Body = Record<string, unknown>;

describe('The Test button in safe mode', function () {
  this.timeout(120_000);
  const apiKey = freshKey();
  let vt: StandIn;
  let userDir: string;
  let nodeRed: NodeRedProcess;

  before(async () => {
    vt = await startStandIn({ apiKey });
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    const nodes = [
      { id: 'tab', type: 'tab', env: [{ name: 'VT_URL_OF_TAB', value: vt.url('v3'), type: 'str' }] },
      { id: 'vt', type: 'virustotal-config', apiUrl: vt.url('v3') },
      { id: 'n', z: 'tab', type: 'virustotal', server: 'vt', wires: [[]] },
    ];
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(nodes));
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify({ vt: { apiKey } }));
    nodeRed = await NodeRedProcess.start({ userDir, safeMode: true });
  });
  after(async () => {
    await nodeRed.stop();
    await vt.close();
    rmSync(userDir, { recursive: true, force: true });
  });
  beforeEach(() => vt.reset());

  async function test(fields: Body = {}): Promise<Body> {
    const { token } = (await (await nodeRed.request('/virustotal/token')).json()) as { token: string };
    const answer = await nodeRed.request('/virustotal/test', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-virustotal-token': token },
      body: JSON.stringify({
        id: 'vt',
        apiVersion: 'v3',
        apiUrl: vt.url('v3'),
        tls: '',
        proxy: '',
        ...fields,
      }),
    });
    return (await answer.json()) as Body;
  }

  it('calls the stored key neither valid nor wrong, because no config with it runs', async () => {
    expect(await test()).to.include({ ok: false, why: 'notRunning' });
    expect(vt.requests).to.deep.equal([]);
  });

  it('does not report a variable of a tab as unset and does not use it', async () => {
    expect(await test({ apiKey, apiUrl: '${VT_URL_OF_TAB}' })).to.include({ ok: false, why: 'environment' });
    expect(vt.requests).to.deep.equal([]);
  });

  it('tests a typed key, which needs no config', async () => {
    expect(await test({ apiKey })).to.include({ ok: true });
    expect(await test({ apiKey: freshKey() })).to.include({ ok: false, code: 'VT_AUTH' });
  });
});
