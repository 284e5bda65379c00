import type { Verdict } from '../../analysis/verdict';
import type { SummaryContent } from '../content';
import { fitted, utf8Length } from '../fit';
import { MARKS } from '../markup';
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

/** A message of Teams, for an incoming webhook or a workflow that waits for one. */
export interface TeamsMessage {
  type: 'message';
  attachments: [
    { contentType: 'application/vnd.microsoft.card.adaptive'; contentUrl: null; content: AdaptiveCard },
  ];
}

/** An Adaptive Card. */
export interface AdaptiveCard {
  type: 'AdaptiveCard';
  $schema: string;
  version: '1.5';
  lang: string;
  /** For clients that cannot show the card. */
  fallbackText: string;
  body: CardElement[];
}

/** An element of an Adaptive Card. */
export type CardElement =
  | { type: 'RichTextBlock'; inlines: TextRun[]; separator?: true; spacing?: 'none' | 'small' | 'medium' }
  | { type: 'TextBlock'; text: string; wrap: true; fontType: 'monospace'; spacing: 'none' }
  | {
      type: 'Container';
      style: 'attention' | 'warning' | 'good' | 'emphasis';
      bleed: true;
      items: CardElement[];
    };

/** A piece of text. It is not read as Markdown. */
export interface TextRun {
  type: 'TextRun';
  text: string;
  size?: 'large';
  weight?: 'bolder';
  fontType?: 'monospace';
  isSubtle?: true;
  color?: 'attention' | 'warning' | 'good';
  selectAction?: { type: 'Action.OpenUrl'; url: string };
}

/** Teams takes 28 kB; what wraps the message on its way has a place too. */
const LARGEST = 27_500;

const STYLES = {
  malicious: 'attention',
  error: 'warning',
  'no-match': 'emphasis',
  trusted: 'good',
  missing: 'emphasis',
} as const satisfies Record<Verdict, string>;

const COLORS: Readonly<Record<Verdict, TextRun['color'] | undefined>> = {
  malicious: 'attention',
  error: 'warning',
  'no-match': undefined,
  trusted: 'good',
  missing: undefined,
};

/**
 * A message with an Adaptive Card 1.5. Text from outside stands in runs, which are not Markdown, but for indicators without
 * any sign of it; where a text has what a client or a
 * template would replace (`{{DATE(...)}}`, `${...}`, `@{...}`), it is in two runs, so that neither has it.
 */
export function teamsForm(content: SummaryContent): TeamsMessage {
  return fitted(content, message, (built) => utf8Length(JSON.stringify(built)) <= LARGEST);
}

function message(content: SummaryContent): TeamsMessage {
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card(content) },
    ],
  };
}

function card(content: SummaryContent): AdaptiveCard {
  const { title, verdict, language, rows, incomplete, skipped, advice } = content;
  const { words } = language;
  const whole = `VirusTotal: ${words.verdict[verdict]}`;
  const head = [
    block(runs(`${MARKS[verdict]} ${whole}`, { size: 'large', weight: 'bolder' })),
    ...(title ? [block(runs(title, { weight: 'bolder' }), 'small')] : []),
    block(runs(countsText(content)), 'small'),
    ...(incomplete ? [block(runs(incomplete, { weight: 'bolder' }), 'small')] : []),
  ];
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    lang: language.tag,
    fallbackText: `${whole}${BETWEEN}${countsText(content)}`,
    body: [
      { type: 'Container', style: STYLES[verdict], bleed: true, items: head },
      ...rows.flatMap((row) => rowBlocks(row, content)),
      ...lines([moreText(content)]),
      ...section(
        skipped.length > 0 ? skippedHeading(content) : '',
        skipped.map((group) => `${group.reason}: ${skippedValues(group, language)}`),
      ),
      ...section(
        advice.length > 0 ? words.toDo : '',
        advice.map(({ code, text }) => `${code}: ${text}`),
      ),
    ],
  };
}

function rowBlocks(row: SummaryRow, { language }: SummaryContent): CardElement[] {
  const { words } = language;
  const color = COLORS[row.verdict];
  const verdict = [`${words.verdict[row.verdict]} ${row.ratio}`.trimEnd(), kindText(row, language)];
  const details = detailsOf(row, language).join(BETWEEN);
  const open: TextRun[] = row.link
    ? runs(words.report, { selectAction: { type: 'Action.OpenUrl', url: row.link } })
    : [];
  const below = details ? runs(details + (row.link ? BETWEEN : ''), { isSubtle: true }) : [];
  return [
    {
      ...block(
        runs(verdict.filter(Boolean).join(BETWEEN), { weight: 'bolder', ...(color && { color }) }),
        'medium',
      ),
      separator: true,
    } as CardElement,
    ...(row.value ? [indicatorBlock(row.value)] : []),
    ...(below.length + open.length > 0 ? [block([...below, ...open], 'none')] : []),
  ];
}

/** Text that Markdown has nothing to say to, and no client either. */
const NO_MARKUP = /^[A-Za-z0-9](?:[A-Za-z0-9.[\]:/?=%,;+-]|&(?!#?\w+;))*$/;

/** A block of text breaks a long indicator where the card ends, and runs don't; but it is read as Markdown. */
function indicatorBlock(value: string): CardElement {
  return NO_MARKUP.test(value)
    ? { type: 'TextBlock', text: value, wrap: true, fontType: 'monospace', spacing: 'none' }
    : block(runs(value, { fontType: 'monospace' }), 'none');
}

function section(heading: string, texts: readonly string[]): CardElement[] {
  return heading === ''
    ? []
    : [
        { ...block(runs(heading, { weight: 'bolder' }), 'medium'), separator: true } as CardElement,
        ...lines(texts),
      ];
}

function lines(texts: readonly string[]): CardElement[] {
  return texts.filter(Boolean).map((text) => block(runs(text), 'small'));
}

function block(inlines: TextRun[], spacing?: 'none' | 'small' | 'medium'): CardElement {
  return { type: 'RichTextBlock', inlines, ...(spacing && { spacing }) };
}

/** A text as runs, divided before each brace that begins an expression. */
function runs(text: string, look: Omit<TextRun, 'type' | 'text'> = {}): TextRun[] {
  return text.split(/(?<=[{$@])(?=\{)/).map((part) => ({ type: 'TextRun', text: part, ...look }));
}
