import { VirusTotalError } from '../errors';
import type { ExtractOptions, Extraction } from './extract';
import { createGuard, type Guard } from './guard';
import type { Indicator, IocType, SkippedIoc } from './ioc';
import { unwrapUrl } from './link';
import { KIND_NAMES, recognizeIoc } from './recognize';
import { SlicedSearches } from './slices';

/** Which indicators must not be sent. */
export interface FilterOptions {
  /** Default true. */
  skipPrivate?: boolean;
  /** The allow list, one entry per line. Default: none. */
  allowList?: string;
}

/** One for all filters: they share the event loop. */
const searches = new SlicedSearches();

/** Makes canonical indicators of values, and keeps back those that must not leave. */
export class IndicatorFilter {
  readonly #options: FilterOptions;
  readonly #guard: Guard;

  /** @throws VirusTotalError `VT_CONFIG` for an allow list that can't be read */
  constructor(options: FilterOptions = {}) {
    this.#options = options;
    this.#guard = createGuard(options);
  }

  /**
   * A value that is said to be of one kind: the canonical indicator, or why it is not sent. A URL that a mail filter or a redirect has wrapped
   * is what it leads to: where its maker tells no more than the host, a domain.
   * @throws VirusTotalError `VT_INVALID_IOC` when the value isn't of that kind
   */
  validate(
    type: IocType,
    value: unknown,
  ): { indicator: Indicator; wrapper?: string } | { skipped: SkippedIoc } {
    const recognized = recognizeIoc(type, value);
    if ('reason' in recognized) throw new VirusTotalError('VT_INVALID_IOC', notA(type, recognized.reason));
    if (type === 'url') return this.#validateLink(recognized.value);
    const indicator = { type, value: recognized.value };
    const reason = this.#guard(indicator);
    return reason === undefined ? { indicator } : { skipped: { ...indicator, reason } };
  }

  #validateLink(url: string): { indicator: Indicator; wrapper?: string } | { skipped: SkippedIoc } {
    const { indicator, wrapper, reason: unread = '', shown = url } = unwrapUrl(url);
    if (indicator === undefined) return { skipped: { type: 'url', value: shown, reason: unread } };
    const reason = this.#guard(indicator);
    if (reason !== undefined) return { skipped: { ...indicator, reason } };
    return wrapper === undefined ? { indicator } : { indicator, wrapper };
  }

  /**
   * The canonical indicator of one in any spelling.
   * @throws VirusTotalError `VT_INVALID_IOC` also for one that may not be sent
   */
  sendable({ type, value }: Indicator): Indicator {
    const checked = this.validate(type, value);
    if ('indicator' in checked) return checked.indicator;
    const { skipped } = checked;
    throw new VirusTotalError('VT_INVALID_IOC', `Not sent: ${skipped.value} (${skipped.reason})`);
  }

  /**
   * Every indicator in a value: those that may be sent, and those that stay. A large value is searched in slices, so that
   * the event loop isn't blocked.
   * @returns at once what a small value holds, and a promise for a large one; that rejects with what is thrown for a small one
   * @throws VirusTotalError `VT_INVALID_IOC` when the value is too large, too deep or holds too many
   */
  extract(
    value: unknown,
    options: Pick<ExtractOptions, 'hosts' | 'mailDomains'> = {},
  ): Extraction | Promise<Extraction> {
    return searches.extract(value, { ...this.#options, ...options, guard: this.#guard });
  }
}

/** Why a value isn't of a kind, with the cause first: `Not a domain: "a b"`. */
function notA(type: IocType, reason: string): string {
  const kind = KIND_NAMES[type];
  return `Not ${kind}: ${reason.replace(`, not ${kind}`, '').replace(` is not ${kind}`, '')}`;
}
