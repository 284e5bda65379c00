import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { NodeRedProcess } from '../support/node-red-process';
import { wearDark } from './dark-theme';

/** How a person has set up browser and editor. */
export interface Look {
  /** As the browser tells it, `de`. Default `en-US`. */
  language?: string;
  theme?: 'light' | 'dark';
  /** Pixels of the screen for one of the page. */
  scale?: number;
}

/** A part of the window, in pixels. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const PICTURES = join(__dirname, '..', '..', '.artefacts', 'editor');

/** Node-RED's editor in a browser, used as a person uses it. */
export class EditorPage {
  /** What a person would see in the browser's console as wrong. */
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    readonly nodeRed: NodeRedProcess,
    readonly version: string,
    readonly look: Look,
  ) {
    page.on('pageerror', ({ message, stack = '' }) => {
      // Node-RED's own editor stumbles at times when a page is left: what has no line of a node's script in it is not ours.
      const places = stack.match(/(https?:\/\/|resources\/)\S+/g) ?? [];
      const isNodeReds = places.length > 0 && places.every((place) => /\/(red|vendor)\//.test(place));
      if (!isNodeReds) this.problems.push(message);
    });
    page.on('console', (message) => {
      const { url } = message.location();
      // An instance that isn't deployed yet has no state: the dialog asks to know that.
      const isExpected = /404/.test(message.text()) && url.includes('/virustotal/state/');
      if (message.type() === 'error' && !isExpected) this.problems.push(`${message.text()} ${url}`);
    });
  }

  static async open(
    browser: BrowserContext,
    nodeRed: NodeRedProcess,
    version: string,
    look: Look,
  ): Promise<EditorPage> {
    const page = await browser.newPage();
    const editor = new EditorPage(page, nodeRed, version, look);
    page.setDefaultTimeout(60_000);
    await page.goto(nodeRed.url);
    await page.locator('.red-ui-palette-node').first().waitFor();
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    if (look.theme === 'dark') await wearDark(page, version);
    return editor;
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Leaves every dialog, and takes away all nodes and all tabs but one. */
  async clear(): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Escape');
    if (await page.locator('#node-config-dialog-cancel').count()) await this.cancelConfig();
    if (await page.locator('#node-dialog-cancel').count()) await this.cancel();
    await page.evaluate(`
      RED.view.select({ nodes: [] });
      const all = RED.nodes.filterNodes({});
      RED.nodes.eachConfig((node) => { all.push(node); });
      for (const { id } of all) RED.nodes.remove(id);
      for (const id of RED.nodes.getWorkspaceOrder().slice(1)) RED.workspaces.delete(RED.nodes.workspace(id));
      RED.nodes.dirty(false);
      RED.view.redraw(true);
      localStorage.clear();
    `);
    await page.locator('.red-ui-flow-node-group').first().waitFor({ state: 'detached' });
  }

  /** Drags a node from the palette onto the canvas. @returns its id */
  async drag(type: string, x: number, y: number): Promise<string> {
    const before = await this.#nodeIds();
    const inPalette = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await inPalette.scrollIntoViewIfNeeded();
    await inPalette.dragTo(this.page.locator('#red-ui-workspace-chart'), { targetPosition: { x, y } });
    await this.page.waitForFunction(
      (count) => document.querySelectorAll('.red-ui-flow-node-group').length > count,
      before.length,
    );
    const [id] = (await this.#nodeIds()).filter((each) => !before.includes(each));
    return id ?? '';
  }

  async #nodeIds(): Promise<string[]> {
    return this.page.locator('.red-ui-flow-node-group').evaluateAll((nodes) => nodes.map(({ id }) => id));
  }

  /** An id may begin with a digit, which `#id` can't. */
  onCanvas(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** Draws a wire from an output of one node to the input of another. */
  async wire(from: string, output: number, to: string): Promise<void> {
    const start = this.onCanvas(from).locator('.red-ui-flow-port-output .red-ui-flow-port').nth(output);
    const end = this.onCanvas(to).locator('.red-ui-flow-port-input .red-ui-flow-port');
    await start.hover();
    await this.page.mouse.down();
    await end.hover();
    await this.page.mouse.up();
  }

  async openDialog(id: string): Promise<void> {
    await this.onCanvas(id).dblclick();
    await this.#settled(this.page.locator('#node-dialog-ok'));
  }

  /** From the open dialog of a node into that of its config node; `add` makes a new one. */
  async openConfig(property: string, how: 'add' | 'edit'): Promise<void> {
    await this.page.locator(`#node-input-btn-${property}-${how}`).click();
    await this.#settled(this.page.locator('#node-config-dialog-ok'));
  }

  /** Waits for a dialog that slides in. */
  async #settled(button: Locator): Promise<void> {
    await button.waitFor();
    await button.click({ trial: true });
  }

  field(property: string): Locator {
    return this.page.locator(`#node-input-${property}, #node-config-input-${property}`);
  }

  /** Types a value as a person does: the field is left afterwards. */
  async fill(property: string, value: string): Promise<void> {
    await this.field(property).fill(value);
    await this.field(property).press('Tab');
  }

  /** Types into a TypedInput. */
  async fillTyped(property: string, value: string): Promise<void> {
    const visible = this.page.locator(`#node-input-${property} + .red-ui-typedInput-container input`).first();
    await visible.fill(value);
    await visible.press('Tab');
  }

  /** Why the field's value is refused; empty when it is not. */
  async reason(property: string): Promise<string> {
    const reason = this.page.locator(`#vt-reason-${property}`);
    return (await reason.count()) === 0 ? '' : ((await reason.textContent()) ?? '');
  }

  /** Opens the foldable section of that heading. */
  async unfold(heading: string): Promise<void> {
    const summary = this.page.locator('details:not([open]) > summary', { hasText: heading });
    if (await summary.count()) await summary.click();
  }

  async unfoldAll(): Promise<void> {
    await this.page.locator('.vt-form details').evaluateAll((folds) => {
      for (const fold of folds) (fold as unknown as { open: boolean }).open = true;
    });
  }

  async done(): Promise<void> {
    await this.page.locator('#node-dialog-ok').click();
    await this.page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
  }

  async cancel(): Promise<void> {
    await this.page.locator('#node-dialog-cancel').click();
    await this.page.locator('#node-dialog-cancel').waitFor({ state: 'detached' });
  }

  async configDone(): Promise<void> {
    await this.page.locator('#node-config-dialog-ok').click();
    await this.page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
  }

  async cancelConfig(): Promise<void> {
    await this.page.locator('#node-config-dialog-cancel').click();
    await this.page.locator('#node-config-dialog-cancel').waitFor({ state: 'detached' });
  }

  async deploy(): Promise<void> {
    const { flowStarts } = this.nodeRed;
    await this.page.locator('#red-ui-header-button-deploy').click();
    await this.nodeRed.until(() => this.nodeRed.flowStarts > flowStarts);
  }

  async pressInject(id: string): Promise<void> {
    await this.onCanvas(id).locator('.red-ui-flow-node-button-button').click();
  }

  /** Opens the debug sidebar and waits for this number of messages there. */
  async debugMessages(count: number): Promise<string[]> {
    await this.page.evaluate(`RED.sidebar.show('debug')`);
    const messages = this.page.locator('.red-ui-debug-msg');
    await messages.nth(count - 1).waitFor();
    return messages.allInnerTexts();
  }

  /** Imports the example of that name by the editor's menu. */
  async importExample(name: string): Promise<void> {
    const { page } = this;
    const flows = await this.#flowCount();
    // The question of an import before this one takes a while to slide away, and would be answered again.
    await page.locator('.red-ui-notification button').first().waitFor({ state: 'detached' });
    await page.locator('#red-ui-header-button-sidemenu').click();
    await page.locator('#menu-item-import').click();
    await page.locator('#red-ui-tab-red-ui-clipboard-dialog-import-tab-examples a').click();
    const examples = page.locator('#red-ui-clipboard-dialog-import-tab-examples');
    const entry = (text: string): Locator =>
      examples.locator('.red-ui-treeList-label', { has: page.getByText(text, { exact: true }) }).last();
    await entry('@nr-threat-intel/node-red-virustotal').click();
    // The folder slides open: a click before its end may hit another example.
    const chosen = examples.locator('.red-ui-treeList-label.selected', {
      has: page.getByText(name, { exact: true }),
    });
    do {
      await page.waitForFunction(`!$(':animated').length`);
      await entry(name).click();
    } while ((await chosen.count()) === 0);
    await page.locator('#red-ui-clipboard-dialog-ok').click();
    // Where an instance of an earlier example is there, Node-RED asks what to do.
    // Its third answer is "Import copy", which takes the instance that is there.
    const isImported = `RED.nodes.getWorkspaceOrder().length > ${flows}`;
    const answers = `$('.red-ui-notification button').length`;
    await page.waitForFunction(`${isImported} || ${answers} > 2`);
    // A click that waited for a question that never comes would answer that of the next import as well.
    if (!(await page.evaluate(isImported))) await page.locator('.red-ui-notification button').nth(2).click();
    await page.waitForFunction(isImported);
  }

  async #flowCount(): Promise<number> {
    return this.page.evaluate<number>(`RED.nodes.getWorkspaceOrder().length`);
  }

  async showTab(id: string): Promise<void> {
    await this.page.evaluate(`RED.workspaces.show('${id}')`);
    await this.page.locator(`#red-ui-tab-${id}.active`).waitFor();
  }

  /** What "Export" gives for all flows. */
  async exportAll(): Promise<string> {
    const { page } = this;
    await page.evaluate(`RED.actions.invoke('core:show-export-dialog')`);
    await page.locator('#red-ui-clipboard-dialog-export-rng-full').click();
    const text = page.locator('#red-ui-clipboard-dialog-export-text');
    await page.waitForFunction(() => {
      const area = document.querySelector('#red-ui-clipboard-dialog-export-text') as {
        value?: string;
      } | null;
      return (area?.value ?? '').includes('"tab"');
    });
    return text.inputValue();
  }

  /** Axe's findings in the open dialog that bar somebody from it. */
  async barriers(): Promise<string[]> {
    await this.page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
    const violations = await this.page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(
      `axe.run('.vt-form').then(({ violations }) => violations)`,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  /** Keeps a picture in the ignored folder, for people to look at. @param part of the page, or a place in it; default: all that is to be seen */
  async picture(name: string, part?: Locator | Place): Promise<void> {
    const folder = join(PICTURES, `node-red-${this.version}`);
    mkdirSync(folder, { recursive: true });
    // Notifications hide what is below them.
    await this.page.evaluate(`$('#red-ui-notifications').empty()`);
    await this.page.waitForFunction(`!$(':animated').length`);
    const { language, theme = 'light' } = this.look;
    const file = [name, language, theme].filter(Boolean).join('-');
    const path = join(folder, `${file}.png`);
    await (part && 'screenshot' in part
      ? part.screenshot({ path })
      : this.page.screenshot({ path, ...(part ? { clip: part } : {}) }));
  }
}
