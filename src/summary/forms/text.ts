import type { SummaryContent } from '../content';
import {
  BETWEEN,
  countsText,
  detailsOf,
  kindText,
  moreText,
  skippedHeading,
  skippedValues,
} from '../phrases';

/** Plain text, as for a ticket. */
export function textForm(content: SummaryContent): string {
  const { title, verdict, language, rows, incomplete, skipped, advice } = content;
  const { words, number } = language;
  const head = [title, `VirusTotal: ${words.verdict[verdict]}`, countsText(content), incomplete];
  const list = rows.map((row, index) => {
    const indicator = [kindText(row, language), row.value].filter(Boolean).join(' ');
    const first = [`${words.verdict[row.verdict]} ${row.ratio}`.trimEnd(), indicator]
      .filter(Boolean)
      .join(BETWEEN);
    const lines = [`${number(index + 1)}. ${first}`, detailsOf(row, language).join(BETWEEN), row.link];
    return lines.filter(Boolean).join('\n   ');
  });
  const groups = skipped.map((group) => `- ${group.reason}: ${skippedValues(group, language)}`);
  const toDo = advice.map(({ code, text }) => `- ${code}: ${text}`);
  return [
    head.filter(Boolean).join('\n'),
    [...list, moreText(content)].filter(Boolean).join('\n'),
    groups.length > 0 ? [`${skippedHeading(content)}`, ...groups].join('\n') : '',
    toDo.length > 0 ? [words.toDo, ...toDo].join('\n') : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}
