/** Decodes bytes by the charset that a mail declares; as UTF-8 if it declares none or an unknown one. */
export function decodeBytes(bytes: Uint8Array, charset: string | undefined): string {
  if (isUtf8(charset)) return UTF_8.decode(bytes);
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return UTF_8.decode(bytes);
  }
}

/** Whether a body is UTF-8 as far as its part says. */
export function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}

/** Made once: to make a decoder costs more than to decode the few bytes of an escape. */
const UTF_8 = new TextDecoder();
