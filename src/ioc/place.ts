/** Where in a value something stands: a key, and the place of the object or array that has it. */
export interface Place {
  readonly key: string | number;
  readonly parent: Place | undefined;
  /** What the value is called by its neighbour, as in `{type: 'imphash', value: '...'}`. */
  readonly label?: string;
}

/** The place as a person writes it: `payload.ioc.url`, `list[2]`, `headers["x-from"]`; empty for the value itself. */
export function formatPlace(place: Place | undefined): string {
  if (place === undefined) return '';
  const parts: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    if (typeof at.key === 'number') parts.push(`[${at.key}]`);
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
export function placeOfName(place: Place | undefined): Place | undefined {
  let at = place;
  while (at !== undefined && typeof at.key === 'number') at = at.parent;
  return at;
}

/** The name that a value at this place goes by. */
export function nameOfPlace(place: Place | undefined): string | undefined {
  const named = placeOfName(place);
  if (named?.label !== undefined) return named.label;
  const key = named?.key;
  return typeof key === 'string' ? key : undefined;
}
