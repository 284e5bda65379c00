import { bytesOf } from './bytes-of';
import { elementOf, isList } from './list';
import type { Mail, MailField, MailFile } from './mail';
import {
  MAX_HEADER_BYTES,
  MAX_MAIL_BYTES,
  MAX_PARTS,
  tooLargeMail,
  tooLongHeader,
  tooManyParts,
  unreadableMail,
} from './mail-limits';
import { runtime } from '../runtime/current';
import { bytesOfText } from '../runtime/text-bytes';

/** A mail that a program has parsed, and what it has beside. */
export interface MailObject {
  readonly mail: Mail;
  /** The keys of the object that are no part of the mail. */
  readonly others: readonly string[];
}

const OF_THE_MAIL = new Set(
  (
    'headers header headerLines text html textAsHtml attachments from to cc bcc replyTo sender returnPath deliveredTo subject date ' +
    'messageId inReplyTo references priority'
  ).split(' '),
);
/** Who a mail says that it is from; the others are its readers. */
const SENDERS: Readonly<Record<string, string>> = {
  from: 'From',
  sender: 'Sender',
  replyTo: 'Reply-To',
  returnPath: 'Return-Path',
};
/** The most bytes of attachments that are Buffers: as many as the largest file that is hashed. */
const MAX_ATTACHED_BYTES = 650 * 1024 * 1024;
/** A longer type of a file is cut, in characters. */
const LONGEST_TYPE = 256;
const KNOWN_FIELD = /^(?:from|to|subject|received|message-id|return-path|mime-version|date|content-type)$/i;

/**
 * Reads a mail as mailparser, postal-mime and Node-RED's e-mail node give it: `{headers, text, html, attachments}`, or with `header` and the
 * text in `payload`. Undefined for any other object.
 * @param keys those of the object
 * @throws VirusTotalError `VT_INVALID_IOC` over 256 KiB of header, 2,000 attachments or 48 MiB of attachments that are text or lists of numbers
 */
export function readMailObject(
  value: object,
  keys: readonly string[] = keysOf(value),
): MailObject | undefined {
  const html = read(value, 'html');
  const attachments = read(value, 'attachments');
  const header = new HeaderText();
  const fields = fieldsOf(value, header);
  const hasHeader = read(value, 'header') !== undefined;
  const text = read(value, 'text') ?? (hasHeader ? read(value, 'payload') : undefined);
  const hasBody = typeof html === 'string' || typeof text === 'string';
  const isMail =
    (hasBody && isListOfFiles(attachments)) ||
    fields.some(({ name }) => KNOWN_FIELD.test(name)) ||
    (typeof read(value, 'subject') === 'string' && read(value, 'from') !== undefined);
  if (!isMail || (!hasBody && !isList(attachments))) return undefined;
  for (const [key, name] of Object.entries(SENDERS)) {
    const address = header.textOf(read(value, key), 3);
    if (address !== '' && !fields.some((field) => field.name.toLowerCase() === name.toLowerCase()))
      fields.push({ name, value: address });
  }
  const subject = read(value, 'subject') ?? (hasHeader ? read(value, 'topic') : undefined);
  if (typeof subject === 'string' && !fields.some(({ name }) => /^subject$/i.test(name)))
    fields.push({ name: 'Subject', value: header.textOf(subject, 0) });
  if (header.isTooLong) throw tooLongHeader();
  const { files, unread } = filesOf(attachments);
  const used = hasHeader ? new Set([...OF_THE_MAIL, 'payload', 'topic']) : OF_THE_MAIL;
  const mail: Mail = {
    fields,
    texts: typeof text === 'string' ? [text] : [],
    htmls: typeof html === 'string' ? [html] : [],
    attachments: files,
  };
  // What has another form than that of a mail's is searched as in any object.
  const others = keys.filter((key) => !used.has(key) || isOdd(key, read(value, key), unread));
  return { mail, others };
}

function isOdd(key: string, value: unknown, unread: boolean): boolean {
  if (key === 'attachments') return unread;
  return /^(?:text|html|payload)$/.test(key) && typeof value === 'object' && value !== null;
}

/** Whether the first has a file's name and content. */
function isListOfFiles(attachments: unknown): boolean {
  if (!isList(attachments)) return false;
  const first = elementOf(attachments, 0);
  const content = read(first, 'content') ?? read(first, 'contentBytes');
  return typeof (read(first, 'filename') ?? read(first, 'name')) === 'string' && content !== undefined;
}

/** Raw lines are as the mail has them; a map has what a program made of them. Not all of them where the header is too long. */
function fieldsOf(value: object, header: HeaderText): MailField[] {
  const fields: MailField[] = [];
  const lines = read(value, 'headerLines');
  if (isList(lines)) {
    for (let at = 0; at < lines.length && !header.isTooLong; at++) {
      const line = header.textOf(read(elementOf(lines, at), 'line'), 0);
      const colon = line.indexOf(':');
      if (line !== '')
        fields.push({ name: line.slice(0, colon).trim(), value: unfold(line.slice(colon + 1)) });
    }
    if (fields.length > 0) return fields;
  }
  const headers = read(value, 'headers') ?? read(value, 'header');
  for (const [name, content] of entriesOf(headers)) {
    if (header.isTooLong) break;
    if (typeof name !== 'string') continue;
    const values: readonly unknown[] = isList(content) && !isList(headers) ? content : [content];
    const levels = isList(headers) ? 2 : 3;
    for (let at = 0; at < values.length && !header.isTooLong; at++)
      fields.push({
        name: header.textOf(name, 0),
        value: unfold(header.textOf(elementOf(values, at), levels)),
      });
  }
  return fields;
}

