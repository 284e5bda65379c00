/** Every way a lookup can fail, for Catch nodes to tell apart. docs/troubleshooting.md says what to do about each. */
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

/** The code of a failure, one of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What a code doesn't tell apart and a person in a hurry wants to know: that no key is set, no config node, or no consent given; that
 * requests come too fast, that the day's or the month's quota is used up, that the rest of the day's is reserved for more urgent messages,
 * or that a node has reached its own limit of submissions per day.
 */
export type ErrorReason =
  'no-key' | 'no-config' | 'no-consent' | 'rate' | 'day' | 'month' | 'reserve' | 'submissions';

/** What a `VirusTotalError` tells beside its code and message. */
export interface ErrorDetails {
  /** The HTTP status, when there was an answer. */
  status?: number;
  /** Whether the same request may succeed later without anybody doing anything. Default false. */
  retryable?: boolean;
  /** Milliseconds to wait before asking again, when the answer said so (`Retry-After`). */
  retryAfterMs?: number;
  /** What the code alone does not tell. */
  reason?: ErrorReason;
  /** Something that was to be sent once may have arrived at VirusTotal, although it was not confirmed. */
  mayHaveArrived?: boolean;
  /** The analysis at VirusTotal whose end was not seen. */
  analysisId?: string;
}

/**
 * The one error class of this package. `message` is written for the person on duty: what happened, to which value, and
 * the way out. It is one line of what can be seen, whatever texts from outside are quoted in it. `code` is an own field because Node-RED copies only own fields to Catch nodes.
 */
export class VirusTotalError extends Error {
  /** The name of the class, as it begins a stack. */
  override readonly name = 'VirusTotalError';
  /** What kind of failure it is. */
  readonly code: ErrorCode;
  /** Whether the same request may succeed later without anybody doing anything. */
  readonly retryable: boolean;
  // Declared only: an own field that is undefined would show in Catch nodes and logs.
  /** The HTTP status, when there was an answer. */
  declare readonly status?: number;
  /** Milliseconds to wait before asking again, when the answer said so. */
  declare readonly retryAfterMs?: number;
  /** What the code alone does not tell. */
  declare readonly reason?: ErrorReason;
  /** Something that was to be sent once may have arrived at VirusTotal, although it was not confirmed. */
  declare readonly mayHaveArrived?: boolean;
  /** The analysis at VirusTotal whose end was not seen. */
  declare readonly analysisId?: string;

  /** Makes an error. Its message is one line; invisible characters in it are spelled out. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(oneLine(message));
    this.code = code;
    this.retryable = details.retryable ?? false;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.reason !== undefined) this.reason = details.reason;
    if (details.mayHaveArrived === true) this.mayHaveArrived = true;
    if (details.analysisId !== undefined) this.analysisId = details.analysisId;
  }

  /** Without the class: Node-RED writes this to `msg.error.message`, and of it the debug sidebar shows the beginning. */
  override toString(): string {
    return this.message;
  }
}

/**
 * What must not stand in a line that a person reads in a log, a status or the sidebar: control characters (C0, DEL, C1: terminals obey
 * them), line and paragraph separators, bidirectional controls (they show text in another order than it is), zero-width and other
 * characters that show nothing, and halves of surrogate pairs.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Blanks and what breaks a line. */
const GAP = /[\s\u0085]+/gu;

/** Most texts: nothing in them is to be cleaned, so one look is enough. */
const PLAIN = /^[ -~]*$/;

/** Longest text of an error, in characters. */
export const LONGEST_TEXT = 2_000;

/**
 * A text from outside, fit for an error, log, status or reason: one line, nothing in it that isn't seen, not long. A line break or
 * tab becomes one blank, with the blanks around it. What isn't seen is spelled out (`\u202e`) rather than dropped, as it may be what is
 * wrong with the text, and as what it divided must not join.
 *
 * @param most characters of the text; what is cut off shows as `…`
 */
export function oneLine(text: string, most = LONGEST_TEXT): string {
  if (text.length <= most && PLAIN.test(text)) return text.trim();
  const line = spelledOut(
    start(text, 4 * most)
      .replace(GAP, (gap) => (/^ +$/.test(gap) ? gap : ' '))
      .trim(),
  );
  const cut = start(line, most);
  return cut.length < line.length || text.length > 4 * most ? `${cut}…` : line;
}

/**
 * A value from outside, as an error or a reason quotes it: text as JSON, on one line and at most about 80 characters of it; a number as it
 * is. Never throws, and looks into no object.
 */
export function quote(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return spelledOut(JSON.stringify(value.length > 80 ? `${start(value, 77)}...` : value));
    case 'undefined':
      return 'nothing';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return oneLine(String(value), 80);
  }
}

/** The beginning of a text, not in the middle of a surrogate pair. */
function start(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

function spelledOut(text: string): string {
  return text.replace(UNSEEN, (unseen) =>
    Array.from({ length: unseen.length }, (_, i) => `\\u${hex(unseen.charCodeAt(i))}`).join(''),
  );
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
