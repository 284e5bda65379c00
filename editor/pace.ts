import { defaultsOf } from '../src/options';
import { isOn, shownIn, textIn, type Fields } from './fields';
import { localNumber, type Texts } from './texts';

const DEFAULTS = defaultsOf('virustotal-config');
/** What a free key may use, which is what a new instance has. */
const PUBLIC_KEY = {
  rateLimitMs: DEFAULTS.rateLimitMs,
  rateLimitCount: DEFAULTS.rateLimitCount,
  dailyQuota: DEFAULTS.dailyQuota,
  monthlyQuota: DEFAULTS.monthlyQuota,
};
/** Requests a minute. VirusTotal does not name the kind of a key, but a free one has no more. */
export const PUBLIC_PER_MINUTE = DEFAULTS.rateLimitCount;

/** The part of the instance's dialog that says how fast it asks. */
export class Pace {
  readonly #fields: Fields;
  readonly #t: Texts;
  /** Whether the person said so in this dialog, with the numbers still to be typed. */
  #choseOwn = false;

  constructor(fields: Fields, t: Texts) {
    this.#fields = fields;
    this.#t = t;
  }

  prepare(): void {
    $('#vt-pace').on('change', () => {
      this.#choseOwn = $('#vt-pace').val() === 'own';
      if (this.#choseOwn) {
        $('details:has(#node-config-input-rateLimit)').prop('open', true);
        this.#showSummary();
        return;
      }
      this.#fields('rateLimit').prop('checked', true);
      for (const [name, value] of Object.entries(PUBLIC_KEY)) this.#fields(name).val(value).trigger('change');
      this.show();
    });
    for (const name of ['rateLimit', 'rateLimitMode', ...Object.keys(PUBLIC_KEY)])
      this.#fields(name).on('change input', () => this.show());
  }

  /** Fills in these figures, which are the key's. */
  take(figures: readonly (readonly [name: string, value: string | number | boolean])[]): void {
    for (const [name, value] of figures) {
      const field = this.#fields(name);
      if (field.is(':checkbox')) field.prop('checked', value === true).trigger('change');
      else field.val(String(value)).trigger('change');
    }
    this.#choseOwn = false;
    this.show();
  }

  /** NaN where "${VAR}" says it. */
  get perMinute(): number {
    if (!this.#isLimited) return Infinity;
    if (this.#fields('rateLimitMode').val() === 'window') return Number(this.#fields('rateLimitCount').val());
    return 60_000 / Number(this.#fields('rateLimitMs').val());
  }

  /** A switch that "${VAR}" decides is taken to be on. */
  get #isLimited(): boolean {
    return isOn(shownIn(this.#fields('rateLimit')), true);
  }

  show(): void {
    const isLimited = this.#isLimited;
    const mode = this.#fields('rateLimitMode').val();
    $('.vt-limited').toggle(isLimited);
    $('.vt-spacing').toggle(isLimited && mode === 'spacing');
    $('.vt-window').toggle(isLimited && mode === 'window');
    const isPublic = !this.#choseOwn && this.perMinute <= PUBLIC_PER_MINUTE;
    $('#vt-pace').val(isPublic ? 'public' : 'own');
    this.#showSummary();
  }

  #showSummary(): void {
    const t = this.#t;
    $('#vt-pace-summary').text(
      t('pace.all', {
        pace: this.#limitText(),
        day: this.#quotaText('dailyQuota', 'pace.daily', 'pace.dailyUncounted'),
        month: this.#quotaText('monthlyQuota', 'pace.monthly', 'pace.monthlyUncounted'),
      }),
    );
  }

  #limitText(): string {
    const t = this.#t;
    if (!this.#isLimited) return t('pace.none');
    return this.#fields('rateLimitMode').val() === 'window'
      ? t('pace.window', { count: this.#figure('rateLimitCount') })
      : t('pace.spacing', { seconds: this.#figure('rateLimitMs', 1000) });
  }

  #quotaText(name: string, some: string, none: string): string {
    const isCounted = Number(this.#fields(name).val()) !== 0;
    return isCounted ? this.#t(some, { count: this.#figure(name) }) : this.#t(none);
  }

  /** "${VAR}" is shown as it stands. */
  #figure(name: string, part = 1): string {
    const typed = textIn(this.#fields(name));
    return Number(typed) ? localNumber(Number(typed) / part) : typed;
  }
}
