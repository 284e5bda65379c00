import PostalMime, { type Email } from 'postal-mime';
import { VirusTotalError } from '../errors';
import type { Mail, MailField, MailFile } from './mail';
import {
  MAX_HEADER_BYTES,
  MAX_HEADERS_BYTES,
  MAX_LEVELS,
  MAX_MAIL_BYTES,
  MAX_PARTS,
  tooLargeMail,
  tooLongHeader,
  tooManyParts,
  unreadableMail,
} from './mail-limits';
import { mailsOfMbox } from './mbox';
import { sliced, type Turn } from './sliced-parser';
import { isFolded, unfolded } from './folded-text';
import { startsLikeMail } from './starts-like-mail';
import { runtime } from '../runtime/current';
import { bytesOfText, textOf } from '../runtime/text-bytes';

/** The deepest mail in a mail that is read; a deeper one is a file. */
const MAX_MAILS_WITHIN = 8;
const LONGEST_BODY = 8 * 1024 * 1024;

/**
 * Parses a mail as it was sent (RFC 5322 and MIME), or several of them in one file (mbox).
 * @param turn asked between two pieces of work of some milliseconds
 * @throws VirusTotalError `VT_INVALID_IOC` over 48 MiB, 2,000 parts, 256 KiB in one header, 8 MiB of all headers or 64 levels of parts
 */
export async function parseMails(bytes: Uint8Array, turn: Turn): Promise<Mail[]> {
  if (bytes.length > MAX_MAIL_BYTES) throw tooLargeMail();
  const budget = new Budget();
  const mails: Mail[] = [];
  for (const mail of mailsOfMbox(withLineFeeds(bytes))) {
    if (mail === undefined) await turn();
    else mails.push(await parseMail(mail, turn, budget, 0));
  }
  return mails;
}

/** Lines that end in a carriage return alone are none to the parser. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  return bytes.includes(LINE_FEED)
    ? bytes
    : bytes.map((byte) => (byte === CARRIAGE_RETURN ? LINE_FEED : byte));
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What is left of the limits of a mail, with the mails in it. */
class Budget {
  /** With the mail itself. */
  #parts = MAX_PARTS + 1;
  #headers = MAX_HEADERS_BYTES;
  #header = 0;

  /** Another part, or another mail of several in one file. @throws VirusTotalError `VT_INVALID_IOC` */
  takePart(): void {
    if (this.#parts-- <= 0) throw tooManyParts();
  }

  /** @throws VirusTotalError `VT_INVALID_IOC` */
  takeHeader(bytes: number, isNew: boolean): void {
    this.#header = isNew ? bytes : this.#header + bytes;
    if (this.#header > MAX_HEADER_BYTES) throw tooLongHeader();
    this.#headers -= bytes;
    if (this.#headers < 0)
      throw unreadableMail(
        `has more than ${MAX_HEADERS_BYTES / 1024 / 1024} MiB in the headers of its parts`,
      );
  }
}

async function parseMail(bytes: Uint8Array, turn: Turn, budget: Budget, depth: number): Promise<Mail> {
  const { email, texts, htmls } = await parsed(bytes, turn, budget, depth);
  const attachments: (MailFile | Mail)[] = [];
  const reported: MailField[] = [];
  for (const attachment of email.attachments) {
    const { mimeType, disposition, filename } = attachment;
    const content = bytesOf(attachment.content);
    const isMail =
      /^message\/(?:rfc822|global)$/.test(mimeType) ||
      (/\.eml$/i.test(filename ?? '') && startsLikeMail(runtime.latin1Of(content.subarray(0, 65_536))));
    if (/^(?:message\/(?!rfc822|global$)|text\/rfc822-headers)/.test(mimeType)) {
      if (content.length > MAX_HEADER_BYTES) throw tooLongHeader();
      for (const field of fieldsIn(textOf(content))) reported.push(field);
    } else if (isMail && depth < MAX_MAILS_WITHIN) {
      attachments.push(await parseMail(content, turn, budget, depth + 1));
    } else if (/^text\//.test(mimeType) && disposition !== 'attachment' && filename === null) {
      const text = textOf(content);
      if (mimeType === 'text/x-amp-html') htmls.push(text);
      else texts.push(isFolded(mimeType, '') ? unfolded(text) : text);
    } else {
      attachments.push({
        ...(filename === null ? {} : { filename }),
        mimeType: mimeType || 'application/octet-stream',
        content,
        isRelated: attachment.related === true,
      });
    }
  }
  const fields = email.headers.map(({ originalKey, value }) => ({ name: originalKey, value }));
  return { fields: [...fields, ...reported], texts, htmls, attachments };
}

async function parsed(
  bytes: Uint8Array,
  turn: Turn,
  budget: Budget,
  depth: number,
): Promise<{ email: Email; texts: string[]; htmls: string[] }> {
  const parser = new PostalMime({
    // Mails within are parsed here, in slices too.
    forceRfc822Attachments: true,
    maxNestingDepth: MAX_LEVELS,
    // It counts the headers of all parts as one: the limits are kept here.
    maxHeadersSize: MAX_HEADERS_BYTES,
  });
  const bodies = sliced(parser, turn, {
    // A mail within one is a part of that already.
    part: (isWhole) => void ((isWhole && depth > 0) || budget.takePart()),
    header: (length, isNew) => budget.takeHeader(length, isNew),
  });
  try {
    const email = await parser.parse(bytes);
    const texts = bodies?.texts ?? [email.text ?? ''];
    const htmls = bodies?.htmls ?? [email.html ?? ''];
    // Parts that nothing parts, as with a boundary that is named wrongly: what can be read of them is better than nothing.
    if (![...texts, ...htmls].some((text) => text.trim() !== '') && email.attachments.length === 0)
      texts.push(bodyOf(bytes));
    return { email, texts, htmls };
  } catch (error) {
    if (error instanceof VirusTotalError) throw error;
    throw unreadableMail(`can't be parsed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What follows the header, as text. */
function bodyOf(bytes: Uint8Array): string {
  const text = textOf(bytes.subarray(0, LONGEST_BODY));
  return text.slice(/\r?\n\r?\n/.exec(text)?.index ?? 0);
}

/** What a mail server says of another mail: fields, or the header of that mail. */
function fieldsIn(text: string): MailField[] {
  return text.split(/\r?\n(?![ \t])/).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1
      ? []
      : [
          {
            name: line.slice(0, colon).trim(),
            value: line
              .slice(colon + 1)
              .replace(/\r?\n/g, '')
              .trim(),
          },
        ];
  });
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  if (typeof content === 'string') return bytesOfText(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}
