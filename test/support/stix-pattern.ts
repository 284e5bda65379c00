/**
 * Whether a text is a STIX pattern of one observation: comparisons of a property with a string, joined by AND or OR, by the grammar
 * of STIX 2.1, section 9. That is all that an indicator of one observable needs; whatever else the grammar knows is refused here.
 */
export function isStixPattern(text: string): boolean {
  const string = String.raw`'(?:[^'\\]|\\'|\\\\)*'`;
  const step = String.raw`(?:[A-Za-z_]\w*|${string})`;
  const path = String.raw`[A-Za-z_][\w-]*:${step}(?:\.${step})*`;
  const test = String.raw`${path}\s*(?:=|!=)\s*${string}`;
  return new RegExp(String.raw`^\[${test}(?:\s+(?:AND|OR)\s+${test})*\]$`).test(text);
}
