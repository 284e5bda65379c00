import { sidebarText as t, type Overview } from './overview';
import { localNumber } from './texts';

const ID = 'virustotal-quota';

/** The day's quota in the status bar: of several keys, that with the least left. */
export class QuotaWidget {
  readonly #button = $('<button type="button" class="vts-widget">');

  /** @param open what a click does */
  constructor(open: () => void) {
    this.#button.on('click', open);
    RED.statusBar.add({ id: ID, align: 'right', element: this.#button });
    RED.statusBar.hide(ID);
  }

  /** Undefined: nothing may be shown. */
  show(overview: Pick<Overview, 'keys'> | undefined): void {
    const days = (overview?.keys ?? []).flatMap(({ day }) => day ?? []);
    const left = ({ used, allowed }: { used: number; allowed: number }): number => 1 - used / allowed;
    const [least] = days.sort((one, other) => left(one) - left(other));
    if (!least) return RED.statusBar.hide(ID);
    const used = localNumber(least.used);
    const allowed = localNumber(least.allowed);
    const text = t('widget', { used, allowed });
    this.#button.text(`VT ${used}/${allowed}`).attr({ 'aria-label': text, title: text });
    this.#button.toggleClass('vts-high', left(least) <= 0.2);
    RED.statusBar.show(ID);
  }
}
