import { decodeBytes } from './charset';
import { FirstOf } from './first-of';
import { WIDE } from './obfuscation-starts';
import { decodeQuotedPrintable } from './quoted-printable';
import { runtime } from '../runtime/current';

/** The header field that says how a body is encoded, at the start of a line. */
const DECLARED =
  /^content-transfer-encoding:[ \t]*(?:\r?\n[ \t]+)?"?(quoted-printable|base64)"?[ \t]*(?:[;(].*)?\r?$/imy;
const BOUNDARY = /\bboundary[ \t]*=[ \t]*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi;
/** What is quicker to look for. */
const MAY_NAME_BOUNDARY = ['oundary', 'OUNDARY'] as const;
const HEADER_LINE = /^(?:[a-z][\w-]{0,76}:|[ \t]+\S|From )/i;
const CONTENT_TYPE = /^content-type:[ \t]*(?:\r?\n[ \t]+)?([\w-]+)\/([\w.+-]+)/im;
const CHARSET = /\bcharset[ \t]*=[ \t]*"?([\w.:-]{1,40})/i;
/** How mails are kept apart in one file (mbox). */
const NEXT_MAIL = /^From \S{1,200} .{0,40}\d\d:\d\d/;

/** A field, an empty line and a character: a line alone has no body. */
const SHORTEST = 'content-transfer-encoding:base64\n\nx'.length;
/** Beginning with what is rare, which makes looking for it quick. */
const SPELLINGS = ['-Transfer-', '-transfer-', '-TRANSFER-'] as const;

/**
 * The text of a mail piece by piece, each part that declares `quoted-printable` or `base64` decoded as far as it goes,
 * all else as it stands, and an empty text wherever somebody else may have a turn; undefined for a text in which no part declares either.
 */
export function readMime(text: string): Iterator<string> | undefined {
  // Cheap, and true of hardly any other text.
  if (text.length < SHORTEST || !text.includes('\n')) return undefined;
  if (!hasSpelling(text)) return undefined;
  const spellings = new FirstOf(text, SPELLINGS);
  const first = nextDeclaration(text, spellings, 0);
  return first === null ? undefined : new MimeReader(text, spellings).read(first);
}

/**
 * Whether one of them is in a text. Three searches take a few times as long as the pattern where hyphens are many, as in HTML, and in
 * characters of two bytes; in a long log they take less.
 */
function hasSpelling(text: string): boolean {
  const isLog = text.length > LONG && !WIDE.test(text);
  return isLog ? SPELLINGS.some((spelling) => text.includes(spelling)) : SPELLING.test(text);
}

const LONG = 65_536;
const SPELLING = /-(?:Transfer|transfer|TRANSFER)-/;

/** The next line that declares an encoding. To look for a part of it first is much quicker than the pattern is. */
function nextDeclaration(text: string, spellings: FirstOf, from: number): RegExpExecArray | null {
  for (let at = from; ;) {
    const found = spellings.next(at);
    if (found >= text.length) return null;
    const start = found - BEFORE_SPELLING;
    if (start >= from) {
      DECLARED.lastIndex = start;
      const declared = DECLARED.exec(text);
      if (declared !== null) return declared;
    }
    at = found + 1;
  }
}

const BEFORE_SPELLING = 'content'.length;

class MimeReader {
  readonly #text: string;
  readonly #spellings: FirstOf;
  readonly #delimiters = new Set<string>();
  #done = 0;
  #boundariesRead = 0;
  #headerRead = 0;

  constructor(text: string, spellings: FirstOf) {
    this.#text = text;
    this.#spellings = spellings;
  }

  /** `first`: what {@link nextDeclaration} has found. */
  *read(first: RegExpExecArray): Generator<string> {
    const text = this.#text;
    let from: number;
    for (
      let declared: RegExpExecArray | null = first;
      declared !== null;
      declared = nextDeclaration(text, this.#spellings, from)
    ) {
      const afterField = declared.index + declared[0].length;
      const bodyStart = this.#endOfHeader(declared.index);
      from = Math.max(this.#headerRead, afterField);
      if (bodyStart === undefined) continue;
      const header = this.#header(declared.index, bodyStart);
      const isBase64 = declared[1]?.toLowerCase() === 'base64';
      if (!isDecoded(header, isBase64)) continue;
      const end = isBase64 ? endOfBase64(text, bodyStart) : this.#endOfPart(bodyStart);
      yield text.slice(this.#done, bodyStart);
      this.#done = end;
      from = end;
      const charset = CHARSET.exec(header)?.[1];
      const body = text.slice(bodyStart, end);
      if (isBase64) yield decodeBytes(runtime.bytesOfBase64(body), charset);
      else yield* decodeQuotedPrintable(body, charset);
    }
    yield text.slice(this.#done);
  }

  /** The header that has the line at `at`; learns what it says of where parts end. */
  #header(at: number, bodyStart: number): string {
    const start = this.#startOfHeader(at);
    this.#readDelimiters(start, bodyStart);
    return this.#text.slice(start, bodyStart);
  }

  /** The start of the header that has the line at `at`. */
  #startOfHeader(at: number): number {
    const text = this.#text;
    let start = at;
    while (start > this.#done) {
      const before = text.lastIndexOf('\n', start - 2) + 1;
      if (before < this.#done || !HEADER_LINE.test(text.slice(before, Math.min(start, before + 80)))) break;
      start = before;
    }
    return start;
  }

  /** Past the empty line that ends the header with the line at `at`; undefined when there is none. */
  #endOfHeader(at: number): number | undefined {
    const text = this.#text;
    for (let start = at; ;) {
      const end = text.indexOf('\n', start);
      // No second look: a field can stand a thousand times in what is no header.
      this.#headerRead = end < 0 ? text.length : end + 1;
      if (end < 0) return undefined;
      const next = text.slice(end + 1, end + 81);
      if (/^\r?\n/.test(next)) return text.indexOf('\n', end + 1) + 1;
      if (!HEADER_LINE.test(next)) return undefined;
      start = end + 1;
    }
  }

  /** Learns the lines that end a part: the one before its header, and what `boundary=` names. */
  #readDelimiters(headerStart: number, bodyStart: number): void {
    const text = this.#text;
    const before = text.slice(text.lastIndexOf('\n', headerStart - 2) + 1, headerStart).trimEnd();
    if (before.startsWith('--') && before.length > 2) this.#delimiters.add(before);
    const unread = text.slice(this.#boundariesRead, bodyStart);
    this.#boundariesRead = bodyStart;
    if (!MAY_NAME_BOUNDARY.some((word) => unread.includes(word))) return;
    for (const [, quoted, plain] of unread.matchAll(BOUNDARY))
      this.#delimiters.add(`--${quoted ?? plain ?? ''}`);
  }

  #endOfPart(bodyStart: number): number {
    const text = this.#text;
    for (let start = bodyStart; start < text.length;) {
      const next = text.indexOf('\n', start);
      const end = next < 0 ? text.length : next;
      if (text.startsWith('--', start)) {
        const line = text.slice(start, end).trimEnd();
        if (this.#delimiters.has(line) || this.#delimiters.has(line.replace(/--$/, ''))) return start;
      } else if (text.startsWith('From ', start) && NEXT_MAIL.test(text.slice(start, end))) return start;
      start = end + 1;
    }
    return text.length;
  }
}

/** Whether a body is text to search: what holds parts isn't, and neither is a picture or a program. */
function isDecoded(header: string, isBase64: boolean): boolean {
  const [, type = 'text', subtype = 'plain'] = CONTENT_TYPE.exec(header) ?? [];
  return !/^(?:multipart|message)$/i.test(type) && (!isBase64 || isText(type, subtype));
}

function isText(type: string, subtype: string): boolean {
  return (
    /^text$/i.test(type) || /^(?:.*\+)?(?:json|xml|javascript|x-javascript|xhtml|html|rtf)$/i.test(subtype)
  );
}

const BASE64_LINE = /[ \t]*([a-z0-9+/]*={0,2})[ \t]*(?:\r?\n|$)/iy;

/** No boundary is a line of base64. Mailing lists put a footer below that isn't encoded. */
function endOfBase64(text: string, from: number): number {
  for (let at = from; at < text.length;) {
    BASE64_LINE.lastIndex = at;
    const line = BASE64_LINE.exec(text);
    if (line === null) return at;
    at = BASE64_LINE.lastIndex;
    if (line[1]?.endsWith('=') === true) return at;
  }
  return text.length;
}
