import type { SummaryContent } from './content';

/** Up to this number of rows, rows matter more than a full list of skipped indicators. */
const ENOUGH_ROWS = 5;

/**
 * A form with as many rows as its service takes: what has no place is counted with those that have no row. Cut are whole rows from the
 * end, then what stands below them; never a text, as half an entity or half a character would be left.
 */
export function fitted<T>(
  content: SummaryContent,
  build: (content: SummaryContent) => T,
  fits: (built: T) => boolean,
): T {
  const whole = build(content);
  if (fits(whole)) return whole;
  const { rows, skipped, advice } = content;
  const enough = Math.min(ENOUGH_ROWS, rows.length);
  const tails = [
    content,
    { ...content, skipped: skipped.slice(0, 1), advice: advice.slice(0, 1) },
    { ...content, skipped: [], advice: [] },
  ];
  let best: { built: T; count: number } | undefined;
  for (const tail of tails) {
    const most = mostRows(tail, build, fits);
    if (most && (!best || most.count > best.count)) best = most;
    if (best && best.count >= enough) break;
  }
  return best?.built ?? build(withRows({ ...content, skipped: [], advice: [], title: '' }, 0));
}

/** By halving: a form with a row less is never larger. Undefined when not one row fits. */
function mostRows<T>(
  content: SummaryContent,
  build: (content: SummaryContent) => T,
  fits: (built: T) => boolean,
): { built: T; count: number } | undefined {
  let found: { built: T; count: number } | undefined;
  let [low, high] = [1, content.rows.length];
  while (low <= high) {
    const count = (low + high) >> 1;
    const built = build(withRows(content, count));
    if (fits(built)) {
      found = { built, count };
      low = count + 1;
    } else high = count - 1;
  }
  return found;
}

function withRows(content: SummaryContent, count: number): SummaryContent {
  const rows = content.rows.slice(0, count);
  return { ...content, rows, more: content.more + content.rows.length - rows.length };
}

/** The length of a text in UTF-8, as services count a request. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) bytes += 1;
    // Each half of a surrogate pair: four bytes for both.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
}
