import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { LONG_LINES } from './longest-status';
import { flowPicture, SCALE } from './site-pictures';
import { openEditor, workbench } from './workbench';

const EXAMPLES = join(__dirname, '../../examples');

/** One example is enough to show what a newer Node-RED changes. */
const tagOf = (name: string): string => (name === '01-ioc-triage' ? ' @node-red-5' : '');

describe('An example imported from the menu', () => {
  for (const file of readdirSync(EXAMPLES).filter((each) => each.endsWith('.json'))) {
    const name = file.replace('.json', '');

    it(`${name} needs nothing but the key and deploys once it has one${tagOf(name)}`, async () => {
      const { nodeRed, standIn } = workbench();
      const editor = await openEditor({ scale: SCALE });
      await editor.importExample(name);
      const nodes = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as { id: string; type: string }[];
      const configs = nodes.filter(({ type }) => type === 'virustotal-config');

      const types = await editor.page.evaluate<string[]>(
        `RED.nodes.createCompleteNodeSet().filter(({ type }) => type !== 'tab').map(({ type }) => type)`,
      );
      const isImported = (type: string): boolean => !/^(tab|global-config)$/.test(type);
      expect(types).to.include.members(nodes.map(({ type }) => type).filter(isImported));
      expect(types).to.not.include('unknown');
      for (const { id } of configs) {
        await editor.page.evaluate(`RED.editor.editConfig('', 'virustotal-config', '${id}')`);
        await editor.fill('apiKey', STAND_IN_KEY);
        await editor.unfold('Network');
        await editor.fill('apiUrl', standIn.url('v3'));
        await editor.configDone();
      }
      const wrong = await editor.page.evaluate<string[]>(
        `RED.nodes.filterNodes({}).filter(({ valid }) => valid === false).map(({ type, name, validationErrors }) => type + name + validationErrors)`,
      );
      expect(wrong).to.deep.equal([]);
      await editor.showTab(nodes.find(({ type }) => type === 'tab')?.id ?? '');
      await flowPicture(editor, name, nodes);

      const before = nodeRed.log.length;
      await editor.deploy();
      expect(nodeRed.log.slice(before)).to.not.match(/\[error\]/);
      await editor.picture(`example-${name}-deployed`);
      expect(await editor.exportAll()).to.not.include(STAND_IN_KEY);
    });
  }
});

describe('A flow with nodes of a package that is not installed', () => {
  it('offers the package at its import, as the wall for Dashboard 2 does', async () => {
    const editor = await openEditor();
    const nodes = JSON.parse(readFileSync(join(EXAMPLES, '24-dashboard.json'), 'utf8')) as {
      name?: string;
      template?: string;
    }[];
    const wall = nodes.find(({ name }) => name === 'Flow for Dashboard 2')?.template ?? '';
    await editor.page.evaluate(`RED.view.importNodes(${wall}, { generateIds: true })`);
    const offer = editor.page.locator('.red-ui-notification', { hasText: '@flowfuse/node-red-dashboard' });
    await offer.waitFor();
    expect(await offer.innerText()).to.not.include('node-red-virustotal');
    await editor.page.evaluate(`$('#red-ui-notifications').empty()`);
  });
});

