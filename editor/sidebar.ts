import { sidebarText as t, type Overview } from './overview';
import { readFromRuntime, RuntimeRefusal } from './runtime';
import { firstSteps } from './sidebar-first-steps';
import { keySection } from './sidebar-keys';
import { button, copy, part, redraw } from './sidebar-parts';
import { TroubleList } from './sidebar-troubles';
import { VerdictList } from './sidebar-verdicts';
import { QuotaWidget } from './sidebar-widget';

const TAB = 'virustotal';
const MAY_READ = 'virustotal.read';
/** The runtime sends no ticks to those that have not asked for 30 s. */
const AGAIN_MS = 15_000;
/** Between two requests at least. */
const APART_MS = 1_000;

/**
 * The tab: asks for the overview while it is seen, at most once a second; while it is not, only for the quota in the status bar; and for nothing
 * while the page is hidden.
 */
class Sidebar {
  readonly #content = $('<div class="vts" tabindex="0" role="region">').attr('aria-label', t('label'));
  readonly #message = part('div', 'vts-message').attr('role', 'status');
  readonly #body = $('<div>');
  readonly #keys = $('<div class="vts-keys">');
  readonly #steps = $('<section>');
  readonly #troubles = new TroubleList();
  readonly #verdicts = new VerdictList();
  readonly #widget = new QuotaWidget(() => RED.sidebar.show(TAB));
  #overview: Overview | undefined;
  #isInView = false;
  #isAsking = false;
  #isOutdated = false;
  #lastAt = -Infinity;
  #timer: number | undefined;

  constructor() {
    const diagnostics = button(t('button.diagnostics'), 'diagnostics', (from) =>
      copy(JSON.stringify(this.#overview?.diagnostics ?? {}, null, 2), from),
    );
    this.#body.append(
      ...[this.#troubles.element, this.#steps, this.#keys, this.#verdicts.element],
      $('<div class="vts-tools">').append(diagnostics),
    );
    this.#content.append(this.#message, this.#body.hide());
    RED.sidebar.addTab({
      id: TAB,
      label: 'VirusTotal',
      name: 'VirusTotal',
      content: this.#content,
      iconClass: 'fa fa-shield',
      enableOnEdit: true,
    });
    new IntersectionObserver((entries) => {
      this.#isInView = entries.at(-1)?.isIntersecting === true;
      // Who opens it does not wait for what the status bar has asked.
      if (this.#isInView) this.#lastAt = -Infinity;
      this.#askSoon();
    }).observe(this.#content[0] as Element);
    document.addEventListener('visibilitychange', () => this.#askSoon());
    RED.comms.subscribe('virustotal/changed', () => this.#askSoon());
    RED.events.on('deploy', () => this.#ask());
    this.#ask();
  }

  #askSoon(afterMs = 0): void {
    window.clearTimeout(this.#timer);
    // What has changed since the runtime answered is asked for again.
    if (this.#isAsking) this.#isOutdated = true;
    if (this.#isAsking || document.visibilityState !== 'visible') return;
    const waitMs = Math.max(afterMs, this.#lastAt + APART_MS - performance.now(), 0);
    this.#timer = window.setTimeout(() => this.#ask(), waitMs);
  }

  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#isOutdated = false;
    this.#lastAt = performance.now();
    const answered = this.#isInView
      ? readFromRuntime<Overview>('overview').then((overview) => this.#show(overview))
      : readFromRuntime<Pick<Overview, 'keys'>>('overview?brief').then((brief) => this.#widget.show(brief));
    answered
      .catch((error: unknown) => this.#refused(error))
      .finally(() => {
        this.#isAsking = false;
        this.#askSoon(this.#isOutdated ? 0 : AGAIN_MS);
      })
      .catch((error: unknown) => console.error(error));
  }

  #show(overview: Overview): void {
    this.#overview = overview;
    this.#widget.show(overview);
    this.#message.text('');
    this.#body.show();
    const { keys, verdicts, troubles } = overview;
    this.#troubles.show(troubles);
    redraw(this.#steps, verdicts.length === 0, () => (verdicts.length === 0 ? firstSteps() : []));
    redraw(this.#keys, keys, () => keys.map(keySection));
    this.#verdicts.element.toggle(verdicts.length > 0);
    this.#verdicts.show(verdicts);
  }

  #refused(error: unknown): void {
    const status = error instanceof RuntimeRefusal ? error.status : 0;
    const mayNot = status === 401 || status === 403;
    if (mayNot) {
      this.#overview = undefined;
      this.#body.hide();
      this.#widget.show(undefined);
    }
    this.#message.text(t(mayNot ? 'message.mayNot' : 'message.noAnswer'));
  }
}

RED.plugins.registerPlugin('virustotal-sidebar', {
  type: 'virustotal-sidebar',
  onadd() {
    if (RED.user?.hasPermission(MAY_READ) !== false) new Sidebar();
  },
});
