/** Whether a text folds its long lines: an invitation (iCalendar) or a card (vCard), by its type or name. */
export function isFolded(mimeType: string, filename: string): boolean {
  return /^text\/(?:x-)?v?(?:calendar|card)\b/.test(mimeType) || /\.(?:ics|ical|vcs|vcf)$/i.test(filename);
}

/** The text with its lines whole again: a line of more than 75 bytes goes on after a line break and a blank (RFC 5545, RFC 6350). */
export function unfolded(text: string): string {
  return text.replace(/\r?\n[ \t]/g, '');
}
