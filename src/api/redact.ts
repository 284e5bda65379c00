/** Shorter than this, replacing a secret everywhere would garble every text and hide nothing. */
const MIN_SECRET = 4;

const REPLACEMENT = '[redacted]';

/**
 * Takes secrets out of text that somebody else may have put them into: VirusTotal has echoed a wrong key in its error
 * message, API v2 has it in the URL, and proxies print what they refused.
 */
export class Redactor {
  readonly #pattern: RegExp | undefined;
  readonly #forms: readonly string[];

  /** @param secrets API key, passwords, ...; empty ones and those under four characters are ignored. */
  constructor(secrets: Iterable<string | undefined>) {
    const forms = new Set<string>();
    for (const secret of secrets) {
      if (secret === undefined || secret.length < MIN_SECRET) continue;
      for (const form of formsOf(secret)) if (form.length >= MIN_SECRET) forms.add(form);
    }
    // The longest first: a form may be the beginning of another.
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
    const alternatives = this.#forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    if (alternatives.length > 0) this.#pattern = new RegExp(alternatives.join('|'), 'gi');
  }

  /** The text without the secrets, whatever their case and encoding. */
  redact(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, REPLACEMENT);
  }

  /** Whether a secret stands in the text letter by letter: a cheap look at each whole body. */
  isIn(text: string): boolean {
    return this.#forms.some((form) => text.includes(form));
  }
}

/** As it is, percent-encoded (query and path), as JSON writes it, and in base64 wherever it stands in the encoded text. */
function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)];
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    // The first and last groups mix in bits of the neighbours.
    const own = encoded
      .replace(/=+$/, '')
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + Buffer.byteLength(secret)) * 8) / 6));
    forms.push(own, own.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}
