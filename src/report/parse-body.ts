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
  const most = openingBrackets(text);
  if (most > MAX_NESTING && new Depth(most).isOver(value, MAX_NESTING))
    throw new ReportShapeError(`it is nested deeper than ${MAX_NESTING} levels`);
  return value;
}

/** Those in texts included. Most reports have too few of them for that depth; where there are very many, their number says nothing. */
function openingBrackets(text: string): number {
  let count = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++count > 3 * MAX_NESTING) return Infinity;
  return count;
}

/** Looks only as long as there are brackets enough left for the depth that is looked for. */
class Depth {
  constructor(private left: number) {}

  /** Never goes deeper than `levels` itself. */
  isOver(value: unknown, levels: number): boolean {
    if (typeof value !== 'object' || value === null || this.left-- <= levels) return false;
    if (levels === 0) return true;
    if (Array.isArray(value)) {
      for (const item of value as unknown[])
        if (typeof item === 'object' && item !== null && this.isOver(item, levels - 1)) return true;
      return false;
    }
    for (const name in value) {
      const field = (value as Record<string, unknown>)[name];
      if (typeof field === 'object' && field !== null && this.isOver(field, levels - 1)) return true;
    }
    return false;
  }
}
