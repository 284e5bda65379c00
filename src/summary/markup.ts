import type { Verdict } from '../analysis/verdict';

/** How a form with markup writes text from outside. */
export interface Markup {
  /** Ordinary text. */
  readonly plain: (text: string) => string;
  /** Text in which the service looks for nothing: no link, no mention, no emphasis. */
  readonly code: (text: string) => string;
}

/**
 * Words in which no service looks for anything: no address, no mention, hashtag or command, no emphasis, no beginning of a list or a
 * quotation.
 */
const WORDS_ONLY = /^(?:\p{L}|\p{N}+(?![.)\p{N}]))(?:[\p{L}\p{M}\p{N} ,;%()'’–-]|[.:](?=\s|$))*$/u;

/** Text from outside, as text where it is words only, else as code. '' stays ''. */
export function markedUp(text: string, { plain, code }: Markup): string {
  if (text === '') return '';
  return WORDS_ONLY.test(text) ? plain(text) : code(text);
}

/** What stands before a verdict in chat, to be seen at a glance; the word beside it says it to all others. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  malicious: '🔴',
  error: '🟠',
  'no-match': '⚪',
  trusted: '🟢',
  missing: '⚫',
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For HTML, between tags and in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
}

/** For Slack's mrkdwn, and Telegram's HTML between tags: these three, and no others, are entities there. */
export function escapeAngles(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ENTITIES[sign] as string);
}
