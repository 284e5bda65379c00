import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { eventually } from '../../tools/eventually';
import { NodeRedProcess } from '../support/node-red-process';
import { workbench } from './workbench';

const READS = ['context', 'flows', 'inject', 'library', 'nodes', 'plugins', 'settings', 'status'];
const others = READS.map((name) => `'${name}.read'`).join(', ');
/** Both may open the editor; one of them may not read what this package knows. */
const USERS = `adminAuth: {
  type: 'credentials', users: [],
  tokens: async (token) =>
    token === 'analyst' ? { username: 'analyst', permissions: [${others}, 'virustotal.read'] } :
    token === 'developer' ? { username: 'developer', permissions: [${others}] } :
    token === 'admin' ? { username: 'admin', permissions: '*' } : null,
  // The test's own client deploys and injects without a login.
  default: { permissions: ['flows.read', 'flows.write', 'inject.write', 'nodes.read', 'settings.read', 'status.read', 'debug.read'] },
}`;

describe('The sidebar of a Node-RED with users', () => {
  let nodeRed: NodeRedProcess;

  before(async () => {
    const { standIn } = workbench();
    nodeRed = await NodeRedProcess.start({ settings: USERS, env: { HTTP_PROXY: '', http_proxy: '' } });
    await nodeRed.deploy(
      [
        { id: 'tab', type: 'tab' },
        { id: 'vt', type: 'virustotal-config', name: 'SOC', apiUrl: standIn.url('v3'), rateLimit: false },
        {
          ...{ id: 'bad', z: 'tab', type: 'inject', props: [{ p: 'payload' }], x: 120, y: 100 },
          ...{ payload: 'qorlane.com', payloadType: 'str', wires: [['n']] },
        },
        { id: 'n', z: 'tab', type: 'virustotal', server: 'vt', x: 400, y: 100, wires: [['ra']] },
        { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', x: 700, y: 100, wires: [] },
      ],
      { vt: { apiKey: STAND_IN_KEY } },
    );
  });
  after(() => nodeRed.stop());

  /** The editor as this user has it, and what comes to it over Node-RED's websocket. */
  async function editorOf(user: string): Promise<{ page: Page; heard: string[] }> {
    const context = await workbench().browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const heard: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => heard.push(String(payload))),
    );
    await page.goto(`${nodeRed.url}/?access_token=${user}`);
    await page.locator('.red-ui-palette-node').first().waitFor();
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    return { page, heard };
  }

  const read = (user: string): Promise<Response> =>
    fetch(`${nodeRed.url}/virustotal/overview`, { headers: { authorization: `Bearer ${user}` } });

  it('shows tab, status bar and data only to users with virustotal.read @node-red-5', async () => {
    workbench().standIn.know('qorlane.com', { malicious: 9, engines: 91 });
    const analyst = await editorOf('analyst');
    const developer = await editorOf('developer');
    await analyst.page.evaluate(`RED.sidebar.show('virustotal')`);
    await analyst.page.locator('.vts-name', { hasText: 'SOC' }).waitFor();
    await nodeRed.inject('bad');
    await analyst.page.locator('.vts-malicious', { hasText: 'qorlane[.]com' }).first().waitFor();
    await analyst.page.locator('#virustotal-quota', { hasText: /VT \d+\/500/ }).waitFor();

    for (const [{ page }, isThere] of [[analyst, true] as const, [developer, false] as const])
      expect(await page.evaluate(`RED.sidebar.containsTab('virustotal')`)).to.equal(isThere);
    expect(await developer.page.locator('.vts, #virustotal-quota').count()).to.equal(0);
    expect((await read('developer')).status).to.be.oneOf([401, 403]);
    expect((await read('analyst')).status).to.equal(200);
    // Node-RED sends every topic to every editor: what comes with ours says that something has changed, and nothing else.
    const ours = (): { topic?: string; data?: unknown }[] =>
      [...analyst.heard, ...developer.heard]
        .flatMap((frame) => [JSON.parse(frame) as unknown].flat() as { topic?: string; data?: unknown }[])
        .filter(({ topic = '' }) => topic.startsWith('virustotal'));
    await eventually(() => ours().length > 0);
    for (const { topic, data } of ours())
      expect({ topic, data }).to.deep.equal({ topic: 'virustotal/changed', data: {} });
    await analyst.page.context().close();
    await developer.page.context().close();
  });
});
