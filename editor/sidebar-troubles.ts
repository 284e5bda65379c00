import { sidebarText as t, type ShownTrouble } from './overview';
import { button, nameOf, part, redraw, showNode } from './sidebar-parts';
import { whenText } from './spans';

/** What is wrong and what to do. Each can be hidden for as long as it lasts. */
export class TroubleList {
  readonly element = $('<section class="vts-troubles">');
  #troubles: ShownTrouble[] = [];
  #hidden = new Set<string>();

  show(troubles: ShownTrouble[]): void {
    this.#troubles = troubles;
    const there = new Set(troubles.map(({ id }) => id));
    // One that comes back is another one.
    this.#hidden = new Set([...this.#hidden].filter((id) => there.has(id)));
    this.#draw();
  }

  #draw(): void {
    const shown = this.#troubles.filter(({ id }) => !this.#hidden.has(id));
    redraw(this.element, [shown, this.#hidden.size], () => {
      if (this.#troubles.length === 0) return [];
      const parts = [part('h3', '', t('heading.troubles'))];
      if (shown.length > 0)
        parts.push($('<ul class="vts-list">').append(shown.map((trouble) => this.#entry(trouble))));
      if (this.#hidden.size > 0)
        parts.push(
          button(t('button.showHidden', { count: this.#hidden.size }), 'hidden', () => {
            this.#hidden.clear();
            this.#draw();
          }),
        );
      return parts;
    });
  }

  #entry({ id, kind, text, until, about, node }: ShownTrouble): JQuery {
    const end = until === undefined ? '' : t('trouble.until', { when: whenText(until) });
    const entry = $('<li class="vts-trouble">').append(
      part('div', 'vts-word', t(`trouble.${kind}`)),
      part('div', 'vts-line', [nameOf(about), end].filter(Boolean).join(' · ')).attr('dir', 'auto'),
      part('div', 'vts-line', t(`todo.${kind}`)),
    );
    if (text) entry.append(part('div', 'vts-note', text).attr({ lang: 'en', dir: 'auto' }));
    const hide = (): void => {
      this.#hidden.add(id);
      this.#draw();
    };
    return entry.append(
      $('<div class="vts-tools">').append(
        button(t('button.showNode'), `show ${id}`, () => showNode(node)),
        button(t('button.hide'), `hide ${id}`, hide),
      ),
    );
  }
}
