import { MAX_BYTES, tooMuch } from './limits';
import { withoutShownLinks } from './link-label';
import { MAX_URL_LENGTH } from './url';
import { isKnownHost } from './url-host';
import { runtime } from '../runtime/current';
import { textOf } from '../runtime/text-bytes';

const TAG = /<(\/?)([a-z][a-z0-9]*)(?=[\s/>])/iy;
/** An attribute that holds an address, by its name and value. */
const ADDRESS =
  /\b(href|src|action|formaction|background|poster|data|cite)(\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const TITLE = /\b(title|alt|aria-label)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;
/** A longer tag than any that a mail program writes. */
const LONGEST_TAG = 65_536;
/** The longest text of a link that is looked at; what is longer is no label. */
const LONGEST_LABEL = 4096;
/** Characters between two chances for others to have a turn. */
const SLICE = 131_072;

interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly start: number;
  readonly end: number;
}

/**
 * The HTML of a mail as it is searched: a link by where it leads and not by what it shows, relative addresses by the page's `<base>`, the
 * text within `data:` addresses of text decoded, and without `cid:` addresses. Everything else stands as it stood. Comes as one text at the end;
 * before it an empty one after each slice.
 */
export function* searchableHtml(html: string): Generator<string> {
  const parts: string[] = [];
  const tags = new Tags(html);
  let done = 0;
  let looked = 0;
  // Each relative address grows by the base: a small mail would take gigabytes.
  let length = html.length;
  let base: string | undefined;
  let label: Label | undefined;
  for (let tag = tags.next(0); tag !== undefined; tag = tags.next(tag.end)) {
    if (tag.start - looked > SLICE) {
      looked = tag.start;
      yield '';
    }
    if (label !== undefined && (tag.name === 'a' || tag.start - label.start > LONGEST_LABEL)) {
      if (tag.name === 'a') {
        parts.push(html.slice(done, label.start), labelWithoutLinks(html.slice(label.start, tag.start)));
        done = tag.start;
      }
      label = undefined;
    }
    if (tag.isEnd) continue;
    const text = html.slice(tag.start, tag.end);
    if (tag.name === 'base') base ??= baseOf(text);
    if (!text.includes('=')) continue;
    const isLink = tag.name === 'a' || tag.name === 'area';
    const replaceAll = text.length > LONGEST_TAG ? replacedInSlices : replaced;
    const ownBase = tag.name === 'base' ? undefined : base;
    const rewritten = yield* replaceAll(text, ADDRESS, (match) => addressOf(match, ownBase));
    const leads = isLink && LEADS.test(rewritten);
    const shown = leads ? yield* replaceAll(rewritten, TITLE, withoutShown) : rewritten;
    if (shown !== text) {
      length += shown.length - text.length;
      if (length > MAX_BYTES)
        throw tooMuch(`the mail has more than ${MAX_BYTES / 1024 / 1024} MiB of text: search a part of it`);
      parts.push(html.slice(done, tag.start), shown);
      done = tag.end;
    }
    if (leads && tag.name === 'a') label = { start: tag.end };
  }
  parts.push(html.slice(done));
  yield parts.join('');
}

interface Label {
  readonly start: number;
}

