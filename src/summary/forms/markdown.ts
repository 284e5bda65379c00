import type { SummaryContent } from '../content';
import { fitted } from '../fit';
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

/** The longest text of an issue or a comment at GitHub, in characters; other services take more. */
const LONGEST = 65_536;

/** A code span with a fence that the text does not have, so that it cannot end it. */
function codeSpan(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const gap = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return fence + gap + text + gap + fence;
}

const MARKUP: Markup = { plain: escapeAngles, code: codeSpan };
const write = (text: string): string => markedUp(text, MARKUP);

/** Markdown, as GitHub, GitLab and ticket systems read it. Text from outside is words only, or code. */
export function markdownForm(content: SummaryContent): string {
  return fitted(content, markdown, (text) => text.length <= LONGEST);
}

function markdown(content: SummaryContent): string {
  const { title, verdict, language, rows, incomplete, skipped, advice } = content;
  const { words } = language;
  const list = rows.map((row, index) => {
    const verdictText = `${MARKS[row.verdict]} **${words.verdict[row.verdict]}** ${row.ratio}`.trimEnd();
    const indicator = [kindText(row, language), row.value && codeSpan(row.value)].filter(Boolean).join(' ');
    const link = row.link && `[${words.report}](${row.link})`;
    const start = `${index + 1}. `;
    const lines = [
      [verdictText, indicator, link].filter(Boolean).join(BETWEEN),
      detailsOf(row, language, write).join(BETWEEN),
    ];
    // Two blanks at the end break the line; the second line stands below the text of the first.
    return start + lines.filter(Boolean).join(`  \n${' '.repeat(start.length)}`);
  });
  const groups = skipped.map(
    (group) => `- ${write(group.reason)}: ${skippedValues(group, language, codeSpan)}`,
  );
  const toDo = advice.map(({ code, text }) => `- ${codeSpan(code)}: ${text}`);
  return [
    `## ${MARKS[verdict]} VirusTotal: ${words.verdict[verdict]}`,
    write(title),
    countsText(content),
    incomplete && `**${incomplete}**`,
    list.join('\n'),
    moreText(content),
    groups.length > 0 ? `**${skippedHeading(content)}**\n\n${groups.join('\n')}` : '',
    toDo.length > 0 ? `**${words.toDo}**\n\n${toDo.join('\n')}` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}
