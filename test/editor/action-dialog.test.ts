import { expect } from 'chai';
import type { EditorPage } from './editor-page';
import { openEditor, workbench } from './workbench';

async function newAction(): Promise<EditorPage> {
  const editor = await openEditor();
  await editor.openDialog(await editor.drag('virustotal', 300, 200));
  return editor;
}

async function visibleFields(editor: EditorPage): Promise<string[]> {
  await editor.unfoldAll();
  const ids = await editor.page
    .locator('.vt-form [id^=node-input-]:visible')
    .evaluateAll((fields) => fields.map(({ id }) => id.replace('node-input-', '')));
  return ids.filter((id) => !id.startsWith('btn-'));
}

describe('The dialog of the VirusTotal node', () => {
  it('labels the source by the chosen action', async () => {
    const editor = await newAction();
    const label = editor.page.locator('#vt-source-label');
    const labels: Record<string, string> = {
      search: 'Search Within',
      domain: 'Domain',
      file: 'File Hash',
      ip: 'IP Address',
      url: 'URL',
    };
    for (const [action, text] of Object.entries(labels)) {
      await editor.field('action').selectOption(action);
      expect(await label.innerText()).to.equal(text);
    }
  });

  it('shows only the fields that the action needs', async () => {
    const editor = await newAction();
    const always = ['name', 'server', 'action'];
    const advanced = ['via', 'onError', 'envelope', 'scans', 'raw', 'quota'];
    expect(await visibleFields(editor)).to.have.members([
      ...always,
      'hosts',
      'mailDomains',
      'emit',
      ...advanced,
    ]);
    await editor.field('action').selectOption('file');
    expect(await visibleFields(editor)).to.have.members([...always, ...advanced]);
    await editor.picture('action-file');
    await editor.field('via').selectOption('dxl');
    expect(await visibleFields(editor)).to.have.members(['name', 'action', 'via']);
  });

  it('accepts every source type and shows why a value is refused', async () => {
    const editor = await newAction();
    await editor.page
      .locator('#node-input-source + .red-ui-typedInput-container .red-ui-typedInput-type-select')
      .click();
    const kinds = await editor.page
      .locator('.red-ui-typedInput-options:visible a')
      .evaluateAll((items) => items.map((item) => item.getAttribute('value')));
    expect(kinds).to.include.members(['msg', 'flow', 'global', 'jsonata', 'str', 'env']);
    await editor.page.locator('.red-ui-typedInput-options:visible a[value="msg"]').click();
    // It slides: a key that is pressed before its end goes astray.
    await editor.page.waitForFunction(
      `!$(':animated').length && !$('.red-ui-typedInput-options:visible').length`,
    );
    await editor.fillTyped('source', '');
    await editor.page
      .locator('#vt-reason-source', { hasText: /^Choose where the value comes from$/ })
      .waitFor({ timeout: 10_000 });
    expect(await editor.reason('server')).to.equal('Choose an instance, or add one with +');
    await editor.picture('action-refused');
  });

  it('shows what a search in a pasted text would look up and what it would skip with the reason', async () => {
    const { nodeRed, standIn } = workbench();
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Flow' },
      {
        id: 'vt',
        type: 'virustotal-config',
        name: 'SOC',
        apiUrl: standIn.url('v3'),
        allowList: 'ourselves.com',
      },
      { id: 'n', z: 'tab', type: 'virustotal', x: 300, y: 100, server: 'vt', action: 'search', wires: [[]] },
    ]);
    const editor = await openEditor();
    await editor.openDialog('n');
    await editor.unfold('Try it');
    await editor.page.fill(
      '#vt-try-text',
      'hxxps://baddomain[.]com/path/to/file from 192.168.1.7 via mail.ourselves.com, hash 44d88612fea8a8f36de82e1278abb02f',
    );
    const result = editor.page.locator('#vt-try-result');
    await result.locator('text=Would be looked up: 2').waitFor();
    const found = await result.innerText();
    expect(found).to.include('URL https://baddomain.com/path/to/file');
    expect(found).to.include('File hash 44d88612fea8a8f36de82e1278abb02f');
    expect(found).to.include('Would not be sent: 2');
    expect(found).to.match(/IP address 192\.168\.1\.7 .*private/i);
    expect(found).to.match(/Domain mail\.ourselves\.com \S+/);
    await editor.picture('action-try');

    await editor.page.fill('#vt-try-text', 'nothing of interest');
    await editor.page.click('#vt-try-button');
    await result.locator('text=Nothing in it would be looked up.').waitFor();
    expect(standIn.requests).to.have.length(0);
  });

  it('tries the search with mail domains if chosen and does not guess the value of a variable', async () => {
    const { nodeRed, standIn } = workbench();
    const vt = { id: 'vt', type: 'virustotal-config', apiUrl: standIn.url('v3') };
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Flow' },
      { ...vt, allowList: '${OUR_DOMAINS}', skipPrivate: 'no' },
      { id: 'n', z: 'tab', type: 'virustotal', x: 300, y: 100, server: 'vt', action: 'search', wires: [[]] },
    ]);
    const editor = await openEditor();
    await editor.openDialog('n');
    await editor.unfold('Try it');
    await editor.page.fill('#vt-try-text', 'From: hr@baddomain.com, from 192.168.1.7');
    const result = editor.page.locator('#vt-try-result');
    await result.locator('text=Would be looked up: 1').waitFor();
    await editor.field('mailDomains').check();
    await result.locator('text=Would be looked up: 2').waitFor();
    const found = await result.innerText();
    expect(found).to.include('Domain baddomain.com').and.include('IP address 192.168.1.7');
    expect(found).to.include('Settings that come from environment variables are not applied here.');
    await editor.picture('action-try-mail');
  });

  it('says in the language of the editor why an indicator would not be sent', async () => {
    const editor = await openEditor({ language: 'de' });
    await editor.openDialog(await editor.drag('virustotal', 300, 200));
    await editor.unfoldAll();
    await editor.page.fill('#vt-try-text', '10.0.0.1 192.0.2.7 printer.local 169.254.1.1');
    const result = editor.page.locator('#vt-try-result');
    await result.locator('text=Würde nicht gesendet: 4').waitFor();
    const skipped = await result.innerText();
    expect(skipped).to.include('10.0.0.1 private Adresse (RFC 1918)');
    expect(skipped).to.include('192.0.2.7 Adresse für Dokumentation');
    expect(skipped).to.include('printer.local interner Name (.local)');
    expect(skipped).to.include('169.254.1.1 link-local address');
  });
});
