import { SIDEBAR, sidebarText as t } from './overview';

/** A button. @param key names it for the focus, which stays on it when the list is drawn again */
export function button(text: string, key: string, onClick: (button: JQuery) => void): JQuery {
  const made = $('<button type="button" class="red-ui-button red-ui-button-small">').text(text);
  return made.attr('data-focus', key).on('click', () => onClick(made));
}

/** Text from outside is never more than text. */
export function part(tag: 'div' | 'span' | 'li' | 'h3' | 'p', look: string, text = ''): JQuery {
  return $(`<${tag}>`).addClass(look).text(text);
}

export function copy(text: string, from: JQuery): void {
  RED.clipboard.copyText(text, from, `${SIDEBAR}copied`);
}

/** Shows a node in its flow, or a config node in the list of those. */
export function showNode(id: string): void {
  const node = RED.nodes.node(id);
  if (!node) return;
  if (node.type === 'virustotal-config') RED.sidebar.config.show(id);
  else RED.view.reveal(id);
}

/** As the editor has it by now; a name that is empty is the type's. */
export function nameOf({ id, name }: { id: string; name: string }): string {
  return RED.nodes.node(id)?.name || name || t('unnamed', { id });
}

/** Draws a section again where what it shows has changed; what had the focus has it afterwards. */
export function redraw(section: JQuery, shown: unknown, draw: () => JQuery[]): void {
  const state = JSON.stringify(shown);
  if (section.data('shown') === state) return;
  section.data('shown', state);
  const focused = section.find(':focus').attr('data-focus');
  section.empty().append(draw());
  if (focused === undefined) return;
  const again = section.find('[data-focus]').toArray();
  again.find((each) => each.getAttribute('data-focus') === focused)?.focus();
}
