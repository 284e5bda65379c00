import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { catalogue, LANGUAGES } from '../support/node-files';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import type { EditorPage } from './editor-page';
import { openEditor, workbench } from './workbench';

const HOSTILE = '<img src=x onerror="window.hurt=1">';

let fresh = 0;

const inject = (id: string, payload: string) => ({
  ...{ id, z: 'tab', type: 'inject', props: [{ p: 'payload' }], payload, payloadType: 'str', x: 120, y: 100 },
  wires: [['n']],
});

/** A flow with a config, a node that has none, and three verdicts. */
async function deployWithVerdicts(): Promise<void> {
  const { nodeRed, standIn } = workbench();
  standIn.know('qorlane.com', { malicious: 9, engines: 91 });
  standIn.know('meridane.com', 'clean');
  standIn.know('fennick.org', { malicious: 2, engines: 90 });
  await nodeRed.deploy(
    [
      { id: 'tab', type: 'tab' },
      {
        ...{ id: 'vt', type: 'virustotal-config', name: HOSTILE, apiUrl: standIn.url('v3') },
        ...{ rateLimit: true, rateLimitMode: 'window', rateLimitCount: 60, dailyQuota: 500, reserve: 10 },
      },
      inject('bad', 'qorlane.com'),
      inject('good', 'meridane.com'),
      inject('unsure', 'fennick.org'),
      // Another one each time: none is in the cache.
      inject('fresh', `f${(fresh += 1)}.qorlane.com`),
      { id: 'n', z: 'tab', type: 'virustotal', server: 'vt', x: 400, y: 100, wires: [['ra']] },
      { id: 'lone', z: 'tab', type: 'virustotal', name: 'Lone', server: '', x: 400, y: 700, wires: [[]] },
      { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', name: 'Judge', x: 700, y: 100, wires: [] },
    ],
    { vt: { apiKey: STAND_IN_KEY } },
  );
}

async function openSidebar(page: Page): Promise<void> {
  await page.evaluate(`RED.sidebar.show('virustotal')`);
  await page.locator('.vts').waitFor();
}

async function withVerdicts(editor: EditorPage): Promise<void> {
  await openSidebar(editor.page);
  await workbench().nodeRed.inject('bad');
  await editor.page.locator('.vts-malicious', { hasText: 'qorlane[.]com' }).first().waitFor();
  await workbench().nodeRed.inject('good');
  await editor.page.locator('.vts-verdict', { hasText: 'meridane[.]com' }).first().waitFor();
}

async function barriers(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    `axe.run('.vts, #virustotal-quota').then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** As narrow as people have it. */
async function narrow(page: Page): Promise<void> {
  await page.evaluate(`$('.vts').css({ width: '300px' })`);
}

async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `$('.vts').find('*').addBack().filter(':visible').toArray()
       .filter((part) => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent.trim())`,
  );
}

describe('The sidebar', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`shows quota, problems and new verdicts in a ${theme} theme without a barrier @node-red-5`, async () => {
      await deployWithVerdicts();
      const editor = await openEditor({ theme });
      const { page } = editor;
      await withVerdicts(editor);
      expect(await page.locator('.vts-name').textContent()).to.equal(HOSTILE);
      expect(await page.evaluate('window.hurt')).to.equal(undefined);
      expect(await page.locator('.vts-bar').count()).to.be.at.least(2);
      await page.locator('#virustotal-quota', { hasText: /VT \d+\/500/ }).waitFor();
      await page.locator('.vts-malicious').first().click();
      await page.locator('.vts-reasons li').first().waitFor();
      await narrow(page);
      expect(await cutOff(page)).to.deep.equal([]);
      expect(await barriers(page)).to.deep.equal([]);
      await editor.picture('sidebar');
      await page.evaluate(`$('.vts').css({ width: '' })`);
    });
  }

  it('filters verdicts, shows the node, hides a problem, and keeps the focus when it is drawn again', async () => {
    await deployWithVerdicts();
    const editor = await openEditor();
    const { page } = editor;
    await withVerdicts(editor);
    await page.locator('.vts-verdicts select').selectOption('malicious');
    await page.locator('.vts-verdict', { hasText: 'meridane' }).waitFor({ state: 'detached' });
    const first = page.locator('.vts-verdict').first();
    await first.focus();
    await page.keyboard.press('Enter');
    await page.locator('.vts-reasons li').first().waitFor();
    expect(await first.evaluate((element) => element === element.ownerDocument.activeElement)).to.equal(true);
    const problem = page.locator('.vts-trouble', { hasText: 'Lone' });
    await problem.getByRole('button', { name: 'Show node' }).click();
    await problem.getByRole('button', { name: 'Hide' }).click();
    await problem.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show hidden (1)' }).click();
    await problem.waitFor();
  });

  it('asks for nothing while it is not seen', async () => {
    await deployWithVerdicts();
    const editor = await openEditor();
    const { page, nodeRed } = editor;
    await withVerdicts(editor);
    await page.evaluate(`RED.sidebar.show('info')`);
    await page.locator('.vts').waitFor({ state: 'hidden' });
    // What it asked for before may still arrive.
    await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
    // The quota in the status bar is asked for by another address.
    const asked: string[] = [];
    page.on('request', (request) => {
      if (/virustotal\/overview$/.test(request.url())) asked.push(request.url());
    });
    const ticked = page.evaluate(
      `new Promise((done) => RED.comms.subscribe('virustotal/changed', () => done(true)))`,
    );
    await nodeRed.inject('bad');
    await ticked;
    await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
    expect(asked).to.deep.equal([]);
  });

  it('keeps the quota in the status bar up to date while the sidebar is closed', async () => {
    await deployWithVerdicts();
    const { page, nodeRed } = await openEditor();
    await page.evaluate(`RED.sidebar.show('info')`);
    const widget = page.locator('#virustotal-quota', { hasText: /VT \d+\/500/ });
    await widget.waitFor();
    const before = await widget.innerText();
    await nodeRed.inject('fresh');
    await page.waitForFunction(
      `document.querySelector('#virustotal-quota').innerText !== ${JSON.stringify(before)}`,
    );
  });

  it('shows and filters a verdict of each kind by its word', async () => {
    await deployWithVerdicts();
    const editor = await openEditor();
    await withVerdicts(editor);
    await workbench().nodeRed.inject('unsure');
    const first = editor.page.locator('.vts-verdict').first();
    await first.filter({ hasText: 'fennick[.]org' }).waitFor();
    expect(await first.innerText()).to.match(/^No Match 2\/90/);
    await editor.page.getByLabel('Show verdicts').selectOption('No Match');
    const shown = await editor.page.locator('.vts-verdict').allInnerTexts();
    expect(shown[0]).to.include('fennick[.]org');
    for (const text of shown) expect(text).to.match(/^No Match/);
  });

  it('leads to a first verdict where there is none, with the example', async () => {
    await workbench().nodeRed.deploy([{ id: 'tab', type: 'tab' }]);
    const { page } = await openEditor();
    const nothing = { keys: [], verdicts: [], troubles: [], diagnostics: {} };
    await page.route('**/virustotal/overview*', (route) => route.fulfill({ json: nothing }));
    await openSidebar(page);
    await page.evaluate(`RED.events.emit('deploy')`);
    await page.locator('.vts-steps > li').nth(2).waitFor();
    await page.getByRole('button', { name: 'Import the example' }).click();
    await page.waitForFunction(`RED.nodes.filterNodes({ type: 'virustotal-report-analysis' }).length > 0`);
    expect(await page.evaluate(`RED.nodes.getWorkspaceOrder().length`)).to.be.above(1);
    await page.unroute('**/virustotal/overview*');
  });

  for (const language of LANGUAGES)
    it(`is complete in ${language} at 300 pixels`, async () => {
      await deployWithVerdicts();
      const editor = await openEditor({ language });
      const { page } = editor;
      const texts = catalogue('virustotal-sidebar', language);
      await withVerdicts(editor);
      await narrow(page);
      await page.locator('.vts-trouble', { hasText: texts.get('todo.no-config') ?? '' }).waitFor();
      expect(await cutOff(page)).to.deep.equal([]);
      const text = await page.locator('.vts').innerText();
      expect(text).to.not.match(/\b(heading|filter|kind|gauge|key|sharing|trouble|todo|button|step)\.\w+/);
      expect(text).to.not.match(/__\w+__/);
      await editor.picture('sidebar');
    });
});

describe('The catalogue of the sidebar', () => {
  it('has the same keys and blanks in every language', () => {
    const english = catalogue('virustotal-sidebar', 'en-US');
    const blanks = (text = ''): string[] => (text.match(/__\w+?__/g) ?? []).sort();
    for (const language of LANGUAGES) {
      const texts = catalogue('virustotal-sidebar', language);
      expect([...texts.keys()], language).to.deep.equal([...english.keys()]);
      for (const [key, text] of english) expect(blanks(texts.get(key)), key).to.deep.equal(blanks(text));
    }
  });
});
