/** A STIX pattern that matches one observable, as `[domain-name:value = 'bad.example']`. */
export function valuePattern(type: string, value: string): string {
  return `[${type}:value = ${literal(value)}]`;
}

/** Matches a file by any of its hashes. */
export function hashPattern(hashes: Readonly<Record<string, string>>): string {
  const tests = Object.entries(hashes).map(
    // A name with a hyphen has to be quoted in a path.
    ([name, hash]) => `file:hashes.${/^\w+$/.test(name) ? name : literal(name)} = ${literal(hash)}`,
  );
  return `[${tests.join(' OR ')}]`;
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
