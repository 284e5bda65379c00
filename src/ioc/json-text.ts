/** Text whose lines may each be JSON: see {@link readJsonLine}. */
export class JsonLines {
  constructor(readonly text: string) {}
}

/** Whether to read it as JSON is worth a try. For texts that are too long to do so in one go. */
export function mayBeJson(text: string): boolean {
  return BEGINS.test(text) && endsAsJson(text);
}

/** The lines of a text that begins with a line of JSON; undefined for any other text, and where the first line is longer than `longest`. */
export function readJsonLines(text: string, longest: number): JsonLines | undefined {
  const end = text.indexOf('\n');
  return end <= longest && BEGINS.test(text) ? parseLines(text) : undefined;
}

/**
 * Whether a text looks more like lines of JSON than like JSON as a whole: one line, and another one that begins alike. To parse
 * them as one would only fail.
 */
export function looksLikeLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 2 || text.charAt(end + 1) !== '{' || text.charAt(0) !== '{') return false;
  return (
    text.charAt(end - 1) === '}' || (text.charAt(end - 1) === '\r' && end > 2 && text.charAt(end - 2) === '}')
  );
}

/**
 * What a text holds that is JSON as a whole, or JSON lines as Suricata and Zeek write them; undefined for any other text.
 */
export function readJsonText(text: string): object | undefined {
  const first = text.charAt(0);
  if (first > '@' && first !== '{' && first !== '[') return undefined;
  if (!BEGINS.test(text)) return undefined;
  return looksLikeLines(text) ? (parseLines(text) ?? parse(text)) : (parse(text) ?? parseLines(text));
}

// An error of JSON.parse is dear, and most texts that begin with a bracket are no JSON: "[ERROR] ...".
const BEGINS = /^\s*(?:\{\s*["}]|\[\s*["{[\]\dtfn-])/;
const ENDS = /[}\]]\s*$/;

function endsAsJson(text: string): boolean {
  const last = text.charAt(text.length - 1);
  return last === '}' || last === ']' || (last.trim() === '' && ENDS.test(text.slice(-64)));
}

function parse(text: string): object | undefined {
  if (!endsAsJson(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function parseLines(text: string): JsonLines | undefined {
  const end = text.indexOf('\n');
  return end < 0 || parse(text.slice(0, end)) === undefined ? undefined : new JsonLines(text);
}

/** What one of JSON lines holds; a line that is no JSON stays text. */
export function readJsonLine(line: string): object | string {
  return BEGINS.test(line) ? (parse(line) ?? line) : line;
}
