import { expect } from 'chai';
import { LOADED_TYPES } from '../support/node-files';
import { openEditor, workbench } from './workbench';

const ON_CANVAS = LOADED_TYPES.filter((type) => type !== 'virustotal-config');

describe('The palette @node-red-5', () => {
  it('groups the nodes under threat intelligence, each with its own icon', async () => {
    const { page } = await openEditor();
    const group = page.locator('.red-ui-palette-category', { hasText: 'threat intelligence' });
    const types = await group
      .locator('.red-ui-palette-node')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-palette-type')));
    expect(types).to.have.members(ON_CANVAS);
    for (const type of ON_CANVAS) {
      const icon = page.locator(`[data-palette-type="${type}"] .red-ui-palette-icon`);
      const image = await icon.evaluate((element) => getComputedStyle(element).backgroundImage);
      expect(image).to.include(`/${type}.svg`);
      const svg = await workbench().nodeRed.request(
        `/icons/@nr-threat-intel/node-red-virustotal/${type}.svg`,
      );
      expect(svg.headers.get('content-type'), type).to.include('svg');
    }
  });

  for (const scale of [1, 2]) {
    it(`shows the nodes on the canvas at ${scale}x`, async () => {
      for (const theme of ['light', 'dark'] as const) {
        const editor = await openEditor({ scale, theme });
        for (const [row, type] of ON_CANVAS.entries()) await editor.drag(type, 250, 120 + row * 95);
        await editor.picture(`canvas-${scale}x`);
        const labels = await editor.page.locator('.red-ui-flow-node-label').allTextContents();
        expect(labels.join(' ')).to.include('VirusTotal: Search Within');
      }
    });
  }

  it('leads from the tooltip of each node to its help', async () => {
    const { page } = await openEditor();
    for (const type of LOADED_TYPES) {
      const help = await page.evaluate(`RED.nodes.getNodeHelp('${type}')`);
      expect(help, type).to.include('<h3>Details</h3>');
    }
  });
});
