import type { ErrorCode, ErrorDetails } from './errors';

/** What becomes a VirusTotalError once the secrets are taken out of the message. */
export interface Failure extends ErrorDetails {
  code: ErrorCode;
  message: string;
}

const MAX_QUOTE = 200;

export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/**
 * A foreign text, fit to be quoted in a message: one line, not long. Only for text without secrets: what is cut off may
 * be the half of one by which it would be known.
 */
export function quoted(text: string): string {
  const line = oneLine(text.slice(0, 4 * MAX_QUOTE));
  return line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}…` : line;
}
