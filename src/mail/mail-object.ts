import { types } from 'node:util';
import type { Mail, MailField, MailFile } from './mail';

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
const KNOWN_FIELD = /^(?:from|to|subject|received|message-id|return-path|mime-version|date|content-type)$/i;

/**
 * Reads a mail as mailparser, postal-mime and Node-RED's e-mail node give it: `{headers, text, html, attachments}`, or with `header` and the
 * text in `payload`. Undefined for any other object.
 */
export function readMailObject(value: object): MailObject | undefined {
  const html = read(value, 'html');
  const attachments = read(value, 'attachments');
  const fields = fieldsOf(value);
  const isMail =
    fields.some(({ name }) => KNOWN_FIELD.test(name)) ||
    (typeof read(value, 'subject') === 'string' && read(value, 'from') !== undefined);
  const hasHeader = read(value, 'header') !== undefined;
  const text = read(value, 'text') ?? (hasHeader ? read(value, 'payload') : undefined);
  if (!isMail || (typeof html !== 'string' && typeof text !== 'string' && !Array.isArray(attachments)))
    return undefined;
  for (const [key, name] of Object.entries(SENDERS)) {
    const address = textOf(read(value, key), 3);
    if (address !== '' && !fields.some((field) => field.name.toLowerCase() === name.toLowerCase()))
      fields.push({ name, value: address });
  }
  const subject = read(value, 'subject') ?? (hasHeader ? read(value, 'topic') : undefined);
  if (typeof subject === 'string' && !fields.some(({ name }) => /^subject$/i.test(name)))
    fields.push({ name: 'Subject', value: subject });
  const { files, unread } = filesOf(attachments);
  const used = hasHeader ? new Set([...OF_THE_MAIL, 'payload', 'topic']) : OF_THE_MAIL;
  const mail: Mail = {
    fields,
    texts: typeof text === 'string' ? [text] : [],
    htmls: typeof html === 'string' ? [html] : [],
    attachments: files,
  };
  // What has another form than that of a mail's is searched as in any object.
  const others = keysOf(value).filter((key) => !used.has(key) || isOdd(key, read(value, key), unread));
  return { mail, others };
}

function isOdd(key: string, value: unknown, unread: boolean): boolean {
  if (key === 'attachments') return unread;
  return /^(?:text|html|payload)$/.test(key) && typeof value === 'object' && value !== null;
}

/** Raw lines are as the mail has them; a map has what a program made of them. */
function fieldsOf(value: object): MailField[] {
  const lines = read(value, 'headerLines');
  if (Array.isArray(lines)) {
    const raw = lines.map((line: unknown) => read(line, 'line')).filter((line) => typeof line === 'string');
    if (raw.length > 0)
      return raw.map((line) => {
        const colon = line.indexOf(':');
        return { name: line.slice(0, colon).trim(), value: unfold(line.slice(colon + 1)) };
      });
  }
  const headers = read(value, 'headers') ?? read(value, 'header');
  if (Array.isArray(headers))
    return headers.flatMap((one: unknown) => {
      const name = read(one, 'originalKey') ?? read(one, 'name') ?? read(one, 'key');
      return typeof name === 'string' ? [{ name, value: unfold(textOf(read(one, 'value'), 2)) }] : [];
    });
  const entries: [unknown, unknown][] = types.isMap(headers)
    ? [...Map.prototype.entries.call(headers)]
    : isObject(headers)
      ? keysOf(headers).map((key) => [key, read(headers, key)])
      : [];
  return entries.flatMap(([name, content]) => {
    if (typeof name !== 'string') return [];
    const values: unknown[] = Array.isArray(content) ? content : [content];
    return values.map((one) => ({ name, value: unfold(textOf(one, 3)) }));
  });
}

function unfold(text: string): string {
  return text.replace(/\r?\n(?=[ \t])/g, '').trim();
}

/** `{text}`, `{value, params}`, `{address, name}`, or what else a program has made of a field. */
function textOf(value: unknown, levels: number): string {
  if (typeof value === 'string') return value;
  if (!isObject(value) || levels === 0) return '';
  // No program puts a list into a list: one that holds itself would never end.
  if (Array.isArray(value))
    return value.map((one) => (Array.isArray(one) ? '' : textOf(one, levels))).join(', ');
  const text = read(value, 'text');
  if (typeof text === 'string') return text;
  const [address, name] = [read(value, 'address'), read(value, 'name')];
  if (typeof address === 'string')
    return typeof name === 'string' && name !== '' ? `"${name}" <${address}>` : address;
  if (types.isDate(value)) return '';
  return keysOf(value)
    .filter((key) => key !== 'html')
    .map((key) => {
      const inner = textOf(read(value, key), levels - 1);
      return inner === '' || /^(?:value|emailAddress)$/.test(key) ? inner : `${key}=${inner};`;
    })
    .join(' ');
}

function filesOf(attachments: unknown): { files: MailFile[]; unread: boolean } {
  if (!Array.isArray(attachments)) return { files: [], unread: attachments !== undefined };
  const files: MailFile[] = [];
  let unread = false;
  for (const attachment of attachments as unknown[]) {
    const content = bytesOf(attachment);
    if (content === undefined) unread = true;
    else {
      const filename =
        read(attachment, 'filename') ?? read(attachment, 'fileName') ?? read(attachment, 'name');
      const type = read(attachment, 'contentType') ?? read(attachment, 'mimeType');
      files.push({
        ...(typeof filename === 'string' && filename !== '' ? { filename } : {}),
        mimeType: typeof type === 'string' ? type.toLowerCase() : 'application/octet-stream',
        content,
        isRelated: read(attachment, 'related') === true,
      });
    }
  }
  return { files, unread };
}

/** A Buffer, one that went through JSON, or base64. */
function bytesOf(attachment: unknown): Uint8Array | undefined {
  const content = read(attachment, 'content') ?? read(attachment, 'contentBytes');
  if (types.isUint8Array(content)) return content;
  if (types.isAnyArrayBuffer(content)) return new Uint8Array(content);
  if (typeof content === 'string') {
    const isBase64 =
      read(attachment, 'encoding') === 'base64' || read(attachment, 'contentBytes') === content;
    return Buffer.from(content, isBase64 ? 'base64' : 'utf8');
  }
  const data = read(content, 'data');
  return read(content, 'type') === 'Buffer' && Array.isArray(data)
    ? Buffer.from(data as number[])
    : undefined;
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
