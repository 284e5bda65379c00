/** The text of bytes in UTF-8, with the mark that may be at its begin. What is no UTF-8 becomes U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return UTF_8.decode(bytes);
}

/** The bytes of a text in UTF-8. */
export function bytesOfText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The bytes of hexadecimal digits, up to the first pair that are none. */
export function bytesOfHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let at = 0; at < bytes.length; at++) {
    const byte = digits.slice(at * 2, at * 2 + 2);
    if (!/^[\da-f]{2}$/i.test(byte)) return bytes.subarray(0, at);
    bytes[at] = parseInt(byte, 16);
  }
  return bytes;
}

const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();
