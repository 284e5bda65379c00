import type { SummaryContent } from '../content';
import { fitted, utf8Length } from '../fit';
import { escapeAngles, MARKS, markedUp, type Markup } from '../markup';
import {
  BETWEEN,
  countsText,
  detailsOf,
  kindText,
  moreText,
  skippedHeading,
  skippedValues,
} from '../phrases';
import type { SummaryRow } from '../row';

/** A message of Slack, for an incoming webhook or `chat.postMessage`. */
export interface SlackMessage {
  /** For notifications, and clients that show no blocks. */
  text: string;
  /** What the message shows. */
  blocks: SlackBlock[];
}

/** A block of Slack's Block Kit. */
export type SlackBlock =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: boolean } }
  | { type: 'section'; text: { type: 'mrkdwn'; text: string; verbatim: true } }
  | { type: 'divider' };

const MOST_BLOCKS = 50;
/** Of a text, in characters. */
const LONGEST_TEXT = 3_000;
/** Of all blocks, in bytes of JSON: Slack answers `msg_blocks_too_long` above 13,200 characters or so. */
const LONGEST_MESSAGE = 13_000;

/** No `@` is left to begin a mention: what the caller sends along may turn on the search for names. */
function escape(text: string): string {
  return escapeAngles(text).replaceAll('@', '[@]');
}

/** In mrkdwn nothing can stand for a backtick. */
const code = (text: string): string => `\`${escape(text.replaceAll('`', "'"))}\``;
const MARKUP: Markup = { plain: escape, code };
const write = (text: string): string => markedUp(text, MARKUP);

/** A message with blocks. Text from outside is words only, or code, and nothing is searched for addresses and names (`verbatim`). */
export function slackForm(content: SummaryContent): SlackMessage {
  return fitted(content, slack, fits);
}

function fits(message: SlackMessage): boolean {
  const texts = message.blocks.map((block) => (block.type === 'divider' ? '' : block.text.text));
  return (
    message.blocks.length <= MOST_BLOCKS &&
    [...texts, message.text].every((text) => text.length <= LONGEST_TEXT) &&
    utf8Length(JSON.stringify(message)) <= LONGEST_MESSAGE
  );
}

function slack(content: SummaryContent): SlackMessage {
  const { title, verdict, language, rows, incomplete, skipped, advice } = content;
  const { words } = language;
  const whole = `VirusTotal: ${words.verdict[verdict]}`;
  const groups = skipped.map((group) => `• ${write(group.reason)}: ${skippedValues(group, language, code)}`);
  const toDo = advice.map(({ code: failure, text }) => `• ${code(failure)}: ${text}`);
  const sections = [
    [write(title), countsText(content), incomplete && `*${incomplete}*`].filter(Boolean).join('\n'),
    ...rows.map((row) => rowText(row, content)),
    moreText(content),
    groups.length > 0 ? [`*${skippedHeading(content)}*`, ...groups].join('\n') : '',
    toDo.length > 0 ? [`*${words.toDo}*`, ...toDo].join('\n') : '',
  ];
  return {
    text: [whole, write(title), countsText(content)].filter(Boolean).join(BETWEEN),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: `${MARKS[verdict]} ${whole}`, emoji: true } },
      ...sections.filter(Boolean).map(section),
    ],
  };
}

function section(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function rowText(row: SummaryRow, { language }: SummaryContent): string {
  const { words } = language;
  const named = `${MARKS[row.verdict]} *${words.verdict[row.verdict]}* ${row.ratio}`.trimEnd();
  const indicator = [kindText(row, language), row.value && code(row.value)].filter(Boolean).join(' ');
  const link = row.link && `<${escapeAngles(row.link)}|${words.report}>`;
  return [
    [named, indicator].filter(Boolean).join(BETWEEN),
    [...detailsOf(row, language, write), link].filter(Boolean).join(BETWEEN),
  ]
    .filter(Boolean)
    .join('\n');
}
