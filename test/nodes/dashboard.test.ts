import { expect } from 'chai';
import type { NodeDef } from '../support/example-flow';
import { withRecipe } from '../support/recipe';

interface Wall {
  malicious: number;
  trusted: number;
  noMatch: number;
  error: number;
  used: number;
  problem: string;
  verdicts: { verdict: string; indicator: string; detections: string; flow: string }[];
}

describe('The recipe 24-dashboard', () => {
  const recipe = withRecipe('24-dashboard.json');

  /** What the wall shows, once it is so. */
  async function wallWith(condition: (wall: Wall) => boolean): Promise<Wall> {
    for (;;) {
      const wall = (await (await recipe.nodeRed.request('/virustotal/wall/state')).json()) as Wall;
      if (condition(wall)) return wall;
    }
  }

  it('serves a page that shows the verdicts, counts and lookups of the day', async () => {
    const page = await recipe.nodeRed.request('/virustotal/wall');
    expect(page.headers.get('content-type')).to.contain('text/html');
    expect(page.headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(await page.text()).to.contain('VirusTotal wall');
    expect(await wallWith(() => true)).to.include({ malicious: 0, used: 0, problem: 'none' });

    recipe.vt.know('qorlane-invoices.com', 11);
    recipe.vt.know('192.52.193.40', 0);
    recipe.vt.script({ 'cdn-qorlane.net': [{ status: 400, times: 9 }] });
    await recipe.press('Sample alert');
    const wall = await wallWith(({ verdicts }) => verdicts.length >= 6);
    expect(wall.error).to.equal(1);
    expect(wall.malicious + wall.trusted + wall.noMatch).to.equal(5);
    expect(wall.problem).to.contain('VT_REQUEST');
    expect(wall.verdicts.find(({ indicator }) => indicator === 'qorlane-invoices[.]com')).to.deep.include({
      verdict: 'malicious',
      flow: 'Dashboard',
    });
  });

  it('serves the same wall as a flow of Dashboard 2, whose import names its package', async () => {
    const answer = await recipe.nodeRed.request('/virustotal/dashboard-2.json');
    const flow = (await answer.json()) as NodeDef[];
    const named = flow.find(({ type }) => type === 'global-config')?.['modules'];
    expect(named).to.have.property('@flowfuse/node-red-dashboard');
    const types = flow.map(({ type }) => type);
    expect(types).to.include.members(['ui-table', 'ui-gauge', 'ui-chart', 'ui-text', 'virustotal-events']);
    const ids = new Set(flow.map(({ id }) => id));
    expect(ids.size).to.equal(flow.length);
    for (const { wires = [], group, page, ui, theme } of flow)
      for (const id of [wires, group, page, ui, theme].flat(3))
        if (id !== undefined) expect(ids).to.include(id);
    expect(recipe.nodes.map(({ type }) => type).filter((type) => type.startsWith('ui-'))).to.deep.equal([]);
  });
});
