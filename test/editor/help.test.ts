import { expect } from 'chai';
import { LANGUAGES, LOADED_TYPES } from '../support/node-files';
import type { EditorPage } from './editor-page';
import { openEditor } from './workbench';

/** As a person does by the book beside a node, in a sidebar of the width that it has at first. */
async function showHelp(editor: EditorPage, type: string): Promise<void> {
  await editor.page.evaluate(`RED.sidebar.help.show('${type}')`);
  await editor.page.locator('.red-ui-help h1, .red-ui-help h2').first().waitFor();
  await editor.page.waitForFunction(`!$(':animated').length`);
}

/** What of the help is not to be seen at the sidebar's width: it reaches over the edge, or over that of the box that it is in. */
async function cutOff(editor: EditorPage): Promise<string[]> {
  return editor.page.evaluate<string[]>(`(() => {
    const help = $('.red-ui-help:visible').last()[0];
    const pane = help.closest('.red-ui-sidebar-help-stack, .red-ui-panel') ?? help;
    const { right } = help.getBoundingClientRect();
    const scrolls = (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline';
    const reachesOver = (part) => [...part.getClientRects()].some((box) => box.right > right + 1);
    return [pane, help, ...help.querySelectorAll('*')]
      .filter((part) => scrolls(part) || (part !== pane && reachesOver(part)))
      .map((part) => part.tagName + ': ' + part.textContent.trim().slice(0, 80));
  })()`);
}

/** As high as the help is long. */
async function picture(editor: EditorPage, type: string): Promise<void> {
  const size = editor.page.viewportSize() ?? { width: 1400, height: 1000 };
  // The list of the nodes above it takes a part of the height.
  await editor.page.setViewportSize({ ...size, height: 8000 });
  await editor.picture(`help-${type}`, editor.page.locator('.red-ui-help:visible').last());
  await editor.page.setViewportSize(size);
}

describe('The help in the sidebar', () => {
  for (const language of LANGUAGES)
    it(`is shown in ${language} without a cut word or sideways scrolling`, async () => {
      const editor = await openEditor({ language });
      for (const type of LOADED_TYPES) {
        await showHelp(editor, type);
        await picture(editor, type);
        expect(await cutOff(editor), type).to.deep.equal([]);
      }
    });
});
