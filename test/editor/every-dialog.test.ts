import { expect } from 'chai';
import { catalogue, LANGUAGES, LOADED_TYPES } from '../support/node-files';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import type { EditorPage } from './editor-page';
import { dialogPicture, SCALE, WRITES_SITE } from './site-pictures';
import { openEditor, workbench } from './workbench';

/** Opens a dialog with everything in it shown. */
const OPEN: Record<string, (editor: EditorPage) => Promise<void>> = {
  'virustotal-config': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal', 300, 150));
    await editor.openConfig('server', 'add');
    await editor.unfoldAll();
    await editor.field('store').selectOption('redis');
    const { standIn } = workbench();
    standIn.reset({ quota: { perWindow: 2, daily: 20_000 } });
    await editor.fill('apiUrl', standIn.url('v3'));
    await editor.fill('apiKey', STAND_IN_KEY);
    await editor.page.click('#vt-test');
    await editor.page.locator('.vt-use').waitFor();
    // As it is at first, with what is wrong said.
    await editor.fill('apiKey', '');
  },
  virustotal: async (editor) => {
    await editor.openDialog(await editor.drag('virustotal', 300, 250));
    await editor.unfoldAll();
    await editor.page.fill('#vt-try-text', 'hxxp://baddomain[.]com/x 10.0.0.1');
    await editor.page.locator('#vt-try-result li').first().waitFor();
  },
  'virustotal-report-analysis': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-report-analysis', 300, 350));
    await editor.unfoldAll();
    await editor.field('heuristic').selectOption('jsonata');
    await editor.field('trusted').selectOption('3');
    await editor.field('malicious').selectOption('2');
  },
  'virustotal-stix': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-stix', 300, 450));
    await editor.field('attackPatterns').check();
  },
  'virustotal-summary': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-summary', 300, 550));
  },
  'virustotal-submit': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-submit', 300, 650));
    await editor.unfoldAll();
    await editor.field('when').selectOption('older');
  },
  'virustotal-related': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-related', 300, 650));
    for (const fold of await editor.page.locator('.vt-relations details').all())
      await fold.evaluate((details) => details.setAttribute('open', ''));
  },
  'virustotal-events': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-events', 300, 600));
  },
  'virustotal-watch': async (editor) => {
    await editor.openDialog(await editor.drag('virustotal-watch', 300, 650));
    await editor.field('list').fill('example.com\n192.0.2.10');
    await editor.field('rescanAfterDays').fill('30');
    await editor.field('digestAt').fill('07:30');
  },
};

/** Opens one dialog after the other. */
async function eachDialog(editor: EditorPage, look: (type: string) => Promise<void>): Promise<void> {
  for (const type of LOADED_TYPES) {
    await OPEN[type]?.(editor);
    await look(type);
    if (type === 'virustotal-config') await editor.cancelConfig();
    await editor.cancel();
  }
}

/** As high as the dialog is long. */
async function picture(editor: EditorPage, type: string): Promise<void> {
  const size = editor.page.viewportSize() ?? { width: 1400, height: 1000 };
  await editor.page.setViewportSize({ ...size, height: type === 'virustotal-config' ? 2300 : 1400 });
  await editor.picture(`dialog-${type}`);
  await editor.page.setViewportSize(size);
}

describe('Every dialog', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`passes the accessibility check in a ${theme} theme @node-red-5`, async () => {
      const editor = await openEditor({ theme });
      await eachDialog(editor, async (type) => {
        await picture(editor, type);
        expect(await editor.barriers(), type).to.deep.equal([]);
      });
    });
  }

  it('can be reached field by field with the keyboard', async () => {
    const editor = await openEditor();
    await eachDialog(editor, async (type) => {
      const fields = await editor.page.evaluate<string[]>(
        `$('.vt-form').last().find('input, select, textarea, button, summary').filter(':visible:not(:disabled, .disabled)').toArray()
           .map((field, index) => (field.dataset.at = index + ' ' + (field.id || field.className) + field.textContent.trim()))`,
      );
      expect(fields, type).to.not.have.length(0);
      await editor.page.evaluate(`$('.vt-form').last().find('input').filter(':visible')[0].focus()`);
      const reached = new Set<string>();
      for (const _ of [...fields, ...fields]) {
        const at = await editor.page.evaluate<string | undefined>(`document.activeElement.dataset.at`);
        if (at !== undefined) reached.add(at);
        await editor.page.keyboard.press('Tab');
      }
      expect([...reached], type).to.include.members(fields);
    });
  });

  if (WRITES_SITE)
    it('is photographed as it opens, for the page of its node', async () => {
      const editor = await openEditor({ scale: SCALE });
      const size = editor.page.viewportSize() ?? { width: 1400, height: 1000 };
      // As high as the longest dialog.
      await editor.page.setViewportSize({ ...size, height: 1600 });
      await editor.openDialog(await editor.drag('virustotal', 300, 100));
      await editor.openConfig('server', 'add');
      await editor.fill('name', 'SOC');
      await editor.fill('apiKey', STAND_IN_KEY);
      await dialogPicture(editor, 'virustotal-config');
      await editor.configDone();
      await editor.done();
      const types = LOADED_TYPES.filter((type) => type !== 'virustotal-config');
      for (const [index, type] of types.entries()) {
        await editor.openDialog(await editor.drag(type, 300, 150 + 70 * index));
        const server = editor.field('server');
        if (await server.isVisible()) await server.selectOption({ label: 'SOC' });
        await dialogPicture(editor, type);
        await editor.cancel();
      }
      await editor.page.setViewportSize(size);
    });

  for (const language of LANGUAGES.filter((each) => each !== 'en-US')) {
    it(`is complete in ${language} with room for every word`, async () => {
      const editor = await openEditor({ language });
      const headings = await editor.page.locator('.red-ui-palette-category').allTextContents();
      expect(headings.join(' ')).to.include(
        catalogue('virustotal', language).get('palette.label.threat_intelligence'),
      );
      await eachDialog(editor, async (type) => {
        await picture(editor, type);
        const text = await editor.page.locator('.vt-form').last().innerText();
        expect(text, type).to.not.match(
          /\b(label|tip|option|section|error|action|source|verdict|strip|button)\.\w+/,
        );
        expect(text, type).to.not.match(/__\w+__/);
        const cutOff = await editor.page.evaluate<string[]>(
          `$('.vt-form').last().find('label, p, button, summary, .vt-box, .vt-strip > div').filter(':visible').toArray()
             .filter((part) => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent.trim())`,
        );
        expect(cutOff, type).to.deep.equal([]);
      });
    });
  }
});
