import type PostalMime from 'postal-mime';

/** Gives the event loop back where it is time to; undefined where there is time left. */
export type Turn = () => Promise<void> | undefined;

interface Line {
  bytes: Uint8Array;
  done: boolean;
}

interface Node {
  state: string;
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
  boundaries: readonly { value: Uint8Array }[];
  textMap: Map<unknown, { plain?: Texts; html?: Texts }>;
  textContent: object;
  readLine(): Line;
  processLine(line: Uint8Array, isLast: boolean): Promise<void>;
  collectNode(node: Node, ...rest: unknown[]): Promise<void>;
  renderTextContent(): void;
}

const USED = ['readLine', 'processLine', 'collectNode', 'renderTextContent'] as const;

/** The bodies of a mail part by part, filled in while it is parsed. */
export interface Bodies {
  readonly texts: string[];
  readonly htmls: string[];
}

/** Bytes of a body that are decoded in one go. */
const CHUNK = 65_536;
const LONG_BODY = 524_288;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HYPHEN = 0x2d;
const EQUALS = 0x3d;

/**
 * Makes a parser leave the event loop to others, read bodies by the chunk and not by the line, keep their line breaks as they stand, and give
 * each body by itself: it would make text of HTML, and HTML of text, which takes seconds.
 * @param onPart told of each part; what it throws ends the parsing
 * @returns undefined for a parser that works in another way
 */
export function sliced(parser: PostalMime, turn: Turn, onPart: () => void): Bodies | undefined {
  const inside = parser as unknown as Internals;
  const isKnown = USED.every((name) => typeof (inside as Partial<Internals>)[name] === 'function');
  if (!isKnown || !(inside.textMap instanceof Map)) return undefined;
  const processLine = inside.processLine.bind(parser);
  let part: Node | undefined;
  inside.readLine = () => readChunk(inside);
  inside.processLine = async (line, isLast) => {
    const paused = turn();
    if (paused !== undefined) await paused;
    if (inside.currentNode !== part) {
      part = inside.currentNode;
      onPart();
    }
    return processLine(line, isLast);
  };
  const collectNode = inside.collectNode.bind(parser);
  inside.collectNode = async (node, ...rest) => {
    const paused = turn();
    if (paused !== undefined) await paused;
    node.content = withoutLastBreak(node);
    if ((node.content?.byteLength ?? 0) > LONG_BODY) await decodeLong(node, turn);
    return collectNode(node, ...rest);
  };
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

/** The next line, or of a body that isn't quoted-printable as many as a chunk has: up to what may be a boundary. */
function readChunk(inside: Internals): Line {
  const { av, readPos: start, currentNode, boundaries } = inside;
  const { encoding } = currentNode.contentTransferEncoding;
  const isBody = currentNode.state === 'body';
  const isBoundary = mayBeBoundary(av, start, boundaries);
  // Base64 can be cut anywhere, and some write it in one line.
  const isCut = isBody && encoding === 'base64' && !isBoundary;
  let end = isCut ? endOfPiece(av, start) : endOfLine(av, start);
  if (isBody && encoding !== 'quoted-printable' && !isBoundary) {
    while (end < av.length && end - start < CHUNK && !mayBeBoundary(av, end, boundaries))
      end = isCut ? endOfPiece(av, end) : endOfLine(av, end);
  }
  inside.readPos = end;
  const content = isBody && !isBoundary ? endOfContent(av, start, end) : endOfText(av, start, end);
  return { bytes: av.subarray(start, content), done: end >= av.length };
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

function mayBeBoundary(bytes: Uint8Array, at: number, boundaries: Internals['boundaries']): boolean {
  if (bytes[at] !== HYPHEN || bytes[at + 1] !== HYPHEN) return false;
  return boundaries.some(({ value }) => value.every((byte, index) => bytes[at + 2 + index] === byte));
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
