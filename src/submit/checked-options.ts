import { quote, VirusTotalError } from '../errors';
import type { SubmitOptions, SubmitWhen } from './options';

const WHENS: readonly unknown[] = ['unknown', 'older', 'always'];

/** The options that decide what is done, with their defaults. */
export interface CheckedOptions extends SubmitOptions {
  when: SubmitWhen;
  maxAgeDays: number;
  wait: boolean;
  timeoutMs: number;
  private: boolean;
}

/** The longest wait that a timer can be set for, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** @throws VirusTotalError `VT_CONFIG` that quotes the value */
export function checkedOptions(options: SubmitOptions): CheckedOptions {
  const { when = 'unknown', maxAgeDays = 30, wait = true, timeoutMs = 600_000 } = options;
  if (!WHENS.includes(when)) throw refused('when', when, WHENS.join(', '));
  if (!(maxAgeDays >= 0)) throw refused('maxAgeDays', maxAgeDays, 'a number of days');
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_MS)) throw refused('timeoutMs', timeoutMs, 'a number of ms');
  return { ...options, when, maxAgeDays, wait, timeoutMs, private: options.private === true };
}

function refused(name: string, value: unknown, takes: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', `Not valid: ${name} is ${quote(value)}; it takes ${takes}`);
}