interface Box {
  of: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where the nodes of the open tab, with the buttons beside them, and the lines below them are on the canvas. */
const BOXES = `[...document.querySelectorAll('.red-ui-flow-node-group')].flatMap((group) => {
  const node = RED.nodes.node(group.id);
  const line = group.querySelector('.red-ui-flow-node-status-group');
  const [left, top] = [node.x - node.w / 2, node.y - node.h / 2];
  const button = { inject: -30, debug: 30 }[node.type] ?? 0;
  const boxes = [{ of: node.type + ' ' + (node.name || node.id), left: left + Math.min(button, 0), top, right: left + node.w + Math.max(button, 0), bottom: top + node.h }];
  if (node.status?.text) {
    const { width, height } = line.getBBox();
    boxes.push({ of: 'the line below ' + boxes[0].of, left, top: top + node.h, right: left + width + 3, bottom: top + node.h + 3 + height });
  }
  return boxes;
})`;

/** Sets the widest line below each node that can stand there, in whichever language. */
const SHOW_WIDEST = `(() => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '10px ' + getComputedStyle(document.body).fontFamily;
  const width = (text) => pen.measureText(text).width;
  RED.nodes.eachNode((node) => {
    const lines = ${JSON.stringify(LONG_LINES)}[node.type];
    if (!lines || (node.type === 'debug' && !node.tostatus)) return;
    const text = lines.reduce((a, b) => (width(b) > width(a) ? b : a));
    node.status = { fill: 'red', shape: 'ring', text };
    node.dirtyStatus = node.dirty = true;
  });
  RED.view.redraw(true, true);
})()`;

/** Which wires of the open tab go through a node, or through the line below one. */
const CROSSED = `[...document.querySelectorAll('.red-ui-flow-link-line')].flatMap((wire) => {
  const points = Array.from({ length: wire.getTotalLength() / 2 }, (_, i) => wire.getPointAtLength(2 * i));
  return ${BOXES}
    .map((box) => ({ ...box, in: box.of.startsWith('the line') ? 2 : 8 }))
    .filter(({ left, top, right, bottom, in: edge }) =>
      points.some(({ x, y }) => x > left + edge && x < right - edge && y > top + 2 && y < bottom - 1))
    .map(({ of }) => 'a wire from ' + Math.round(points[0].x) + ',' + Math.round(points[0].y) + ' goes through ' + of);
})`;

describe('An example on the canvas', () => {
  for (const file of readdirSync(EXAMPLES).filter((each) => each.endsWith('.json'))) {
    const name = file.replace('.json', '');

    // A node without a name is as wide as its label in the language of the editor, around the same middle: French is the widest.
    it(`${name} has no overlapping nodes and keeps within 1,200 pixels in French${tagOf(name)}`, async () => {
      const editor = await openEditor({ language: 'fr' });
      await editor.importExample(name);
      const flow = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as { id: string; type: string }[];
      await editor.showTab(flow.find(({ type }) => type === 'tab')?.id ?? '');
      await editor.page.evaluate(SHOW_WIDEST);
      const boxes = await editor.page.evaluate<Box[]>(BOXES);
      expect(boxes.length).to.be.above(8);
      const hidden = boxes.flatMap((a, index) =>
        boxes
          .slice(index + 1)
          .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          .map((b) => `${a.of} and ${b.of}`),
      );
      await editor.picture(`layout-${name}`);
      expect(hidden).to.deep.equal([]);
      expect(await editor.page.evaluate(CROSSED)).to.deep.equal([]);
      expect(boxes.filter(({ left, top, right }) => left < 0 || top < 0 || right > 1200)).to.deep.equal([]);
    });
  }
});

describe('All examples imported one after the other', () => {
  it('share one instance, which is marked as keyless until it has a key', async () => {
    // An editor of its own: one that had the examples before would know their ids.
    const editor = await openEditor({ scale: 2 });
    const instances = `(() => { const found = []; RED.nodes.eachConfig((node) => {
      if (node.type === 'virustotal-config') found.push(RED.utils.getNodeLabel(node)); }); return found.sort(); })()`;
    for (const name of ['01-ioc-triage', '02-single-lookups', '04-watch-list', '03-domains-and-ip-addresses'])
      await editor.importExample(name);
    const tabs = await editor.page.evaluate<string[]>(
      `RED.nodes.getWorkspaceOrder().map((id) => RED.nodes.workspace(id).label)`,
    );
    expect(tabs).to.have.length(new Set(tabs).size);
    await editor.page.waitForFunction(`${instances}.every((label) => label.endsWith('(no API key)'))`);
    expect(await editor.page.evaluate(instances)).to.deep.equal([
      'VirusTotal (no API key)',
      'VirusTotal v2 (no API key)',
    ]);
    const users = await editor.page.evaluate<string[]>(
      `[...new Set(RED.nodes.filterNodes({ type: 'virustotal' }).map(({ server }) => server))]`,
    );
    expect(users).to.have.length(2);
    await editor.page.evaluate(`RED.editor.editConfig('', 'virustotal-config', 'c0a1e5f2b7d40002')`);
    await editor.fill('apiKey', STAND_IN_KEY);
    await editor.configDone();
    await editor.page.waitForFunction(`${instances}.join() === 'VirusTotal,VirusTotal v2 (no API key)'`);
  });
});
