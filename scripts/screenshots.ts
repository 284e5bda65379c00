// npm run screenshots: the pictures of the README and of the site, taken of the real editor and the real board, with the stand-in's made-up
// reports. Those of the site are taken by the tests that look at each example and each dialog.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../test/editor/chromium';
import { NodeRedProcess } from '../test/support/node-red-process';
import { STAND_IN_KEY, StandIn, type StandInOptions } from '../tools/fake-virustotal/stand-in';

const ROOT = join(__dirname, '..');
const IMAGES = join(ROOT, 'docs', 'images');
const BOARD_CARDS = 8;

type NodeDef = Record<string, unknown> & { id: string; type: string; name?: string };
type Catalogue = NonNullable<StandInOptions['catalogue']>;

const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** What the stand-in is to say of the sample's indicators, and of those that only the board's example has. */
function catalogue(): Catalogue {
  const { expected } = read('test/support/sample-incident.json') as {
    expected: { value?: string; standIn?: Catalogue[string] }[];
  };
  return {
    ...Object.fromEntries(
      expected.flatMap(({ value, standIn }) => (value && standIn ? [[value, standIn]] : [])),
    ),
    'qorlane-invoices.com': 11,
  };
}

/** An example as a user has it after import: with a key, here of the stand-in. */
async function deploy(nodeRed: NodeRedProcess, vt: StandIn, example: string): Promise<NodeDef[]> {
  const nodes = (read(`examples/${example}.json`) as NodeDef[]).map((node) =>
    node.type === 'virustotal-config' ? { ...node, apiUrl: vt.url('v3'), rateLimit: false } : node,
  );
  const config = nodes.find(({ type }) => type === 'virustotal-config');
  await nodeRed.deploy(nodes, { [config?.id ?? '']: { apiKey: STAND_IN_KEY } });
  return nodes;
}

async function main(): Promise<void> {
  mkdirSync(IMAGES, { recursive: true });
  const vt = await new StandIn({ catalogue: catalogue() }).listen();
  const nodeRed = await NodeRedProcess.start();
  const browser = await launchChromium();
  try {
    const editor = await browser.newPage({ viewport: { width: 1780, height: 640 } });
    const triage = await deploy(nodeRed, vt, '01-ioc-triage');
    await editor.goto(nodeRed.url);
    await editor.waitForSelector('.red-ui-flow-node');
    await editor.evaluate(
      'RED.sidebar.show("debug"); RED.palette && RED.menu.setSelected("menu-item-palette", false)',
    );
    await nodeRed.inject(triage.find(({ name }) => name === 'Mail gateway alert')?.id ?? '');
    await nodeRed.until(() => nodeRed.debugs.length >= 13);
    await editor.waitForFunction('document.querySelectorAll(".red-ui-debug-msg").length >= 13');
    await editor.screenshot({ path: join(IMAGES, 'triage-flow.png') });

    const board = await deploy(nodeRed, vt, '05-verdict-board');
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(`${nodeRed.url}/virustotal`);
    await nodeRed.inject(board.find(({ type }) => type === 'inject')?.id ?? '');
    // The page's own policy forbids to evaluate anything in it, so it is watched from outside.
    await page
      .locator('article')
      .nth(BOARD_CARDS - 1)
      .waitFor();
    await page.screenshot({ path: join(IMAGES, 'verdict-board.png') });
  } finally {
    await browser.close();
    await nodeRed.stop();
    await vt.close();
  }
}

/** The tests that write the pictures of the site, by their titles. */
const PHOTOGRAPHERS = 'needs nothing but the key|is photographed as it opens';

function sitePictures(): void {
  const mocha = [join(ROOT, 'node_modules/mocha/bin/mocha.js'), '--config', '.mocharc.editor.json'];
  const tests = ['test/editor/examples.test.ts', 'test/editor/every-dialog.test.ts', '--grep', PHOTOGRAPHERS];
  const env = { ...process.env, SITE_PICTURES: 'write' };
  const { status } = spawnSync(process.execPath, [...mocha, ...tests], { cwd: ROOT, env, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

void main().then(sitePictures);
