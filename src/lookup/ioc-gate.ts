import { VirusTotalError } from '../api/errors';
import { extractIocs, type ExtractOptions } from '../ioc/extract';
import { createGuard, type Guard } from '../ioc/guard';
import type { FoundIoc, Indicator, IocType, SkippedIoc } from '../ioc/ioc';
import { recogniseIoc } from '../ioc/recognise';

export interface GateOptions {
  /** Default true. */
  skipPrivate?: boolean;
  /** One per line. Default: none. */
  allowList?: string;
}

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
    if ('reason' in recognised) throw new VirusTotalError('VT_INVALID_IOC', recognised.reason);
    const indicator = { type, value: recognised.value };
    const reason = this.#guard(indicator);
    return reason === undefined ? { indicator } : { skipped: { ...indicator, reason } };
  }

  /**
   * Every indicator in a value: those that may be sent, and those that stay.
   * @throws VirusTotalError `VT_INVALID_IOC` when the value is too large, too deep or holds too many
   */
  extract(
    value: unknown,
    options: Pick<ExtractOptions, 'hosts' | 'mailDomains'> = {},
  ): { iocs: FoundIoc[]; skipped: SkippedIoc[] } {
    try {
      return extractIocs(value, { ...this.#options, ...options });
    } catch (error) {
      throw new VirusTotalError('VT_INVALID_IOC', error instanceof Error ? error.message : String(error));
    }
  }
}