/** A link that leads to a host: its own or one without a scheme. */
const LEADS = /\bhref\s*=\s*["']?\s*(?:h[tx]{2}ps?|f[tx]p)?\s*:?\/\//i;

/** The tags of a text one after the other. A sign that is in quotes ends no tag. */
class Tags {
  readonly #html: string;
  /** Where the last of each stands: beyond it none is looked for. */
  readonly #last: Readonly<Record<string, number>>;
  #areQuotesRead = true;

  constructor(html: string) {
    this.#html = html;
    this.#last = { '>': html.lastIndexOf('>'), '"': html.lastIndexOf('"'), "'": html.lastIndexOf("'") };
  }

  next(from: number): Tag | undefined {
    const html = this.#html;
    for (let at = html.indexOf('<', from); at >= 0; at = html.indexOf('<', at + 1)) {
      TAG.lastIndex = at;
      const match = TAG.exec(html);
      if (match === null) {
        // A chance for others: of such signs there may be millions.
        if (at - from > SLICE) return { name: '', isEnd: true, start: at, end: at + 1 };
        continue;
      }
      const end = this.#end(TAG.lastIndex);
      if (end === undefined) return undefined;
      return { name: (match[2] ?? '').toLowerCase(), isEnd: match[1] === '/', start: at, end };
    }
    return undefined;
  }

  #end(from: number): number | undefined {
    const html = this.#html;
    if (from > (this.#last['>'] ?? -1)) return undefined;
    if (this.#areQuotesRead) {
      for (let at = from; at < html.length && at - from < LONGEST_TAG; at++) {
        const char = html.charAt(at);
        if (char === '>') return at + 1;
        if ((char === '"' || char === "'") && at < (this.#last[char] ?? -1) && html[at - 1] === '=')
          at = html.indexOf(char, at + 1);
      }
      // Unclosed quotes: each further tag would be read to the end.
      this.#areQuotesRead = false;
    }
    const end = html.indexOf('>', from);
    return end < 0 ? undefined : end + 1;
  }
}

/** The tags in it stay, as a picture's. */
function labelWithoutLinks(html: string): string {
  return html.replace(
    /(^|>)([^<>]+)/g,
    (_, before: string, text: string) => before + withoutShownLinks(text),
  );
}

/** What stands in place of an attribute. */
type Replace = (match: RegExpExecArray) => string;

/** With each match of a pattern replaced. It has no slices, but the form of those that do. */
// eslint-disable-next-line require-yield -- see above
function* replaced(text: string, pattern: RegExp, replace: Replace): Generator<string, string> {
  return text.replace(pattern, (...match) => replace(match as unknown as RegExpExecArray));
}

/** The same of a long text, with an empty text after each slice. */
function* replacedInSlices(text: string, pattern: RegExp, replace: Replace): Generator<string, string> {
  // One of its own: it keeps its place while others have a turn.
  const own = new RegExp(pattern);
  const parts: string[] = [];
  let done = 0;
  let count = 0;
  for (let match = own.exec(text); match !== null; match = own.exec(text)) {
    parts.push(text.slice(done, match.index), replace(match));
    done = own.lastIndex;
    if (++count % ATTRIBUTES_OF_A_SLICE === 0) yield '';
  }
  parts.push(text.slice(done));
  return parts.join('');
}

const ATTRIBUTES_OF_A_SLICE = 1024;

function withoutShown([all, name = '', quoted, single]: RegExpExecArray): string {
  const value = quoted ?? single ?? '';
  return withoutShownLinks(value) === value ? all : `${name}=""`;
}

function baseOf(tag: string): string | undefined {
  ADDRESS.lastIndex = 0;
  const match = ADDRESS.exec(tag);
  const address = (match?.[3] ?? match?.[4] ?? match?.[5] ?? '').trim().replaceAll('&amp;', '&');
  return address.length <= MAX_URL_LENGTH && /^(?:https?:)?\/\//i.test(address)
    ? address.replace(/^\/\//, 'http://')
    : undefined;
}

function addressOf(
  [all, name = '', equals = '', double, single, bare]: RegExpExecArray,
  base: string | undefined,
): string {
  const written = double ?? single ?? bare ?? '';
  const address = asBrowsersRead(written);
  const plain = plainAddress(address.trim(), base) ?? (address === written ? undefined : address);
  return plain === undefined ? all : `${name}${equals}"${plain}"`;
}

/** Line breaks and tabs, which the URL standard removes, wherever they stand. */
const REMOVED = /[\t\r\n]|&(?:tab|newline|#0*(?:9|10|13)|#x0*[9ad]);/gi;
const MAY_BE_REMOVED = /[\t\r\n]|&(?:t|n|#)/i;
/** The host of an address that goes on with a backslash. */
const BEFORE_BACKSLASH = /^\s*https?:[\\/]*([^\\/?#@\s]+)(?=\\)/i;

/**
 * An address as browsers read it (WHATWG URL): without line breaks and tabs, and with backslashes as slashes, so that
 * `https://baddomain.com\.bank.com` leads to baddomain.com. A backslash behind what is no host defangs: `https://baddomain\.com`.
 */
function asBrowsersRead(address: string): string {
  if (address.length > MAX_URL_LENGTH) return address;
  const plain = MAY_BE_REMOVED.test(address) ? address.replace(REMOVED, '') : address;
  if (!plain.includes('\\')) return plain;
  const host = BEFORE_BACKSLASH.exec(plain)?.[1]?.replace(/:\d*$/, '');
  if (host === undefined || !isKnownHost(host)) return plain;
  const query = plain.search(/[?#]/);
  const end = query < 0 ? plain.length : query;
  return plain.slice(0, end).replaceAll('\\', '/') + plain.slice(end);
}

/** What is searched in place of an address; undefined for the address itself. */
function plainAddress(address: string, base: string | undefined): string | undefined {
  if (/^(?:cid|mid|about):/i.test(address)) return '';
  const data = /^data:([^,]{0,200}),(.*)$/is.exec(address);
  if (data !== null) return dataText(data[1] ?? '', data[2] ?? '');
  if (base === undefined || address === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(address))
    return undefined;
  try {
    return new URL(address.replaceAll('&amp;', '&'), base).href;
  } catch {
    return undefined;
  }
}

function dataText(type: string, content: string): string {
  if (!/^(?:text\/|image\/svg|application\/(?:xhtml|xml|javascript))|^;|^$/i.test(type)) return '';
  if (/;\s*base64/i.test(type))
    return textOf(runtime.bytesOfBase64(decodedPercent(content))).replaceAll('"', "'");
  return decodedPercent(content).replaceAll('"', "'");
}

function decodedPercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
