import { isFolded, unfolded } from '../mail/folded-text';
import { isMailFile, type Mail, type MailField, type MailFile } from '../mail/mail';
import { baseName } from './bytes-hash';
import { searchableHtml } from './mail-html';
import type { PropertyPath } from './property-path';
import { runtime } from '../runtime/current';

/** A text of a mail to search, or a file that came with it; an empty text where somebody else may have a turn. */
export type MailPiece =
  | { readonly text: string; readonly place?: PropertyPath }
  | { readonly file: HashedFile; readonly place: PropertyPath };

/** A file of a mail, by its hash. Its content is never sent. */
export interface HashedFile {
  readonly sha256: string;
  /** As the mail has it. */
  readonly name: string | undefined;
  /** Why it is not looked up, if so. */
  readonly reason?: string;
}

/** Bytes that are hashed in one go: about a millisecond. */
const SLICE = 1024 * 1024;
/** A longer file of text is hashed and not searched. */
const LONGEST_TEXT = 1024 * 1024;

/** A mail piece by piece, at its place in the value: its header, its bodies, its files and the mails in it. */
export function* mailPieces(mail: Mail, place: PropertyPath | undefined): Generator<MailPiece> {
  const at = (key: string | number, parent = place): PropertyPath => ({ key, parent });
  for (const field of mail.fields) {
    const text = searchableField(field);
    if (text !== '') yield { text, place: at(field.name.toLowerCase(), at('headers')) };
  }
  for (const text of mail.texts) yield { text, place: at('text') };
  for (const html of mail.htmls) yield* htmlPieces(html, at('html'));
  for (const [index, attachment] of mail.attachments.entries()) {
    const where = at(index, at('attachments'));
    if (isMailFile(attachment)) yield* filePieces(attachment, where);
    else yield* mailPieces(attachment, where);
  }
}

/** The readers of a mail are private, and its dates and ids are not indicators. */
const NOT_SEARCHED =
  /^(?:to|cc|bcc|delivered-to|x-original-to|envelope-to|apparently-to|x-envelope-to|x-rcpt-to|x-forwarded-to|resent-(?:to|cc|bcc)|date|message-id|in-reply-to|references|content-id|x-ms-exchange-organization-.*|thread-index)$/i;
const SENDER = /^(?:from|sender|reply-to|return-path|resent-from)$/i;

/** Signatures of servers: the domain in them is the sender's, and nothing else is to be looked up. */
const SIGNATURE =
  /^(?:(?:x-(?:google|gm)-)?dkim-signature|domainkey-signature|arc-(?:seal|message-signature))$/i;
/** What a server found out about the sender, whose domain is in it again and again; the address that sent the mail is too. */
const CHECK = /^(?:(?:arc-)?authentication-results(?:-original)?|received-spf)$/i;
const ADDRESSES =
  /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/gi;

/** With the mail addresses of senders only: any other is a reader's, as in `Received: ... for <jane@corp.com>`. */
function searchableField({ name, value }: MailField): string {
  if (NOT_SEARCHED.test(name) || SIGNATURE.test(name)) return '';
  if (CHECK.test(name)) return (value.match(ADDRESSES) ?? []).join('\n');
  const isSender = SENDER.test(name);
  // What stands in the name before it may be anybody's: `"help@mybank.com" <x@baddomain.com>`.
  const isBracketed = isSender && /<[^<>\s]*@[^<>\s]*>/.test(value);
  const text = value.replace(WORD, (word, at: number) => {
    if (!word.includes('@') || word.includes('://')) return word;
    const isOfSender = isSender && (!isBracketed || value[at - 1] === '<');
    // Of `bounce+jane=corp.com@baddomain.com` the first part is the reader.
    return isOfSender ? `x${word.slice(word.lastIndexOf('@'))}` : '';
  });
  return `${name}: ${text}`;
}

const WORD = /[^\s<>"'(),;]+/g;

function* htmlPieces(html: string, place: PropertyPath): Generator<MailPiece> {
  for (const text of searchableHtml(html)) yield text === '' ? { text } : { text, place };
}

function* filePieces(file: MailFile, place: PropertyPath): Generator<MailPiece> {
  const { content, filename, mimeType } = file;
  const hash = runtime.sha256();
  for (let at = 0; at < content.length; at += SLICE) {
    hash.update(content.subarray(at, at + SLICE));
    yield { text: '' };
  }
  const reason = reasonToKeep(file);
  yield {
    file: {
      sha256: hash.hex(),
      name: filename === undefined ? undefined : baseName(filename) || undefined,
      ...(reason === undefined ? {} : { reason }),
    },
    place,
  };
  if (content.length > LONGEST_TEXT || !isText(mimeType, filename ?? '')) return;
  const text = textOf(content);
  if (text === undefined) return;
  if (/html|svg/.test(mimeType) || /\.(?:s?x?html?|svg)$/i.test(filename ?? ''))
    yield* htmlPieces(text, place);
  else yield { text: isFolded(mimeType, filename ?? '') ? unfolded(text) : text, place };
}

const PICTURE = /^(?:\u0089PNG|\u00ff\u00d8\u00ff|GIF8|RIFF[^]{4}WEBP|BM)/;

/** What each mail has another of, or every mail of a company the same: a lookup would tell nothing. By its bytes too: the mail can say anything. */
function reasonToKeep({ content, filename, mimeType, isRelated }: MailFile): string | undefined {
  if (isRelated && /^image\//.test(mimeType) && PICTURE.test(runtime.latin1Of(content.subarray(0, 12))))
    return 'picture shown within the mail';
  const isSignature = /^application\/(?:(?:x-)?pkcs7-signature|pgp-signature)$/.test(mimeType);
  if (mimeType === 'application/pgp-encrypted' && content.length < 256) return 'head of an encrypted mail';
  if (isSignature && content.length < 65_536 && /^$|\.(?:p7s|asc|sig)$/i.test(filename ?? ''))
    return 'signature of the mail';
  return undefined;
}

function isText(mimeType: string, filename: string): boolean {
  return (
    /^text\/|[/+](?:xml|json|javascript|xhtml|svg)/.test(mimeType) ||
    /\.(?:s?x?html?|svg|txt|csv|ics|xml|json|url|vcf|vcs|eml|log|js|vbs|hta|ps1|bat|cmd)$/i.test(filename)
  );
}

function textOf(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\u0000') ? undefined : text;
}
