import type { SummaryContent } from '../content';
import { fitted } from '../fit';
import { escapeAngles, escapeHtml, MARKS, markedUp, type Markup } from '../markup';
import {
  BETWEEN,
  countsText,
  detailsOf,
  kindText,
  moreText,
  skippedHeading,
  skippedValues,
} from '../phrases';

/** The longest message, in characters. Telegram counts without the markup; a text that is shorter with it holds in any case. */
const LONGEST = 4_096;
/** Of more formatted parts than these Telegram drops the formatting, and code would be text again. */
const MOST_ENTITIES = 100;

const code = (text: string): string => `<code>${escapeAngles(text)}</code>`;
const MARKUP: Markup = { plain: escapeAngles, code };
const write = (text: string): string => markedUp(text, MARKUP);

/**
 * The text of a message with `parse_mode: "HTML"`. Text from outside is words only, or code: in code Telegram looks for no address,
 * no mention, no hashtag and no command.
 */
export function telegramForm(content: SummaryContent): string {
  return fitted(
    content,
    telegram,
    (text) => text.length <= LONGEST && text.split('</').length <= MOST_ENTITIES + 1,
  );
}

function telegram(content: SummaryContent): string {
  const { title, verdict, language, rows, incomplete, skipped, advice } = content;
  const { words } = language;
  const head = [
    `${MARKS[verdict]} <b>VirusTotal: ${words.verdict[verdict]}</b>`,
    write(title),
    countsText(content),
    incomplete && `<b>${incomplete}</b>`,
  ];
  const list = rows.map((row) => {
    const named = `${words.verdict[row.verdict]} ${row.ratio}`.trimEnd();
    const linked = row.link ? `<a href="${escapeHtml(row.link)}">${named}</a>` : named;
    const indicator = [kindText(row, language), row.value && code(row.value)].filter(Boolean).join(' ');
    const first = [`${MARKS[row.verdict]} ${linked}`, indicator].filter(Boolean).join(BETWEEN);
    return [first, detailsOf(row, language, write).join(BETWEEN)].filter(Boolean).join('\n');
  });
  const groups = skipped.map((group) => `• ${write(group.reason)}: ${skippedValues(group, language, code)}`);
  const toDo = advice.map(({ code: failure, text }) => `• ${code(failure)}: ${text}`);
  return [
    head.filter(Boolean).join('\n'),
    ...list,
    moreText(content),
    groups.length > 0 ? [`<b>${skippedHeading(content)}</b>`, ...groups].join('\n') : '',
    toDo.length > 0 ? [`<b>${words.toDo}</b>`, ...toDo].join('\n') : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}
