/**
 * The forms in which a server, a proxy or Redis may echo a secret (an API key, a password). Case never counts.
 *
 * A check has two steps, as nearly every text holds no secret. `SecretScan` looks for parts of these forms in the bytes of an answer, at about a
 * twentieth of the cost of parsing it. Only where it finds one, `SecretRuns` decodes the text and says which characters have to go. The forms are a
 * list of what was seen or can be made without effort; an encoding that is not among them is not recognized (SECURITY.md).
 */

/** As it is, percent-encoded, and as JSON writes it. */
export function plainForms(secret: string): string[] {
  return unique([secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)]);
}

/** What base64 makes of it wherever it stands in the encoded text: there are three ways to fall on groups of three. */
export function base64Forms(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret as string);
  return [0, 1, 2].flatMap((before) => {
    const bits = (before + bytes.length) * 8;
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Digits at the edges that hold bits of a neighbor too are left out.
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Its letters in the other direction, its bytes in hex, and base64 of it and of its capitals; the last two of UTF-16 too. */
export function wholeForms(secret: string): { reversed: string; hex: string[]; base64: string[] } {
  const utf16 = Buffer.from(secret, 'utf16le');
  return {
    reversed: [...secret].reverse().join(''),
    hex: [Buffer.from(secret).toString('hex'), utf16.toString('hex')],
    base64: unique([secret, secret.toUpperCase(), secret.toLowerCase(), utf16].flatMap(base64Forms)),
  };
}

/**
 * Each character written as a code, as it then stands in JSON: `%64%65`, `&#100;`, `&#x64;`, `\x64`, `\u0064`, `=64`, or in full width,
 * as it is or as a code.
 */
export function coded(secret: string): string[] {
  const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
  const ways: ((code: number) => string)[] = [
    (code) => `%${hex(code, 2)}`,
    (code) => `%25${hex(code, 2)}`,
    (code) => `%2525${hex(code, 2)}`,
    (code) => `=${hex(code, 2)}`,
    (code) => `&#${code};`,
    (code) => `&#x${hex(code, 2)};`,
    (code) => `&amp;#${code};`,
    (code) => `&amp;#x${hex(code, 2)};`,
    (code) => `\\\\x${hex(code, 2)}`,
    (code) => `\\\\u${hex(code, 4)}`,
    (code) => `\\\\\\\\u${hex(code, 4)}`,
    (code) => String.fromCharCode(code + FULL_WIDTH),
    (code) => `\\u${hex(code + FULL_WIDTH, 4)}`,
  ];
  return ways.map((way) => [...Buffer.from(secret)].map(way).join(''));
}

/** From a character of ASCII to the same in full width. */
export const FULL_WIDTH = 0xfee0;

/** What divides a text, as it stands in JSON. */
const DIVIDERS = [
  ...[' ', '-', ':', '.', '_', ',', '/', '\u00ad', '\u200b', '\u200d', '\u2060', '\u00a0'],
  ...['\\u00ad', '\\u200b', '\\u00a0', '\\n', '\\r\\n', '\\t'],
];

/**
 * Divided by one sign throughout: the secret into single letters, pairs and groups of four, backwards into single letters, in hex into
 * bytes. Groups of eight letters are known without this.
 */
export function divided(secret: string): string[] {
  const { reversed, hex } = wholeForms(secret);
  return [
    ...[1, 2, 4].map((size) => groups(secret, size)),
    groups(reversed, 1),
    ...hex.slice(0, 1).map((digits) => groups(digits, 2)),
  ].flatMap((row) => DIVIDERS.map((divider) => row.join(divider)));
}

function groups(text: string, size: number): string[] {
  return text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
}

/** Only letters and digits, small: what is left of a form that was folded, broken into lines or divided by dots. */
export function squeezed(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z]/g, '');
}

function unique(forms: string[]): string[] {
  return [...new Set(forms)];
}
