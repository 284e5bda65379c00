import { Char, classAt, codeAt } from './char-class';
import { isIdByPlace } from './id-place';

const SPACE = 0x20;
const COLON = 0x3a;
const HASH = 0x23;
const AT = 0x40;
const LOW_LINE = 0x5f;
const DOT = 0x2e;
const GIT = 40;
const NTLM = 32;

/** Whether what stands around hex digits of a hash's length makes them the hash of something else than a file. */
export function isNonFileHash(text: string, start: number, end: number): boolean {
  const before = codeAt(text, start - 1);
  const after = codeAt(text, end);
  // A message's id: "<f65f...@mail.example.com>".
  if (after === AT && (classAt(text, end + 1) & Char.Label) !== 0) return true;
  if (before > SPACE && isOfBoundary(text.slice(Math.max(0, start - 80), start), before)) return true;
  if (isIdByPlace(text, start, end)) return true;
  if (end - start === NTLM) {
    return (
      (before === COLON && isPasswordHashPair(text, start - 1 - NTLM)) ||
      (after === COLON && isPasswordHashPair(text, start))
    );
  }
  return end - start === GIT && isGitId(text, start, end, before, after);
}

/** What parts of a mail are kept apart by: `boundary="b1_f65f..."`, and alone on its line `--b1_f65f...`. */
const BOUNDARY = /(?:boundary="?[^\s"]*|(?:^|\n)--b\d_)$/i;

/** Asked only where one of the two signs is that it can't do without. */
function isOfBoundary(head: string, before: number): boolean {
  return (before === LOW_LINE || head.includes('=')) && BOUNDARY.test(head);
}

const PAIR = /(?<![0-9a-f])[0-9a-f]{32}:[0-9a-f]{32}(?![0-9a-f])/iy;

/** "LM:NT", the form in which Windows stores passwords and tools dump them. These must not be sent. */
function isPasswordHashPair(text: string, start: number): boolean {
  PAIR.lastIndex = start;
  return start >= 0 && PAIR.test(text);
}

const AFTER_GIT_ID =
  /[ \t]+(?:\((?:HEAD|tag:|origin\/)|refs\/|HEAD\b|Mon Sep 17 00:00:00 2001|is the first (?:bad )?commit)/y;
const BEFORE_GIT_ID =
  /(?:(?:^|\n)(?:parent|object|from)|checked out|head is now at|detached (?:at|from)|reset to|cherry[- ]picked? (?:from )?|reverts|rebased? (?:on|onto)|git (?:show|log|checkout|diff|revert|reset|cherry-pick)(?: -\S+)*) ['"]?$/i;

/** Whether 40 hex digits are the id of a commit or of another object of git. */
function isGitId(text: string, start: number, end: number, before: number, after: number): boolean {
  // "actions/checkout@8e5e...", "owner/project#8e5e..."
  if (before === DOT || after === DOT) {
    // "index 8535...c2..1424..."
    if (text.startsWith('..', end) || text.startsWith('..', start - 2)) return true;
  }
  if (before === AT || before === HASH) return (classAt(text, start - 2) & Char.Label) !== 0;
  AFTER_GIT_ID.lastIndex = end;
  return AFTER_GIT_ID.test(text) || BEFORE_GIT_ID.test(text.slice(Math.max(0, start - 48), start));
}
