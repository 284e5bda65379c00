import type { Browser, BrowserContext } from 'playwright-core';
import { NodeRedProcess } from '../support/node-red-process';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { launchChromium } from './chromium';
import { EditorPage, type Look } from './editor-page';

/** What all tests of the editor share: one Node-RED, one VirusTotal stand-in, one browser. */
interface Workbench {
  nodeRed: NodeRedProcess;
  standIn: StandIn;
  browser: Browser;
  /** By language and scale: one each, so that the editor's megabytes are read and compiled once. */
  contexts: Map<string, Promise<BrowserContext>>;
  /** `4.1.15` */
  version: string;
}

let shared: Workbench | undefined;
let open: EditorPage | undefined;
/** How often Node-RED had started its flows when there were none. */
let startsWithout = NaN;
/** The same when the open editor was opened. */
let startsBefore = NaN;
const problems: string[] = [];

export function workbench(): Workbench {
  if (!shared) throw new Error('Only a running test has a workbench');
  return shared;
}

/** Opens the editor on what is deployed. Where nothing is, and nothing was since, an editor that is open is cleared instead. */
export async function openEditor(look: Look = {}): Promise<EditorPage> {
  const { nodeRed, version } = workbench();
  const isUpToDate = isEmpty() && nodeRed.flowStarts === startsBefore;
  if (open && isUpToDate && nameOf(open.look) === nameOf(look)) {
    await open.clear();
    return open;
  }
  await open?.close();
  startsBefore = nodeRed.flowStarts;
  return (open = await EditorPage.open(await contextFor(look), nodeRed, version, look));
}

function isEmpty(): boolean {
  return workbench().nodeRed.flowStarts === startsWithout;
}

function nameOf({ language = 'en-US', scale = 1, theme = 'light' }: Look): string {
  return `${language} ${scale} ${theme}`;
}

function contextFor({ language = 'en-US', scale = 1 }: Look): Promise<BrowserContext> {
  const { contexts } = workbench();
  const name = `${language} ${scale}`;
  const context = contexts.get(name) ?? newContext(language, scale);
  contexts.set(name, context);
  return context;
}

async function newContext(locale: string, deviceScaleFactor: number): Promise<BrowserContext> {
  const { browser, nodeRed } = workbench();
  const context = await browser.newContext({
    viewport: { width: 1400, height: 1000 },
    locale,
    deviceScaleFactor,
  });
  // What the editor remembers of the test before.
  await context.addInitScript('localStorage.clear()');
  // A page that stays keeps the browser's process for all of them, and with it what is compiled.
  const stays = await context.newPage();
  await stays.goto(`${nodeRed.url}/favicon.ico`);
  return context;
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context) {
    // Where there is no Chromium, it is installed first.
    this.timeout(600_000);
    const browser = await launchChromium();
    const standIn = await new StandIn({}).listen();
    const nodeRed = await NodeRedProcess.start({
      settings: `externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } }`,
      // A proxy of the machine must not come between Node-RED and the stand-in.
      env: { HTTP_PROXY: '', http_proxy: '', HTTPS_PROXY: '', https_proxy: '', VT_URL: standIn.url('v3') },
    });
    const version = /Node-RED version: v([\d.]+)/.exec(nodeRed.log)?.[1] ?? '';
    shared = { nodeRed, standIn, browser, contexts: new Map(), version };
    console.log(`Node-RED ${version}, Chromium ${browser.version()}`);
  },

  async beforeEach() {
    const { nodeRed, standIn } = workbench();
    standIn.reset({ quota: {}, script: [] });
    if (isEmpty()) return;
    await nodeRed.deploy([]);
    startsWithout = nodeRed.flowStarts;
  },

  async afterEach(this: Mocha.Context) {
    for (const problem of open?.problems.splice(0) ?? [])
      problems.push(`${this.currentTest?.fullTitle()}: ${problem}`);
    if (this.currentTest?.isPassed()) return;
    await open?.close();
    open = undefined;
  },

  async afterAll() {
    await open?.close();
    await shared?.browser.close();
    await shared?.nodeRed.stop();
    await shared?.standIn.close();
    // Thrown here, as a hook that fails ends all tests that come after it.
    if (problems.length > 0) throw new Error(`The browser's console said:\n${problems.join('\n')}`);
  },
};
