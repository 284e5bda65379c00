/** Fields that hardly anything but a mail has. */
const OF_A_MAIL =
  /^(?:received|return-path|message-id|mime-version|delivered-to|x-originating-ip|dkim-signature|authentication-results|x-received)$/;
const BESIDE_FROM = /^(?:to|subject|date|reply-to|cc|sent)$/;
const FIELD = /([a-z][\w-]{0,75})[ \t]*:/iy;
const SEPARATOR = /From \S{1,200} .{0,60}\d\d:\d\d.*/y;
/** Cheap, and true of hardly any other text. */
const MAY_BE_HEADER = /^[\ufeff\s]{0,64}(?:From |[a-z][\w-]{0,75}[ \t]*:)/i;
const SHORTEST = 'From:a\nTo:b\n\n'.length;
/** A longer header is of no mail that anybody got. */
const LONGEST_HEADER = 262_144;

/** Whether a text is a mail as it was sent (RFC 5322): a header, an empty line, and in the header what only mails have. */
export function startsLikeMail(text: string): boolean {
  if (text.length < SHORTEST || !MAY_BE_HEADER.test(text)) return false;
  // The lines of a file of classic Mac OS end in a carriage return alone.
  if (!text.includes('\n')) {
    return text.includes('\r') && startsLikeMail(text.slice(0, LONGEST_HEADER).replaceAll('\r', '\n'));
  }
  let at = /^[\ufeff\s]{0,64}/.exec(text)?.[0].length ?? 0;
  SEPARATOR.lastIndex = at;
  if (SEPARATOR.test(text)) at = afterLine(text, at);
  let fields = 0;
  let isOfMail = false;
  let hasFrom = false;
  let isBesideFrom = false;
  const limit = Math.min(text.length, LONGEST_HEADER);
  while (at < limit) {
    const char = text[at];
    if (char === '\n' || (char === '\r' && text[at + 1] === '\n')) break;
    if ((char !== ' ' && char !== '\t') || fields === 0) {
      FIELD.lastIndex = at;
      const name = FIELD.exec(text)?.[1]?.toLowerCase();
      if (name === undefined) return false;
      fields++;
      isOfMail ||= OF_A_MAIL.test(name);
      hasFrom ||= name === 'from';
      isBesideFrom ||= BESIDE_FROM.test(name);
    }
    at = afterLine(text, at);
  }
  return at < limit && fields >= 2 && (isOfMail || (hasFrom && isBesideFrom));
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}
