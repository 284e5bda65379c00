const STOP = /[\s"<>`|\\\u3000-\u3003\u3008-\u3011\u300c-\u300f\uff08\uff09\uff0c\uff1a\uff1b“”„«»‹›]/;
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Where a URL that begins at `start` ends as its reader sees it, given that its path begins at `from`: at white space,
 * quotes and the like, without the punctuation of the sentence it stands in, and with a closing bracket only if it
 * opened one.
 */
export function urlEnd(text: string, start: number, from: number): number {
  const open: Record<string, number> = { '(': 0, '[': 0, '{': 0 };
  const quote = text[start - 1] === "'" ? "'" : undefined;
  const field = text[start - 1];
  let end = from;
  for (; end < text.length; end++) {
    const char = text[end] ?? '';
    if (STOP.test(char) || char === quote) break;
    if (char === '(' || char === '[' || char === '{') open[char] = (open[char] ?? 0) + 1;
    const opening = OPENING[char];
    if (opening !== undefined) {
      const count = open[opening] ?? 0;
      if (count === 0) break;
      open[opening] = count - 1;
    }
    if (
      (char === ',' || char === ';') &&
      (field === char || /^(?:\s|$|h[tx]{2}ps?:)/i.test(text.slice(end + 1, end + 8)))
    )
      break;
  }
  while (end > from && /[.,;:!?'*~…]/.test(text[end - 1] ?? '')) end--;
  return end;
}
