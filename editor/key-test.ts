import { OPTIONS } from '../src/options';
import { line, note, quotaBar, showIn, storeTrouble, type Figures } from './box';
import { failure, type Failure } from './failure-text';
import { shownIn, textIn, type Fields } from './fields';
import { PUBLIC_PER_MINUTE, type Pace } from './pace';
import type { EditorNode } from './red';
import { askRuntime, RuntimeRefusal } from './runtime';
import { localNumber, type Texts } from './texts';

/** What a password field holds whose value only the runtime has. */
export const KEPT_SECRET = '__PWRD__';
/** VirusTotal says "as many as you like" as a billion. */
const UNLIMITED = 1e9;
const HOUR_MS = 3_600_000;
const { rateLimitCount } = OPTIONS['virustotal-config'];

interface Quota {
  hourly?: Figures;
  daily?: Figures;
  monthly?: Figures;
}

interface Answer extends Failure {
  ok: boolean;
  quota?: Quota;
  store?: { text: string };
  /** Variables whose value in the environment of the process was taken. */
  assumed?: string[];
}

/** The button that asks VirusTotal whether the key in the dialog is valid, and what it may use. */
export class KeyTest {
  readonly #fields: Fields;
  readonly #t: Texts;
  readonly #pace: Pace;

  constructor(fields: Fields, t: Texts, pace: Pace) {
    this.#fields = fields;
    this.#t = t;
    this.#pace = pace;
  }

  async run(node: EditorNode): Promise<void> {
    const t = this.#t;
    const box = $('#vt-test-result');
    const key = textIn(this.#fields('apiKey')).trim();
    if (!key) return showIn(box, 'vt-bad', line(t('error.keyMissing')));
    const proxy = this.#chosenNode('proxy');
    const button = $('#vt-test').prop('disabled', true);
    showIn(box, '', line(t('test.running')));
    try {
      const answer = await askRuntime<Answer>('test', {
        id: node.id,
        apiVersion: this.#fields('apiVersion').val(),
        apiUrl: textIn(this.#fields('apiUrl')).trim(),
        timeout: Number(this.#fields('timeout').val()) || undefined,
        tls: this.#chosenNode('tls'),
        proxy,
        ...(key === KEPT_SECRET ? {} : { apiKey: key }),
      });
      if (answer.ok) this.#showQuota(box, answer.quota);
      else showIn(box, isWarning(answer) ? 'vt-warn' : 'vt-bad', ...failure(t, answer, proxy !== ''));
      if (answer.store) box.append(storeTrouble(answer.store));
      if (answer.assumed) box.append(note(t('test.assumed', { names: answer.assumed.join(', ') })));
    } catch (error) {
      const isForbidden = error instanceof RuntimeRefusal && [401, 403].includes(error.status);
      showIn(box, 'vt-bad', line(t(isForbidden ? 'test.permission' : 'test.unreachable')));
    } finally {
      button.prop('disabled', false);
    }
  }

  /** The id of the config node that is chosen, or ''. */
  #chosenNode(name: string): string {
    const id = textIn(this.#fields(name));
    return id === '_ADD_' ? '' : id;
  }

  #showQuota(box: JQuery, quota: Quota | undefined): void {
    const t = this.#t;
    const { hourly, daily, monthly } = quota ?? {};
    const perMinute = hourly && hourly.allowed < UNLIMITED ? hourly.allowed / 60 : undefined;
    const isTooFast = perMinute !== undefined && this.#pace.perMinute > perMinute;
    // A green box would promise lookups that VirusTotal refuses.
    const isSpent = [hourly, daily, monthly].some(isUsedUp);
    showIn(
      box,
      isTooFast || isSpent ? 'vt-warn' : 'vt-good',
      line(t('test.valid')),
      ...(isUsedUp(daily) ? [note(t('test.dayUsed'))] : []),
      ...(isUsedUp(monthly) ? [note(t('test.monthUsed'))] : []),
      ...(perMinute === undefined ? [] : [this.#kindOfKey(perMinute)]),
      ...this.#left('test.hourly', 'test.hourlyFree', hourly),
      ...this.#left('test.daily', 'test.dailyFree', daily),
      ...this.#left('test.monthly', 'test.monthlyFree', monthly),
      ...(quota ? [] : [note(t('test.noFigures'))]),
      ...(isTooFast ? [note(t('test.tooFast', { allowed: localNumber(perMinute) }))] : []),
      ...(quota ? this.#offer(quota, isSpent) : []),
    );
  }

  #kindOfKey(perMinute: number): JQuery {
    const known = perMinute <= PUBLIC_PER_MINUTE ? 'test.public' : 'test.premium';
    return line(this.#t(known, { count: localNumber(Math.floor(perMinute)) }));
  }

  #left(some: string, unlimited: string, figures: Figures | undefined): JQuery[] {
    if (!figures) return [];
    return figures.allowed < UNLIMITED ? quotaBar(this.#t, some, figures) : [line(this.#t(unlimited))];
  }

  /** A button that puts the key's figures into the fields, where they differ. */
  #offer(quota: Quota, isSpent: boolean): JQuery[] {
    const t = this.#t;
    const figures = Object.entries(figuresAsFields(quota));
    if (figures.every(([name, value]) => String(shownIn(this.#fields(name))) === String(value))) return [];
    const button = $('<button type="button" class="red-ui-button vt-use">').text(t('button.useFigures'));
    button.on('click', () => {
      this.#pace.take(figures);
      button.replaceWith(note(t('test.used')));
      if (!isSpent) $('#vt-test-result').removeClass('vt-warn').addClass('vt-good');
    });
    return [button];
  }
}

/** An allowance of 0 is no figure, as for `figuresAsFields`. */
function isUsedUp(figures: Figures | undefined): boolean {
  return figures !== undefined && figures.allowed > 0 && figures.used >= figures.allowed;
}

function isWarning({ code, why }: Failure): boolean {
  return code === 'VT_QUOTA' || Boolean(why);
}

/** What VirusTotal allows, as values of the fields. It counts by the hour; the hour has sixty of the limit's minutes. */
export function figuresAsFields({
  hourly,
  daily,
  monthly,
}: Quota): Record<string, string | number | boolean> {
  const fields: Record<string, string | number | boolean> = {};
  const counted = ({ allowed }: Figures): number => (allowed < UNLIMITED ? allowed : 0);
  if (daily && daily.allowed > 0) fields['dailyQuota'] = counted(daily);
  if (monthly && monthly.allowed > 0) fields['monthlyQuota'] = counted(monthly);
  if (!hourly || !(hourly.allowed > 0)) return fields;
  if (hourly.allowed >= UNLIMITED) return { ...fields, rateLimit: false };
  // A limit of less than one in a minute is no number of requests a minute.
  if (hourly.allowed < 60) fields['rateLimitMode'] = 'spacing';
  const perMinute = Math.floor(hourly.allowed / 60);
  return {
    ...fields,
    rateLimit: true,
    rateLimitMs: Math.min(HOUR_MS, Math.ceil(HOUR_MS / hourly.allowed)),
    rateLimitCount: Math.min(rateLimitCount.max, Math.max(rateLimitCount.min, perMinute)),
  };
}