/** The names and values of a list of fields, a Map or an object. */
function* entriesOf(headers: unknown): Generator<readonly [name: unknown, content: unknown]> {
  if (isList(headers)) {
    for (let at = 0; at < headers.length; at++) {
      const field = elementOf(headers, at);
      yield [read(field, 'originalKey') ?? read(field, 'name') ?? read(field, 'key'), read(field, 'value')];
    }
  } else if (runtime.types.isMap(headers)) yield* Map.prototype.entries.call(headers);
  else if (isObject(headers)) for (const key of keysOf(headers)) yield [key, read(headers, key)];
}

function unfold(text: string): string {
  return text.replace(/\r?\n(?=[ \t])/g, '').trim();
}

/** The texts of a header, as far as it is not too long: an object that is in others again and again would never end. */
class HeaderText {
  #left = MAX_HEADER_BYTES;

  get isTooLong(): boolean {
    return this.#left < 0;
  }

  /** `{text}`, `{value, params}`, `{address, name}`, or what else a program has made of a field; empty once the header is too long. */
  textOf(value: unknown, levels: number): string {
    this.#left -= typeof value === 'string' ? value.length + 1 : 1;
    if (this.isTooLong) return '';
    if (typeof value === 'string') return value;
    if (!isObject(value) || levels === 0) return '';
    if (isList(value)) return this.#textOfList(value, levels);
    const text = read(value, 'text');
    if (typeof text === 'string') return this.textOf(text, levels);
    const [address, name] = [read(value, 'address'), read(value, 'name')];
    if (typeof address === 'string') {
      const mailbox = this.textOf(address, levels);
      return typeof name === 'string' && name !== ''
        ? `"${this.textOf(name, levels)}" <${mailbox}>`
        : mailbox;
    }
    if (runtime.types.isDate(value)) return '';
    const texts: string[] = [];
    for (const key of keysOf(value)) {
      if (this.isTooLong) break;
      if (key === 'html') continue;
      const inner = this.textOf(read(value, key), levels - 1);
      texts.push(inner === '' || /^(?:value|emailAddress)$/.test(key) ? inner : `${key}=${inner};`);
    }
    return texts.join(' ');
  }

  #textOfList(list: readonly unknown[], levels: number): string {
    const texts: string[] = [];
    for (let at = 0; at < list.length && !this.isTooLong; at++) {
      const one = elementOf(list, at);
      // No program puts a list into a list: one that holds itself would never end.
      texts.push(this.textOf(isList(one) ? '' : one, levels));
    }
    return texts.join(', ');
  }
}

/** @throws VirusTotalError `VT_INVALID_IOC` */
function filesOf(attachments: unknown): { files: MailFile[]; unread: boolean } {
  if (!isList(attachments)) return { files: [], unread: attachments !== undefined };
  if (attachments.length > MAX_PARTS) throw tooManyParts();
  const files: MailFile[] = [];
  let unread = false;
  let [decoded, total] = [0, 0];
  for (let at = 0; at < attachments.length; at++) {
    const attachment = elementOf(attachments, at);
    // What is in the list again and again counts each time: it is read each time.
    const encoded = lengthOfEncoded(attachment);
    if ((decoded += encoded) > MAX_MAIL_BYTES) throw tooLargeMail();
    const content = contentOf(attachment);
    if (content === undefined) {
      unread = true;
      continue;
    }
    if (encoded === 0 && (total += content.length) > MAX_ATTACHED_BYTES)
      throw unreadableMail(`has more than ${MAX_ATTACHED_BYTES / 1024 / 1024} MiB of attachments`);
    const filename = read(attachment, 'filename') ?? read(attachment, 'fileName') ?? read(attachment, 'name');
    files.push({
      ...(typeof filename === 'string' && filename !== '' ? { filename } : {}),
      mimeType: typeOf(attachment) || 'application/octet-stream',
      content,
      isRelated: read(attachment, 'related') === true,
    });
  }
  return { files, unread };
}
/** What it has as text, which is base64 for the most part, or as a list of numbers, in bytes; 0 for a Buffer. */
function lengthOfEncoded(attachment: unknown): number {
  const content = read(attachment, 'content') ?? read(attachment, 'contentBytes');
  if (typeof content === 'string') return Math.floor((content.length * 3) / 4);
  const data = read(content, 'data');
  return isList(data) ? data.length : 0;
}

/** A Buffer, one that went through JSON, or base64. */
function contentOf(attachment: unknown): Uint8Array | undefined {
  const content = read(attachment, 'content') ?? read(attachment, 'contentBytes');
  if (typeof content !== 'string') return bytesOf(content);
  const isBase64 =
    read(attachment, 'contentBytes') === content ||
    isEncoded(content, read(attachment, 'encoding'), typeOf(attachment));
  return isBase64 ? runtime.bytesOfBase64(content) : bytesOfText(content);
}

/** Whether the content is base64: it is said, or nothing is and what is no text looks so. */
function isEncoded(content: string, encoding: unknown, type: string): boolean {
  if (typeof encoding === 'string') return encoding.toLowerCase() === 'base64';
  const mayBeText = type === '' || /^(?:text|message|multipart)\/|[/+](?:json|xml|javascript)\b/.test(type);
  if (mayBeText || content.length < SHORTEST_BASE64 || NO_BASE64.test(content)) return false;
  return content.length % 4 === 0 || content.includes('\n');
}

const NO_BASE64 = /[^a-z\d+/=\r\n]/i;
const SHORTEST_BASE64 = 16;

/** In lower case; empty where it has none. */
function typeOf(attachment: unknown): string {
  const type = read(attachment, 'contentType') ?? read(attachment, 'mimeType');
  return typeof type === 'string' ? type.slice(0, LONGEST_TYPE).toLowerCase() : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function keysOf(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

function read(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined;
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
