import type PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { BoundaryLines, type Boundary } from './boundary-lines';

/** Gives the event loop back where it is time to; undefined where there is time left. */
export type Turn = () => Promise<void> | undefined;

interface Line {
  bytes: Uint8Array;
  done: boolean;
}

interface Node {
  state: string;
  parentNode?: Node | undefined;
  headers: Email['headers'];
  contentType: { parsed: { params: Record<string, string> } };
  contentTransferEncoding: { encoding: string };
  content: ArrayBuffer | null;
  getTextContent(): string;
}

type Texts = readonly { type: string; value: unknown }[];

/**
 * What a parser of postal-mime 4.0 does its work with. It is no part of its documented interface: where another version hasn't got it, a mail
 * is parsed in one go and its bodies are those that the parser makes of all parts.
 */
interface Internals {
  av: Uint8Array;
  readPos: number;
  currentNode: Node;
  boundaries: readonly Boundary[];
  root: Node;
  attachments: Email['attachments'];
  textMap: Map<unknown, { plain?: Texts; html?: Texts }>;
  textContent: object;
  readLine(): Line;
  processLine(line: Uint8Array, isLast: boolean): Promise<void>;
  collectNode(node: Node, ...rest: unknown[]): Promise<void>;
  collectAttachment(node: Node, content: ArrayBuffer, ...rest: unknown[]): void;
  isInlineTextNode(node: Node): boolean;
  renderTextContent(): void;
  buildMessage(): Pick<Email, 'headers' | 'attachments'>;
}

const USED = [
  'readLine',
  'processLine',
  'collectNode',
  'collectAttachment',
  'isInlineTextNode',
  'renderTextContent',
  'buildMessage',
] as const;

/** Told what a parser meets; what it throws ends the parsing. */
export interface PartWatch {
  /** A part, or the mail as a whole. */
  part(isWhole: boolean): void;
  /** Bytes of a header, the first ones of it or further ones. */
  header(bytes: number, isNew: boolean): void;
}

/** The bodies of a mail part by part, filled in while it is parsed. */
export interface Bodies {
  readonly texts: string[];
  readonly htmls: string[];
}

/** Bytes of a body that are decoded in one go. */
const CHUNK = 65_536;
const LONG_BODY = 524_288;
/** Blanks at the end of a line of quoted-printable, of which it has no more than 76 characters. */
const LONGEST_BLANK = 80;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HYPHEN = 0x2d;
const EQUALS = 0x3d;

/**
 * Makes a parser leave the event loop to others, read bodies by the chunk and not by the line, keep their line breaks as they stand, and give
 * each body by itself: it would make text of HTML, and HTML of text, which takes seconds. Of the header it only gives the fields, and of a
 * calendar the bytes as they were sent.
 * @returns undefined for a parser that works in another way
 */
export function sliced(parser: PostalMime, turn: Turn, watch: PartWatch): Bodies | undefined {
  const inside = parser as unknown as Internals;
  const isKnown = USED.every((name) => typeof (inside as Partial<Internals>)[name] === 'function');
  if (!isKnown || !(inside.textMap instanceof Map)) return undefined;
  const processLine = inside.processLine.bind(parser);
  const seen = new WeakSet<Node>();
  const boundaryLines = new BoundaryLines();
  inside.readLine = () => readChunk(inside, boundaryLines);
  inside.processLine = async (line, isLast) => {
    const paused = turn();
    if (paused !== undefined) await paused;
    const { currentNode } = inside;
    const isNew = !seen.has(currentNode);
    if (isNew) {
      seen.add(currentNode);
      watch.part(currentNode.parentNode === undefined);
    }
    if (currentNode.state === 'header') watch.header(line.length, isNew);
    return processLine(line, isLast);
  };
  const collectNode = inside.collectNode.bind(parser);
  inside.collectNode = async (node, ...rest) => {
    const paused = turn();
    if (paused !== undefined) await paused;
    node.content = withoutLastBreak(node);
    if ((node.content?.byteLength ?? 0) > LONG_BODY && inside.isInlineTextNode(node))
      await decodeLong(node, turn);
    return collectNode(node, ...rest);
  };
  const collectAttachment = inside.collectAttachment.bind(parser);
  inside.collectAttachment = (node, content, ...rest) => {
    // Of a calendar it would make other text, in one go.
    node.getTextContent = () => '';
    collectAttachment(node, content, ...rest);
    const attachment = inside.attachments.at(-1);
    if (attachment !== undefined) attachment.content = content;
  };
  inside.buildMessage = () => ({ headers: inside.root.headers, attachments: inside.attachments });
  const bodies: Bodies = { texts: [], htmls: [] };
  inside.renderTextContent = () => {
    for (const { plain = [], html = [] } of inside.textMap.values()) {
      bodies.texts.push(...valuesOf(plain));
      bodies.htmls.push(...valuesOf(html));
    }
  };
  return bodies;
}

