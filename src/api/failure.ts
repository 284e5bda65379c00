import type { ErrorCode, ErrorDetails } from './errors';

/** What becomes a VirusTotalError once the secrets are taken out of the message. */
export interface Failure extends ErrorDetails {
  code: ErrorCode;
  message: string;
}

const MAX_QUOTE = 200;

/** A foreign text, fit to be quoted in a message: one line, not long. */
export function quoted(text: string): string {
  const line = text
    .slice(0, 4 * MAX_QUOTE)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}…` : line;
}
