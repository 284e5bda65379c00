import { VirusTotalError } from '../api/errors';
import type { ExtractOptions, Extraction } from '../ioc/extract';
import { createGuard, type Guard } from '../ioc/guard';
import type { Indicator, IocType, SkippedIoc } from '../ioc/ioc';
import { KIND_NAMES, recogniseIoc } from '../ioc/recognise';
import { SlicedSearches } from '../ioc/slices';

export interface GateOptions {
  /** Default true. */
  skipPrivate?: boolean;
  /** One per line. Default: none. */
  allowList?: string;
}

/** One for all gates: they share the event loop. */
const searches = new SlicedSearches();

/** What may be asked: values become canonical indicators here, and those that must not leave stay. */
export class IocGate {
  readonly #options: GateOptions;
  readonly #guard: Guard;

  /** @throws VirusTotalError `VT_CONFIG` for an allow list that can't be read */
  constructor(options: GateOptions = {}) {
    this.#options = options;
    try {
      this.#guard = createGuard(options);
    } catch (error) {
      throw new VirusTotalError('VT_CONFIG', error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * A value that is said to be of one kind: the canonical indicator, or why it is not sent.
   * @throws VirusTotalError `VT_INVALID_IOC` when the value isn't of that kind
   */
  check(type: IocType, value: unknown): { indicator: Indicator } | { skipped: SkippedIoc } {
    const recognised = recogniseIoc(type, value);
    if ('reason' in recognised) throw new VirusTotalError('VT_INVALID_IOC', notA(type, recognised.reason));
    const indicator = { type, value: recognised.value };
    const reason = this.#guard(indicator);
    return reason === undefined ? { indicator } : { skipped: { ...indicator, reason } };
  }

  /**
   * The canonical indicator of one in any spelling.
   * @throws VirusTotalError `VT_INVALID_IOC` also for one that may not be sent
   */
  sendable({ type, value }: Indicator): Indicator {
    const checked = this.check(type, value);
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
    try {
      const found = searches.extract(value, { ...this.#options, ...options, guard: this.#guard });
      return found instanceof Promise ? found.catch(refuse) : found;
    } catch (error) {
      return refuse(error);
    }
  }
}

function refuse(error: unknown): never {
  throw new VirusTotalError('VT_INVALID_IOC', error instanceof Error ? error.message : String(error));
}

/** Why a value isn't of a kind, with the cause first: `Not a domain: "a b"`. */
function notA(type: IocType, reason: string): string {
  const kind = KIND_NAMES[type];
  return `Not ${kind}: ${reason.replace(`, not ${kind}`, '').replace(` is not ${kind}`, '')}`;
}
