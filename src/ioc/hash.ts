/** Whether a run of hex digits of this length is a file hash that VirusTotal knows files by: MD5, SHA-1, SHA-256. */
export function isHashLength(length: number): boolean {
  return length === 32 || length === 40 || length === 64;
}

/** The hash in lower case, or undefined when the text is no MD5, SHA-1 or SHA-256. */
export function canonicalHash(text: string): string | undefined {
  return isHashLength(text.length) && /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : undefined;
}
