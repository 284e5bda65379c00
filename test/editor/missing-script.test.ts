import { expect } from 'chai';
import { LOADED_TYPES } from '../support/node-files';
import { openEditor, workbench } from './workbench';

const SCRIPT = 'resources/@nr-threat-intel/node-red-virustotal/editor.js';

const FLOW = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  { id: 'vt', type: 'virustotal-config', name: 'Desk', cacheSize: 7, cache: false },
  {
    id: 'n',
    z: 'tab',
    type: 'virustotal-report-analysis',
    x: 300,
    y: 100,
    malicious: 7,
    trusted: '${TRUSTED}',
    wires: [[], [], [], [], []],
  },
];

describe('The script file of the dialogs', () => {
  it('is served below the root of the editor, wherever that is, unchanged @node-red-5', async () => {
    const { nodeRed } = workbench();
    const answer = await nodeRed.request(`/${SCRIPT}`);
    expect(answer.headers.get('content-type')).to.include('javascript');
    const { page } = await openEditor();
    for (const type of LOADED_TYPES)
      expect(await page.evaluate(`typeof virusTotalEditor.dialog('${type}').label`)).to.equal('function');
  });

  it('when it is missing, leaves the editor and deploys working and says so @node-red-5', async () => {
    const { nodeRed, browser } = workbench();
    await nodeRed.deploy(FLOW);
    const page = await browser.newPage();
    try {
      const said: string[] = [];
      page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
      await page.route(`**/${SCRIPT}`, (route) => route.fulfill({ status: 404, body: '' }));
      await page.goto(nodeRed.url);
      await page.locator('.red-ui-palette-node[data-palette-type="virustotal"]').waitFor();
      await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
      for (const type of LOADED_TYPES)
        expect(said.join('\n')).to.include(`${type}: ${SCRIPT} is missing, so its dialog cannot be used`);

      await page.locator('[id="n"]').dblclick();
      await page.getByText('This dialog was not loaded').waitFor();
      await page.locator('#node-dialog-ok').click();
      await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
      await page.evaluate(`RED.nodes.node('n').name = 'Verdict'; RED.nodes.dirty(true)`);
      const { flowStarts } = nodeRed;
      await page.locator('#red-ui-header-button-deploy').click();
      await nodeRed.until(() => nodeRed.flowStarts > flowStarts);
      const flows = (await (await nodeRed.request('/flows')).json()) as { id: string }[];
      const withId = (id: string): object | undefined => flows.find((node) => node.id === id);
      expect(withId('n')).to.deep.include({ ...FLOW[2], name: 'Verdict' });
      expect(withId('vt')).to.deep.include(FLOW[1]);
    } finally {
      await page.close();
    }
  });
});
