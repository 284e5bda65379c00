import type { Page } from 'playwright-core';

/** Node-RED 4 has no dark theme of its own: the colors that its dialogs use, as common dark themes have them. */
const DARK: Record<string, string> = {
  'primary-background': '#1c1c22',
  'primary-text-color': '#e4e4e8',
  'primary-border-color': '#45454f',
  'secondary-background': '#26262d',
  'secondary-text-color': '#c2c2ca',
  'secondary-border-color': '#45454f',
  'tertiary-background': '#202026',
  'form-background': '#26262d',
  'form-text-color': '#e4e4e8',
  'form-input-background': '#17171b',
  'form-input-border-color': '#55555f',
  'form-placeholder-color': '#8e8e98',
  'form-tips-background': '#33332a',
  'workspace-button-background': '#33333c',
  'workspace-button-color': '#d8d8de',
  'text-color-error': '#ff8f8f',
  'text-color-code': '#ff9e9e',
  'view-background': '#17171b',
  'view-grid-color': '#26262d',
  'list-item-color': '#e4e4e8',
  'notification-border-success': '#5fbf4a',
  'notification-border-error': '#ff6b74',
  'node-status-colors-green': '#55bb99',
  'node-status-colors-red': '#ff5c5c',
};

/** Node-RED 5's own dark theme, or what comes near to it in Node-RED 4. */
export async function wearDark(page: Page, version: string): Promise<void> {
  if (Number.parseInt(version) >= 5) {
    await page.evaluate(() => document.documentElement.classList.add('nr-theme-dark'));
    return;
  }
  const colors = Object.entries(DARK).map(([name, color]) => `--red-ui-${name}: ${color} !important;`);
  await page.addStyleTag({ content: `:root { ${colors.join(' ')} }` });
}
