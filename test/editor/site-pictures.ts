import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { flowDigest } from '../support/flow-digest';
import type { EditorPage, Place } from './editor-page';
import { indexedPng } from './indexed-png';

const IMAGES = join(__dirname, '../../docs/images');

/** Whether the tests write the pictures of the site: `npm run screenshots` says so. Otherwise they only go where people look at a run. */
export const WRITES_SITE = process.env['SITE_PICTURES'] === 'write';

/** Sharp on a screen with many pixels; an ordinary run shares the page of other tests. */
export const SCALE = WRITES_SITE ? 1.5 : 1;

/** The marks of a flow that is not deployed, and what the editor draws for working on it. */
const TIDY = `.red-ui-workspace-chart-grid, .red-ui-flow-node-changed, .red-ui-flow-node-error, .red-ui-flow-node-status-group { display: none }`;

/** Around the flow, in pixels. */
const MARGIN = 16;

/** Where the nodes and wires of the open tab are in the window, with a margin around. */
const DRAWN = `(() => {
  const boxes = [...document.querySelectorAll('.red-ui-flow-node-group, .red-ui-flow-link-line, .red-ui-flow-group')]
    .map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0);
  // A node at the edge has no margin: there the palette and the tabs would be seen.
  const edge = document.querySelector('#red-ui-workspace-chart').getBoundingClientRect();
  const x = Math.max(edge.left, Math.min(...boxes.map(({ left }) => left)) - ${MARGIN});
  const y = Math.max(edge.top, Math.min(...boxes.map(({ top }) => top)) - ${MARGIN});
  const right = Math.max(...boxes.map((box) => box.right)) + ${MARGIN};
  const bottom = Math.max(...boxes.map((box) => box.bottom)) + ${MARGIN};
  return { x, y, width: right - x, height: bottom - y };
})()`;

/** The picture of the open tab, cropped to its flow, for the page of its recipe. @param nodes as the file of the example has them */
export async function flowPicture(
  editor: EditorPage,
  name: string,
  nodes: readonly Record<string, unknown>[],
): Promise<void> {
  const { page } = editor;
  const size = page.viewportSize() ?? { width: 1400, height: 1000 };
  // Wide enough for the palette, the flow and the sidebar.
  await page.setViewportSize({ width: 1900, height: 1300 });
  const style = await page.addStyleTag({ content: TIDY });
  await page.evaluate(`RED.view.select({ nodes: [] }); RED.view.redraw(true, true);
    document.querySelector('#red-ui-workspace-chart').scrollTo(0, 0)`);
  const clip = await page.evaluate<Place>(DRAWN);
  await editor.picture(`flow-${name}`, clip);
  if (WRITES_SITE) {
    await writePicture(page, 'recipes', name, clip);
    noteDigest(name, flowDigest(nodes));
  }
  await style.evaluate((element) => (element as unknown as { remove(): void }).remove());
  await page.setViewportSize(size);
}

/** The picture of the open dialog from its title to the end of its form, for the page of its node. */
export async function dialogPicture(editor: EditorPage, type: string): Promise<void> {
  const { page } = editor;
  await page.waitForFunction(`!$(':animated').length`);
  // The button would show the mark of the keyboard.
  await page.evaluate('document.activeElement.blur()');
  const place = await page.evaluate<Place>(`(() => {
    const tray = $('.red-ui-tray').last()[0].getBoundingClientRect();
    const form = $('.vt-form').last()[0].getBoundingClientRect();
    return { x: tray.left, y: tray.top, width: tray.width, height: form.bottom - tray.top + ${MARGIN} };
  })()`);
  await writePicture(page, 'nodes', type, place);
}

async function writePicture(page: Page, folder: string, name: string, clip: Place): Promise<void> {
  mkdirSync(join(IMAGES, folder), { recursive: true });
  writeFileSync(join(IMAGES, folder, `${name}.png`), indexedPng(await page.screenshot({ clip })));
}

/** By example, what its picture shows: `test/package/site-pictures.test.ts` compares it with the flow. */
function noteDigest(name: string, digest: string): void {
  const path = join(IMAGES, 'recipes', 'flows.json');
  const noted = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
  const sorted = Object.entries({ ...noted, [name]: digest }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
