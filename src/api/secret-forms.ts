/** In what somebody may say a secret back. Case never counts. */

/** As it is, percent-encoded, and as JSON writes it. */
export function plainForms(secret: string): string[] {
  return unique([secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)]);
}

/** What base64 makes of it wherever it stands in the encoded text: there are three ways to fall on groups of three. */
export function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bits = (before + Buffer.byteLength(secret)) * 8;
    const encoded = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    // Digits at the edges that hold bits of a neighbour too are left out.
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Its letters in the other direction, its bytes in hex, and base64 of it and of its capitals. */
export function wholeForms(secret: string): { reversed: string; hex: string; base64: string[] } {
  return {
    reversed: [...secret].reverse().join(''),
    hex: Buffer.from(secret).toString('hex'),
    base64: unique([secret, secret.toUpperCase(), secret.toLowerCase()].flatMap(base64Forms)),
  };
}

/** Each character written as a code, as it then stands in JSON: `%64%65`, `&#100;`, `&#x64;`, `\x64`, `\u0064`, `=64`. */
export function coded(secret: string): string[] {
  const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
  const ways: ((code: number) => string)[] = [
    (code) => `%${hex(code, 2)}`,
    (code) => `%25${hex(code, 2)}`,
    (code) => `=${hex(code, 2)}`,
    (code) => `&#${code};`,
    (code) => `&#x${hex(code, 2)};`,
    (code) => `&amp;#${code};`,
    (code) => `\\\\x${hex(code, 2)}`,
    (code) => `\\\\u${hex(code, 4)}`,
  ];
  return ways.map((way) => [...Buffer.from(secret)].map(way).join(''));
}

/** Only letters and digits, small: what is left of a form that was folded, broken into lines or divided by dots. */
export function squeezed(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z]/g, '');
}

function unique(forms: string[]): string[] {
  return [...new Set(forms)];
}
