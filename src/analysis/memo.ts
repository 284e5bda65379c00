/** More texts than engines and their names for threats take in a day's reports; a longer text is no such name. */
const MOST_TEXTS = 2000;
const LONGEST_TEXT = 100;

/**
 * Remembers what a function of a text gives: reports name the same hundred engines and the same threats again and again. Its memory is
 * bounded whatever a report holds: a long text isn't remembered, and a full table begins again.
 */
export function memoized<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined || text.length > LONGEST_TEXT) return found ?? compute(text);
    if (known.size >= MOST_TEXTS) known.clear();
    const value = compute(text);
    known.set(text, value);
    return value;
  };
}
