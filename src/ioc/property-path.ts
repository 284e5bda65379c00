/** Where in a value something stands: a key, and the place of the object or array that has it. */
export interface PropertyPath {
  readonly key: string | number;
  readonly parent: PropertyPath | undefined;
  /** What the value is called by its neighbor, as in `{type: 'imphash', value: '...'}`. */
  readonly label?: string;
  /** The object that has the key; absent for an element of a list. */
  readonly object?: object;
}

/** A key without its middle where it is longer than any name: of one of megabytes each finding below it would make a copy. */
export function shortKey(key: string): string {
  if (key.length <= LONGEST_KEY) return key;
  return `${key.slice(0, LONGEST_KEY / 2)}…${key.length}…${key.slice(-LONGEST_KEY / 2)}`;
}

/** The value that stands there, if it is known what has it. */
export function valueAt({ key, object }: PropertyPath): unknown {
  try {
    return object === undefined ? undefined : (object as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** A longer key is cut where it is shown, in characters: thousands of findings may stand below one of megabytes. */
const LONGEST_KEY = 256;

/** The place as a person writes it: `payload.ioc.url`, `list[2]`, `headers["x-from"]`; empty for the value itself. */
export function formatPath(path: PropertyPath | undefined): string {
  if (path === undefined) return '';
  const parts: string[] = [];
  for (let at: PropertyPath | undefined = path; at !== undefined; at = at.parent) {
    if (typeof at.key === 'number') parts.push(`[${at.key}]`);
    else if (at.key.length > LONGEST_KEY)
      parts.push(`[${JSON.stringify(`${at.key.slice(0, LONGEST_KEY)}…`)}]`);
    else if (ASCII_NAME.test(at.key) || NAME.test(at.key))
      parts.push(at.parent === undefined ? at.key : `.${at.key}`);
    else parts.push(`[${JSON.stringify(at.key)}]`);
  }
  return parts.reverse().join('');
}

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
/** Nearly all, and much quicker to tell. */
const ASCII_NAME = /^[A-Za-z_$][\w$]*$/;

/** The place whose key names a value: its own, or for an element of a list that of the list. */
export function namedAncestor(path: PropertyPath | undefined): PropertyPath | undefined {
  let at = path;
  while (at !== undefined && typeof at.key === 'number') at = at.parent;
  return at;
}

/** The name that a value at this place goes by; none where that is longer than any name. */
export function nameOf(path: PropertyPath | undefined): string | undefined {
  const named = namedAncestor(path);
  const name = named?.label ?? named?.key;
  return typeof name === 'string' && name.length <= LONGEST_KEY ? name : undefined;
}
