import { ReportShapeError } from './narrow';

/** Levels of objects and arrays in each other. Recorded answers have 12 at most. */
export const MAX_NESTING = 200;

/**
 * A body as JSON. What is nested deeper than 200 levels is refused here, before anything that reads, copies or serializes it by
 * recursion can run out of stack: our own code, Node-RED's clone of a message, and whatever a flow does with it.
 *
 * @throws SyntaxError for what is no JSON; ReportShapeError for what is nested too deep
 */
export function parseBody(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  if (mayNest(text, MAX_NESTING) && isNested(value, MAX_NESTING))
    throw new ReportShapeError(`it is nested deeper than ${MAX_NESTING} levels`);
  return value;
}

/**
 * Whether a text has brackets enough for more levels: the deepest place has an opening one for each before it, and a closing one after
 * it. Those in strings count too. Nearly every report is cleared by this, which takes less time than to look at its objects.
 */
function mayNest(text: string, levels: number): boolean {
  const opened = indexOfNth(text, ['{', '['], levels + 1, 0);
  return opened >= 0 && indexOfNth(text, ['}', ']'], levels + 1, opened) >= 0;
}

/** Where the `count`th of two signs stands from a position on; -1 where there are fewer. */
function indexOfNth(
  text: string,
  [one, other]: readonly [string, string],
  count: number,
  from: number,
): number {
  let nextOne = text.indexOf(one, from);
  let nextOther = text.indexOf(other, from);
  for (let left = count; ;) {
    const isOne = nextOther < 0 || (nextOne >= 0 && nextOne < nextOther);
    const at = isOne ? nextOne : nextOther;
    if (at < 0 || --left === 0) return at;
    if (isOne) nextOne = text.indexOf(one, at + 1);
    else nextOther = text.indexOf(other, at + 1);
  }
}

/** Whether a value has more levels of objects and arrays than these. Never goes deeper itself. */
function isNested(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value as unknown[])
      if (typeof item === 'object' && item !== null && isNested(item, levels - 1)) return true;
    return false;
  }
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    if (typeof field === 'object' && field !== null && isNested(field, levels - 1)) return true;
  }
  return false;
}
