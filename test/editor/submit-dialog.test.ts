import { expect } from 'chai';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { catalogue, LANGUAGES } from '../support/node-files';
import { openEditor, workbench } from './workbench';

describe('The dialog of the submit node', () => {
  it('says for each action what becomes public, and until the box is ticked that nothing is sent @node-red-5', async () => {
    const editor = await openEditor();
    await editor.openDialog(await editor.drag('virustotal-submit', 300, 200));
    const box = editor.page.locator('#vt-public');
    const said: Record<string, RegExp[]> = {
      auto: [/Files:.*downloaded/, /URLs:.*browser/, /Scanning again:/],
      url: [/URLs:.*browser/],
      file: [/Files:.*downloaded/],
      rescan: [/Scanning again:/],
      comment: [/Comments and votes.*API key's user/],
      vote: [/Comments and votes.*API key's user/],
    };
    for (const [action, patterns] of Object.entries(said)) {
      await editor.field('action').selectOption(action);
      const lines = (await box.locator('li:visible').allInnerTexts()).map((line) => line.trim());
      expect(lines, action).to.have.length(patterns.length + 1);
      for (const [at, pattern] of patterns.entries()) expect(lines[at], action).to.match(pattern);
      expect(lines.at(-1), action).to.contain('cannot be taken back');
      expect(await editor.field('consent').isChecked(), action).to.equal(false);
    }
    const note = editor.page.locator('#vt-no-consent');
    expect(await note.isVisible()).to.equal(true);
    await editor.field('consent').check();
    expect(await note.isVisible()).to.equal(false);
  });
});

describe('The status of a submit node', () => {
  it('is in the language of the editor', async () => {
    const { nodeRed, standIn } = workbench();
    const placed = { z: 'tab', x: 140 };
    const submit = {
      ...placed,
      x: 500,
      type: 'virustotal-submit',
      server: 'vt',
      action: 'url',
      consent: true,
    };
    const waits = { queued: 'https://queued.qorlane.com/', scanned: 'https://scanned.qorlane.com/' };
    for (const url of Object.values(waits)) standIn.know(url, 'unknown');
    standIn.planAnalyses({ queued: Infinity }, waits.queued);
    standIn.planAnalyses({ queued: 0, inProgress: Infinity }, waits.scanned);
    const inject = { ...placed, type: 'inject', props: [{ p: 'payload' }], payloadType: 'str' };
    // Other tests share the quota of the key: the analyses are polled seldom.
    await nodeRed.deploy(
      [
        { id: 'tab', type: 'tab' },
        {
          id: 'vt',
          type: 'virustotal-config',
          apiUrl: standIn.url('v3'),
          rateLimit: false,
          timeScale: 0.1,
        },
        ...Object.entries(waits).flatMap(([id, payload], n) => [
          { ...inject, id: `in-${id}`, y: 100 + 100 * n, payload, wires: [[id]] },
          { ...submit, id, y: 100 + 100 * n, wires: [[]] },
        ]),
        { ...submit, id: 'refused', y: 300, consent: false, wires: [[]] },
      ],
      { vt: { apiKey: STAND_IN_KEY } },
    );
    for (const id of Object.keys(waits)) await nodeRed.inject(`in-${id}`);
    for (const language of LANGUAGES.filter((each) => each !== 'en-US')) {
      const words = catalogue('virustotal', language);
      const editor = await openEditor({ language });
      const shows = (id: string, text: string) =>
        editor.onCanvas(id).locator('.red-ui-flow-node-status-label').filter({ hasText: text }).waitFor();
      await shows('queued', words.get('status.atVirusTotal') ?? '');
      await shows('scanned', (words.get('status.scanning') ?? '').split('__')[0] ?? '');
      await shows('refused', words.get('status.noConsent') ?? '');
      await editor.picture(`status-submit-${language}`);
    }
    standIn.planAnalyses({});
    standIn.completeAnalyses();
  });
});
