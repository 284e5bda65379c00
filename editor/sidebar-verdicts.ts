import { sidebarText as t, VERDICTS, type ShownVerdict } from './overview';
import { button, copy, nameOf, part, redraw, showNode } from './sidebar-parts';
import { agoText } from './spans';

/** The last verdicts, newest first: filtered, opened one by one, copied. */
export class VerdictList {
  readonly element = $('<section class="vts-verdicts">');
  readonly #list = $('<ul class="vts-list">');
  readonly #filter: JQuery;
  #verdicts: ShownVerdict[] = [];
  #opened = new Set<string>();

  constructor() {
    this.#filter = $('<select>').attr('aria-label', t('filter.label'));
    for (const verdict of ['all', ...VERDICTS])
      this.#filter.append(
        $('<option>')
          .val(verdict)
          .text(t(`filter.${verdict}`)),
      );
    this.#filter.on('change', () => this.#draw());
    const tools = $('<div class="vts-tools">').append(
      this.#filter,
      button(t('button.copy'), 'copy', (from) => copy(this.#chosen.map(asText).join('\n'), from)),
    );
    this.element.append(part('h3', '', t('heading.verdicts')), tools, this.#list);
  }

  show(verdicts: ShownVerdict[]): void {
    this.#verdicts = verdicts;
    const there = new Set(verdicts.map(idOf));
    this.#opened = new Set([...this.#opened].filter((id) => there.has(id)));
    this.#draw();
    this.#list.find('time').each((_, time) => void $(time).text(agoText(time.dateTime)));
  }

  get #chosen(): ShownVerdict[] {
    const filter = this.#filter.val();
    return this.#verdicts.filter(({ verdict }) => filter === 'all' || verdict === filter);
  }

  #draw(): void {
    const chosen = this.#chosen;
    redraw(this.#list, [chosen, [...this.#opened]], () =>
      chosen.length > 0
        ? chosen.map((verdict) => this.#entry(verdict))
        : [part('li', 'vts-line', t('filter.none'))],
    );
  }

  #entry(shown: ShownVerdict): JQuery {
    const id = idOf(shown);
    const isOpen = this.#opened.has(id);
    const head = $('<button type="button" class="vts-verdict">')
      .addClass(`vts-${shown.verdict}`)
      .attr({ 'aria-expanded': String(isOpen), 'data-focus': id })
      .append(
        part('span', 'vts-word', [t(`filter.${shown.verdict}`), countOf(shown)].join(' ').trim()),
        part('span', 'vts-value', shown.value ?? t('noValue')).attr('dir', 'ltr'),
        this.#origin(shown),
      )
      .on('click', () => this.#toggle(shown));
    const entry = $('<li>').append(head);
    if (!isOpen) return entry;
    const reasons = $('<ul class="vts-reasons">').append(
      shown.reasons.map((reason) => part('li', '', reason).attr({ dir: 'auto', lang: 'en' })),
    );
    return entry.append(
      reasons,
      $('<div class="vts-tools">').append(
        button(t('button.showNode'), `show ${id}`, () => showNode(shown.node.id)),
        button(t('button.copyOne'), `copy ${id}`, (from) => copy(asText(shown), from)),
      ),
    );
  }

  #origin({ type, time, node }: ShownVerdict): JQuery {
    return $('<span class="vts-origin">').append(
      document.createTextNode(type === null ? '' : `${t(`kind.${type}`)} · `),
      $('<time>').attr('datetime', time).text(agoText(time)),
      document.createTextNode(` · ${nameOf(node)}`),
    );
  }

  #toggle(shown: ShownVerdict): void {
    const id = idOf(shown);
    if (!this.#opened.delete(id)) {
      this.#opened.add(id);
      showNode(shown.node.id);
    }
    this.#draw();
  }
}

function idOf({ time, node, type, value }: ShownVerdict): string {
  return [time, node.id, type, value].join(' ');
}

function countOf({ positives, total }: ShownVerdict): string {
  return positives === null ? '' : total === null ? String(positives) : `${positives}/${total}`;
}

/** One line, with tabs between, as a table takes it. */
function asText(shown: ShownVerdict): string {
  const { time, verdict, type, value, reasons, node } = shown;
  const columns = [time, verdict, countOf(shown), type ?? '', value ?? '', nameOf(node), reasons.join(' · ')];
  return columns.map((text) => text.replace(/\s+/g, ' ')).join('\t');
}
