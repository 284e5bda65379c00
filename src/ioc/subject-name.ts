import { codeAt } from './char-class';

const EQUALS = 0x3d;
const SPACE = 0x20;
const COMMON_NAME = /(?:^|[\s,;/"'(])CN ?= ?$/;

/** Whether a dotted name in small letters is the common name of a certificate: `CN=panel.date, O=x`. `CN=J.Doe` is a person. */
export function isCommonName(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1);
  if (before !== EQUALS && (before !== SPACE || codeAt(text, start - 2) !== EQUALS)) return false;
  return COMMON_NAME.test(text.slice(Math.max(0, start - 6), start)) && !/[A-Z]/.test(text.slice(start, end));
}
