import { expect } from 'chai';
import { openEditor } from './workbench';

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
