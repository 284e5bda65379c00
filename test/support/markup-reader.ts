/** A piece of HTML, as a strict reader sees it. */
export type Token =
  | { kind: 'open' | 'void'; name: string; attributes: Record<string, string> }
  | { kind: 'close'; name: string }
  | { kind: 'text'; text: string };

const VOID = new Set(['br', 'meta', 'hr', 'img']);
const TAG = /^<([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>/;
const ENTITY = /&(?:#(\d+)|([a-z]+));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', bull: '•' };

/**
 * Reads HTML more strictly than any browser: attributes in double quotes, entities from a short list, all closed in order.
 * @throws Error that says what is not so
 */
export function readMarkup(html: string): Token[] {
  const tokens: Token[] = [];
  const open: string[] = [];
  let rest = html.replace(/^<!DOCTYPE html>\n/, '');
  while (rest !== '') {
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      tokens.push({ kind: 'text', text: decoded(text) });
      rest = rest.slice(text.length);
      continue;
    }
    const close = /^<\/([a-z][a-z0-9]*)>/.exec(rest);
    if (close) {
      if (open.pop() !== close[1]) throw new Error(`closed out of order: ${close[0]}`);
      tokens.push({ kind: 'close', name: close[1] as string });
      rest = rest.slice(close[0].length);
      continue;
    }
    const tag = TAG.exec(rest);
    if (!tag) throw new Error(`no tag: ${rest.slice(0, 60)}`);
    const [all, name = '', inner = ''] = tag;
    const attributes = Object.fromEntries(
      [...inner.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, decoded(value)]),
    );
    tokens.push({ kind: VOID.has(name) ? 'void' : 'open', name, attributes });
    if (!VOID.has(name)) open.push(name);
    rest = rest.slice(all.length);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  return tokens;
}

/** The text of it, as a person reads it. */
export function textOfMarkup(tokens: readonly Token[]): string {
  return tokens
    .map((token) => (token.kind === 'text' ? token.text : token.kind === 'void' ? '\n' : ''))
    .join('');
}

function decoded(text: string): string {
  const left = text.replace(ENTITY, '');
  if (/[<>&]/.test(left)) throw new Error(`not escaped: ${left.slice(0, 60)}`);
  return text.replace(ENTITY, (entity, code?: string, name?: string) => {
    const sign = code === undefined ? NAMED[name as string] : String.fromCodePoint(Number(code));
    if (sign === undefined) throw new Error(`no such entity: ${entity}`);
    return sign;
  });
}
