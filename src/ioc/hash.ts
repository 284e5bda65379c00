const KIND_OF_LENGTH = new Map([
  [32, 'MD5'],
  [40, 'SHA-1'],
  [64, 'SHA-256'],
]);

/** Whether a run of hex digits of this length is a file hash that VirusTotal knows files by. */
export function isHashLength(length: number): boolean {
  return KIND_OF_LENGTH.has(length);
}

/** The hash in lower case, or undefined when the text is no MD5, SHA-1 or SHA-256. */
export function canonicalHash(text: string): string | undefined {
  return isHashLength(text.length) && /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : undefined;
}