/** The line break before a boundary is part of the boundary (RFC 2046): a file that isn't in base64 would have another hash. */
function withoutLastBreak({ content, contentTransferEncoding }: Node): ArrayBuffer | null {
  if (content === null || contentTransferEncoding.encoding === 'base64') return content;
  const bytes = new Uint8Array(content);
  if (bytes.at(-1) !== LINE_FEED) return content;
  return content.slice(0, bytes.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}

/** Decodes a long body in slices: some charsets take a second for what ends up as too much text. A long one isn't unfolded (RFC 3676). */
async function decodeLong(node: Node, turn: Turn): Promise<void> {
  const bytes = new Uint8Array(node.content ?? new ArrayBuffer(0));
  const decoder = decoderOf(node.contentType.parsed.params['charset']);
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const paused = turn();
    if (paused !== undefined) await paused;
    text += decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true });
  }
  node.getTextContent = () => text;
}

function decoderOf(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

function valuesOf(texts: Texts): string[] {
  return texts.flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}

/** The next line, or of a body as many as a chunk has: up to what may be a boundary. Of quoted-printable a line, or a piece of a long one. */
function readChunk(inside: Internals, boundaryLines: BoundaryLines): Line {
  const { av, readPos: start, currentNode, boundaries } = inside;
  const { encoding } = currentNode.contentTransferEncoding;
  const isBody = currentNode.state === 'body';
  const mayBeBoundary = (at: number): boolean => boundaryLines.has(av, at, boundaries);
  const isBoundary = mayBeBoundary(start);
  if (isBody && encoding === 'quoted-printable' && !isBoundary) return readEncodedLine(inside);
  // Base64 can be cut anywhere, and some write it in one line.
  const isCut = isBody && encoding === 'base64' && !isBoundary;
  let end = isCut ? endOfPiece(av, start) : endOfLine(av, start);
  if (isBody && !isBoundary) {
    while (end < av.length && end - start < CHUNK && !mayBeBoundary(end))
      end = isCut ? endOfPiece(av, end) : endOfLine(av, end);
  }
  inside.readPos = end;
  const content = isBody && !isBoundary ? endOfContent(av, start, end) : endOfText(av, start, end);
  return { bytes: av.subarray(start, content), done: end >= av.length };
}

/** A line of quoted-printable, or a piece of a long one that ends as a line does that goes on in the next. */
function readEncodedLine(inside: Internals): Line {
  const { av, readPos: start } = inside;
  let end = endOfPiece(av, start);
  while (end < av.length && av[end - 1] !== LINE_FEED && (isInEscape(av, end) || av[end] === HYPHEN)) end++;
  if (av[end - 1] !== LINE_FEED) {
    // Blanks may stand between the sign that joins two lines and the break.
    const rest = av.subarray(end, end + LONGEST_BLANK).indexOf(LINE_FEED);
    if (rest >= 0) end += rest + 1;
  }
  inside.readPos = end;
  const done = end >= av.length;
  if (done || av[end - 1] === LINE_FEED)
    return { bytes: av.subarray(start, endOfContent(av, start, end)), done };
  const bytes = new Uint8Array(end - start + 1);
  bytes.set(av.subarray(start, end));
  bytes[end - start] = EQUALS;
  return { bytes, done };
}

/** Whether a cut there would part an escape such as `=3D`. */
function isInEscape(bytes: Uint8Array, at: number): boolean {
  const isHex = (byte = 0): boolean =>
    (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
  return (
    (bytes[at - 1] === EQUALS && isHex(bytes[at]) && isHex(bytes[at + 1])) ||
    (bytes[at - 2] === EQUALS && isHex(bytes[at - 1]) && isHex(bytes[at]))
  );
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LINE_FEED, from);
  return end < 0 ? bytes.length : end + 1;
}

/** The end of a line, or of a piece of a long one that no boundary can follow. */
function endOfPiece(bytes: Uint8Array, from: number): number {
  const end = bytes.subarray(from, from + CHUNK).indexOf(LINE_FEED);
  if (end >= 0) return from + end + 1;
  let at = Math.min(from + CHUNK, bytes.length);
  while (at < bytes.length && bytes[at] === HYPHEN) at++;
  return at;
}

function endOfText(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === LINE_FEED || bytes[at - 1] === CARRIAGE_RETURN)) at--;
  return at;
}

/** Without the line feed, which the decoder puts in; with the carriage return, but for the one after the equals sign that joins two lines. */
function endOfContent(bytes: Uint8Array, start: number, end: number): number {
  const at = end > start && bytes[end - 1] === LINE_FEED ? end - 1 : end;
  if (bytes[at - 1] !== CARRIAGE_RETURN) return at;
  let last = at - 1;
  while (last > start && (bytes[last - 1] === 0x20 || bytes[last - 1] === 0x09)) last--;
  return last > start && bytes[last - 1] === EQUALS ? last : at;
}
