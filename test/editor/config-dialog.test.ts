import { expect } from 'chai';
import { createServer, type AddressInfo } from 'node:net';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import type { EditorPage } from './editor-page';
import { openEditor, workbench } from './workbench';

/** The dialog of a new config node, as a person comes to it from a node just dragged from the palette. */
async function newConfig(editor: EditorPage): Promise<void> {
  const id = await editor.drag('virustotal', 300, 200);
  await editor.openDialog(id);
  await editor.openConfig('server', 'add');
}

async function pressTest(editor: EditorPage): Promise<string> {
  await editor.page.click('#vt-test');
  await editor.page.waitForFunction(`!$('#vt-test').prop('disabled') && $('#vt-test-result').text()`);
  return editor.page.locator('#vt-test-result').innerText();
}

async function pointAtStandIn(editor: EditorPage): Promise<void> {
  await editor.unfold('Network');
  await editor.fill('apiUrl', workbench().standIn.url('v3'));
}

/** A port at which nothing answers. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('The dialog of an instance', () => {
  it('says that a typed key is valid and what is left of its quota and stores nothing', async () => {
    const { nodeRed, standIn } = workbench();
    standIn.reset({ quota: { perWindow: 4, daily: 500 } });
    const editor = await openEditor();
    await newConfig(editor);
    await pointAtStandIn(editor);
    await editor.fill('apiKey', STAND_IN_KEY);
    const result = await pressTest(editor);
    expect(result).to.include('The key is valid.');
    expect(result).to.include('500 of 500 requests left today');
    expect(result).to.include('No limit this month');
    await editor.picture('config-tested');

    await editor.cancelConfig();
    await editor.cancel();
    expect(await (await nodeRed.request('/flows')).text()).to.not.include('virustotal-config');
    expect(nodeRed.log).to.not.include(STAND_IN_KEY);
    expect(standIn.counts()).to.deep.include({ accepted: 0 });
  });

  it('tests the stored key after a deploy without sending it to the browser @node-red-5', async () => {
    const editor = await openEditor();
    const id = await editor.drag('virustotal', 300, 200);
    await editor.openDialog(id);
    await editor.openConfig('server', 'add');
    await pointAtStandIn(editor);
    await editor.fill('apiKey', STAND_IN_KEY);
    await editor.configDone();
    await editor.done();
    await editor.deploy();
    await editor.close();

    const again = await openEditor();
    await again.openDialog(id);
    await again.openConfig('server', 'edit');
    expect(await again.field('apiKey').inputValue()).to.equal('__PWRD__');
    expect(await pressTest(again)).to.include('The key is valid.');
    await again.page.locator('#vt-state', { hasText: 'Running, the queue is empty' }).waitFor();
    await again.picture('config-deployed');
    expect(await again.page.content()).to.not.include(STAND_IN_KEY);

    await again.fill('apiUrl', 'https://elsewhere.example/api/v3/');
    expect(await pressTest(again)).to.include('deploy first, or paste the key itself');
  });

  it('explains why a test failed', async () => {
    const { standIn } = workbench();
    const editor = await openEditor();
    await newConfig(editor);
    await pointAtStandIn(editor);
    expect(await pressTest(editor)).to.include('An API key is needed');

    await editor.fill('apiKey', 'wrong'.repeat(12));
    expect(await pressTest(editor)).to.include('VirusTotal refuses this key.');

    await editor.fill('apiKey', STAND_IN_KEY);
    standIn.script([
      { status: 429, body: { error: { code: 'QuotaExceededError', message: 'Quota exceeded' } } },
    ]);
    expect(await pressTest(editor)).to.include('VirusTotal asks this key to slow down');

    standIn.script([{ html: 'It works!', status: 200 }]);
    expect(await pressTest(editor)).to.include("not from VirusTotal's API");

    standIn.script([{ html: true, status: 503 }]);
    expect(await pressTest(editor)).to.include('a server error');

    await editor.fill('timeout', '200');
    standIn.script([{ delayMs: Infinity }]);
    expect(await pressTest(editor)).to.include('did not answer in time');
    await editor.fill('timeout', '30000');

    await editor.fill('apiUrl', `http://127.0.0.1:${await deadPort()}/`);
    expect(await pressTest(editor)).to.include('Node-RED cannot reach VirusTotal');
    await editor.picture('config-test-failed');
  });

  for (const [language, refused] of [
    ['de', 'Verbindung abgelehnt: Auf 127.0.0.1:'],
    ['ja', '接続が拒否されました: 127.0.0.1:'],
  ] as const)
    it(`explains a failure in the language of the editor: ${language}`, async () => {
      const editor = await openEditor({ language });
      await newConfig(editor);
      await editor.unfoldAll();
      await editor.fill('apiUrl', workbench().standIn.url('v3'));
      await editor.fill('apiKey', 'wrong'.repeat(12));
      // VirusTotal's own words stay as they are.
      expect(await pressTest(editor)).to.match(/VirusTotal: 401: WrongCredentialsError, Wrong API key$/);
      await editor.fill('apiUrl', `http://127.0.0.1:${await deadPort()}/`);
      expect(await pressTest(editor)).to.include(refused);
    });

  it('names the proxy when the proxy cannot be reached', async () => {
    const { nodeRed } = workbench();
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Flow' },
      {
        id: 'proxy',
        type: 'http proxy',
        name: 'Office',
        url: `http://127.0.0.1:${await deadPort()}`,
        noproxy: [],
      },
    ]);
    const editor = await openEditor();
    await newConfig(editor);
    await editor.unfold('Network');
    await editor.page.selectOption('#node-config-input-proxy', 'proxy');
    await editor.fill('apiUrl', 'http://virustotal.example/api/v3/');
    await editor.fill('apiKey', STAND_IN_KEY);
    expect(await pressTest(editor)).to.include('through the proxy');
  });

  it('links to the page of the key and accepts a key with the text that was copied around it', async () => {
    const { nodeRed } = workbench();
    const editor = await openEditor();
    await newConfig(editor);
    const link = editor.page.locator('.vt-form a[href="https://www.virustotal.com/gui/my-apikey"]');
    expect(await link.getAttribute('target')).to.equal('_blank');
    await pointAtStandIn(editor);
    await editor.field('apiKey').fill('two words');
    // Without leaving the field, as after pasting with the mouse.
    await editor.page.waitForFunction(`$('#vt-reason-apiKey').text() === 'An API key contains no spaces'`);
    await editor.field('apiKey').fill(`  ${STAND_IN_KEY}\n`);
    await editor.page.waitForFunction(`!$('#vt-reason-apiKey').length`);
    await editor.configDone();
    await editor.done();
    await editor.deploy();
    expect(nodeRed.log).to.not.include('a space, a line break');
    await editor.clear();
  });

  it('takes over the figures of the key, recognized by its requests per minute', async () => {
    const { standIn } = workbench();
    standIn.reset({ quota: { perWindow: 1000, daily: 20_000 } });
    const editor = await openEditor();
    await newConfig(editor);
    await pointAtStandIn(editor);
    await editor.fill('apiKey', STAND_IN_KEY);
    expect(await pressTest(editor)).to.include('Premium API: 1,000 requests a minute');
    await editor.picture('config-figures-offered');
    await editor.page.click('.vt-use');
    const values = await Promise.all(
      ['rateLimitMs', 'rateLimitCount', 'dailyQuota', 'monthlyQuota'].map((name) =>
        editor.field(name).inputValue(),
      ),
    );
    expect(values).to.deep.equal(['60', '1000', '20000', '0']);
    expect(await editor.page.locator('#vt-pace').inputValue()).to.equal('own');
    expect(await editor.page.locator('#vt-test-result').innerText()).to.include('now in the fields');

    standIn.reset({ quota: { perWindow: 4, daily: 500, monthly: 15_500 } });
    const warned = await pressTest(editor);
    expect(warned).to.include('Public API (free): 4 requests a minute');
    expect(warned).to.include('The rate limit of this instance is too high');
    await editor.picture('config-too-fast');
    await editor.page.click('.vt-use');
    expect(await editor.page.locator('#vt-pace').inputValue()).to.equal('public');
    expect(await editor.page.locator('#vt-pace-summary').innerText()).to.equal(
      'One request every 15 s. 500 a day. 15,500 a month.',
    );
    expect(await pressTest(editor)).to.not.include('Use these figures');
  });

  it('warns of a valid key whose quota of the day is used up', async () => {
    const { standIn } = workbench();
    standIn.reset({ quota: { perWindow: 4, daily: 1, monthly: 15_500 } });
    await fetch(`${standIn.url('v3')}domains/baddomain.com`, { headers: { 'x-apikey': STAND_IN_KEY } });
    const editor = await openEditor();
    await newConfig(editor);
    await pointAtStandIn(editor);
    await editor.fill('apiKey', STAND_IN_KEY);
    const spent = await pressTest(editor);
    expect(spent).to.include('The key is valid.').and.to.include('0 of 1 requests left today');
    expect(spent).to.include("The day's quota is used up. It resets at 00:00 UTC.");
    await editor.picture('config-spent');
    const box = editor.page.locator('#vt-test-result');
    expect(await box.getAttribute('class'))
      .to.include('vt-warn')
      .and.to.not.include('vt-good');
    await editor.page.click('.vt-use');
    expect(await box.getAttribute('class'))
      .to.include('vt-warn')
      .and.to.not.include('vt-good');

    standIn.reset({ quota: { perWindow: 4, daily: 500, monthly: 15_500 } });
    expect(await pressTest(editor)).to.not.include('used up');
    expect(await box.getAttribute('class'))
      .to.include('vt-good')
      .and.to.not.include('vt-warn');
  });

  it("writes numbers in the language of the editor instead of the browser's", async () => {
    const editor = await openEditor();
    await newConfig(editor);
    await editor.unfoldAll();
    await editor.page.evaluate(`localStorage.setItem('editor-language', 'de')`);
    await editor.fill('monthlyQuota', '20500');
    expect(await editor.page.locator('#vt-pace-summary').innerText()).to.include('20.500 a month');
    await editor.fill('rateLimitMs', 'soon');
    expect(await editor.reason('rateLimitMs')).to.include('86.400.000');
    await editor.page.evaluate(`localStorage.clear()`);
  });

  it('claims nothing that is known only after a deploy', async () => {
    const { standIn } = workbench();
    const editor = await openEditor();
    await newConfig(editor);
    await editor.fill('apiKey', '${VT_KEY_OF_A_TAB}');
    const unknown = await pressTest(editor);
    expect(unknown).to.include(
      'Not tested: the value of the variable is known only after this instance is deployed',
    );
    expect(unknown).to.include('VT_KEY_OF_A_TAB');
    expect(standIn.requests).to.deep.equal([]);
    await editor.picture('config-not-tested');

    await editor.fill('apiKey', STAND_IN_KEY);
    await editor.unfold('Network');
    await editor.fill('apiUrl', '${VT_URL}');
    const assumed = await pressTest(editor);
    expect(assumed).to.include('The key is valid.');
    expect(assumed).to.include('Tested with VT_URL from the environment of the Node-RED process');
    await editor.picture('config-assumed');
  });

  it('says that a config does not run', async () => {
    const { nodeRed } = workbench();
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Flow' },
      { id: 'vt', type: 'virustotal-config', d: true },
      { id: 'n', z: 'tab', type: 'virustotal', x: 300, y: 100, server: 'vt', wires: [[]] },
    ]);
    const editor = await openEditor();
    await editor.openDialog('n');
    await editor.openConfig('server', 'edit');
    await editor.page.locator('#vt-state', { hasText: 'This instance is not running' }).waitFor();
  });

  it('shows a switch that a variable decides and keeps the variable', async () => {
    const { nodeRed, standIn } = workbench();
    await nodeRed.deploy(
      [
        { id: 'tab', type: 'tab', label: 'Flow' },
        {
          id: 'vt',
          type: 'virustotal-config',
          apiUrl: standIn.url('v3'),
          cache: '${KEEP}',
          skipPrivate: 'no',
        },
        { id: 'n', z: 'tab', type: 'virustotal', x: 300, y: 100, server: 'vt', wires: [[]] },
      ],
      { vt: { apiKey: STAND_IN_KEY } },
    );
    const editor = await openEditor();
    await editor.openDialog('n');
    await editor.openConfig('server', 'edit');
    await editor.unfoldAll();
    await editor.page.locator('#vt-state', { hasText: 'environment variable KEEP' }).waitFor();
    expect(await editor.field('cache').inputValue()).to.equal('${KEEP}');
    expect(await editor.field('cacheSize').isVisible()).to.equal(true);
    expect(await editor.field('skipPrivate').isChecked()).to.equal(false);
    await editor.picture('config-switch-by-variable');
    await editor.fill('cacheSize', '7');
    await editor.configDone();
    await editor.done();
    await editor.deploy();
    const flows = (await (await nodeRed.request('/flows')).json()) as { id: string }[];
    expect(flows.find(({ id }) => id === 'vt')).to.include({
      cache: '${KEEP}',
      skipPrivate: false,
      cacheSize: 7,
    });
  });

  it('offers the pace of the public API and custom numbers', async () => {
    const editor = await openEditor();
    await newConfig(editor);
    const summary = editor.page.locator('#vt-pace-summary');
    const pace = editor.page.locator('#vt-pace');
    expect(await pace.inputValue()).to.equal('public');
    expect(await summary.innerText()).to.equal('One request every 15 s. 500 a day. 15,500 a month.');

    await pace.selectOption('own');
    await editor.field('rateLimitMode').selectOption('window');
    await editor.fill('rateLimitCount', '1000');
    await editor.fill('dailyQuota', '20000');
    await editor.fill('monthlyQuota', '0');
    expect(await pace.inputValue()).to.equal('own');
    expect(await summary.innerText()).to.equal(
      'Up to 1,000 requests in any 60 s. 20,000 a day. No monthly quota.',
    );
    expect(await editor.field('rateLimitMs').isVisible()).to.equal(false);
    await editor.picture('config-premium');

    await editor.page.uncheck('#node-config-input-rateLimit');
    expect(await summary.innerText()).to.include('No rate limit.');

    await pace.selectOption('public');
    expect(await summary.innerText()).to.equal('Up to 4 requests in any 60 s. 500 a day. 15,500 a month.');
  });

  it('shows under a field why its value is refused and marks it for screen readers', async () => {
    const editor = await openEditor();
    await newConfig(editor);
    await editor.unfoldAll();
    expect(await editor.reason('apiKey')).to.equal('An API key is needed');
    for (const [property, wrong, reason] of [
      ['apiKey', 'two words', 'An API key contains no spaces'],
      ['apiUrl', 'virustotal.com', 'A URL that begins with https:// or http://'],
      ['rateLimitMs', '86400001', 'A whole number from 0 to 86,400,000'],
      ['cacheSize', '501', 'A whole number from 1 to 500'],
      ['timeout', 'soon', 'A whole number from 1 to 3,600,000'],
    ] as const) {
      await editor.fill(property, wrong);
      expect(await editor.reason(property)).to.equal(reason);
      expect(await editor.field(property).getAttribute('aria-describedby')).to.equal(`vt-reason-${property}`);
    }
    await editor.page.selectOption('#node-config-input-store', 'redis');
    await editor.fill('redisUrl', 'localhost');
    expect(await editor.reason('redisUrl')).to.equal('A URL that begins with redis:// or rediss://');
    // Node-RED's tooltip would say it once more, wherever the mouse has been.
    expect(await editor.page.evaluate(`typeof $('#node-config-input-apiUrl').data('tooltip').open`)).to.equal(
      'undefined',
    );
    await editor.picture('config-refused');

    await editor.fill('cacheSize', '${CACHE_SIZE}');
    await editor.fill('apiKey', '${VIRUSTOTAL_API_KEY}');
    expect(await editor.reason('cacheSize')).to.equal('');
    expect(await editor.reason('apiKey')).to.equal('');
    expect(await editor.field('apiKey').getAttribute('aria-invalid')).to.equal(null);
  });

  it('shows how many reports are cached and clears them at a press', async () => {
    const { nodeRed, standIn } = workbench();
    await nodeRed.deploy(
      [
        { id: 'tab', type: 'tab', label: 'Flow' },
        { id: 'vt', type: 'virustotal-config', apiUrl: standIn.url('v3'), rateLimit: false },
        {
          id: 'in',
          z: 'tab',
          type: 'inject',
          x: 100,
          y: 100,
          payload: 'baddomain.com',
          payloadType: 'str',
          props: [{ p: 'payload' }],
          wires: [['n']],
        },
        {
          id: 'n',
          z: 'tab',
          type: 'virustotal',
          x: 300,
          y: 100,
          server: 'vt',
          action: 'domain',
          wires: [['out']],
        },
        {
          id: 'out',
          z: 'tab',
          type: 'debug',
          x: 500,
          y: 100,
          active: true,
          tosidebar: true,
          complete: 'payload',
          targetType: 'msg',
          wires: [],
        },
      ],
      { vt: { apiKey: STAND_IN_KEY } },
    );
    const heard = nodeRed.debugs.length;
    await nodeRed.inject('in');
    await nodeRed.until(() => nodeRed.debugs.length > heard);

    const editor = await openEditor();
    await editor.openDialog('n');
    await editor.openConfig('server', 'edit');
    await editor.page.locator('#vt-state', { hasText: 'Cached reports: 1' }).waitFor();
    await editor.unfold('Cache');
    await editor.page.click('#vt-clear');
    await editor.page.getByText('Reports removed: 1').waitFor();
    await editor.page.locator('#vt-state', { hasText: 'Cached reports: 0' }).waitFor();
  });
});
