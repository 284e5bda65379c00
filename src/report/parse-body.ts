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
  if (!hasFewBrackets(text) && isDeeper(value, MAX_NESTING))
    throw new ReportShapeError(`it is nested deeper than ${MAX_NESTING} levels`);
  return value;
}

/** Whether there are too few opening brackets for that depth, those in texts included: so it is in most reports. */
function hasFewBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++count > MAX_NESTING) return false;
  }
  return true;
}

/** Never goes deeper than `levels` itself. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value as unknown[])
      if (typeof item === 'object' && item !== null && isDeeper(item, levels - 1)) return true;
    return false;
  }
  for (const name in value) {
    const field = (value as Record<string, unknown>)[name];
    if (typeof field === 'object' && field !== null && isDeeper(field, levels - 1)) return true;
  }
  return false;
}
