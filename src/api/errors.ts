import { oneLine } from '../one-line';

/** Every way a lookup can fail, for Catch nodes to tell apart. The table in README says what to do about each. */
export const ERROR_CODES = [
  'VT_CONFIG',
  'VT_INVALID_IOC',
  'VT_AUTH',
  'VT_FORBIDDEN',
  'VT_QUOTA',
  'VT_TIMEOUT',
  'VT_NETWORK',
  'VT_SERVER',
  'VT_BAD_RESPONSE',
  'VT_QUEUE_FULL',
  'VT_CLOSED',
  'VT_REQUEST',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What a code doesn't tell apart and a person in a hurry wants to know: that no key is set, or no config node; that requests come
 * too fast, or that the day's or the month's quota is used up.
 */
export type ErrorReason = 'no-key' | 'no-config' | 'rate' | 'day' | 'month';

export interface ErrorDetails {
  /** HTTP status, when there was an answer. */
  status?: number;
  /** Whether the same request may succeed later without anybody doing anything. Default false. */
  retryable?: boolean;
  /** Milliseconds to wait before asking again, when the answer said so (Retry-After). */
  retryAfterMs?: number;
  reason?: ErrorReason;
}

/**
 * The one error class of this package. `message` is written for the person on duty: what happened, to which value, and
 * the way out. It is one line of what can be seen, whatever texts from outside are quoted in it. `code` is an own field because Node-RED copies only own fields to Catch nodes.
 */
export class VirusTotalError extends Error {
  override readonly name = 'VirusTotalError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  // Declared only: an own field that is undefined would show in Catch nodes and logs.
  declare readonly status?: number;
  declare readonly retryAfterMs?: number;
  declare readonly reason?: ErrorReason;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(oneLine(message));
    this.code = code;
    this.retryable = details.retryable ?? false;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.reason !== undefined) this.reason = details.reason;
  }

  /** Without the class: Node-RED writes this to `msg.error.message`, and of it the debug sidebar shows the beginning. */
  override toString(): string {
    return this.message;
  }
}
