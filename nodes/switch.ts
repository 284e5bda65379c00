import { quote, VirusTotalError } from '../src/errors';

const WORDS: Record<string, boolean> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/**
 * A switch of a node. A dialog stores it as true or false; a `${VAR}` in the flow file arrives as the text of the environment
 * variable, and as `${VAR}` itself where that is not set. What is absent, null or "" has its default.
 * @throws VirusTotalError `VT_CONFIG` for what is neither yes nor no, by the name of the switch
 */
export function switchOf(name: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined || value === null || value === '') return byDefault;
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  const word = (text ?? '').trim();
  const meant = new Map(Object.entries(WORDS)).get(word.toLowerCase());
  if (meant !== undefined) return meant;
  const variable = /^\$[{(]([^})]*)[})]$/.exec(word)?.[1];
  if (variable !== undefined)
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not set: ${name} comes from the environment variable ${variable}, which is not set`,
    );
  throw new VirusTotalError(
    'VT_CONFIG',
    `Not valid: ${name} is ${quote(value)} (${typeof value}); it must be true or false, yes or no, on or off, 1 or 0`,
  );
}
