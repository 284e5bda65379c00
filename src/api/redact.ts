/** Shorter than this, replacing a secret everywhere would garble every text and hide nothing. */
const MIN_SECRET = 4;

const REPLACEMENT = '[redacted]';

/**
 * Takes secrets out of text that somebody else may have put them into: VirusTotal has echoed a wrong key in its error
 * message, API v2 has it in the URL, and proxies print what they refused.
 */
export class Redactor {
  readonly #plain: readonly string[];
  readonly #pattern: RegExp | undefined;

  /** @param secrets API key, passwords, ...; missing ones and those under four characters are ignored. */
  constructor(secrets: Iterable<string | undefined>) {
    const known = [...secrets].flatMap((secret) => (secret === undefined ? [] : wellFormed(secret)));
    this.#plain = unique(known.flatMap(plainForms));
    // The longest first: a form may be the beginning of another.
    const forms = unique([...this.#plain, ...known.flatMap(base64Forms)]).sort((a, b) => b.length - a.length);
    if (forms.length > 0) this.#pattern = new RegExp(forms.map(escaped).join('|'), 'gi');
  }

  /** The text without the secrets, whatever their case and encoding. */
  redact(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, REPLACEMENT);
  }

  /** Whether a secret stands in the text letter by letter: a look that each report, tens of kilobytes, can bear. */
  isIn(text: string): boolean {
    return this.#plain.some((form) => text.includes(form));
  }
}

/** As it is, percent-encoded, and as JSON writes it. */
function plainForms(secret: string): string[] {
  return [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)];
}

/** What base64 makes of it wherever it stands in the encoded text: there are three ways to fall on groups of three. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bits = (before + Buffer.byteLength(secret)) * 8;
    const encoded = Buffer.from('\0'.repeat(before) + secret).toString('base64');
    // Digits at the edges that hold bits of a neighbour too are left out.
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
    return own.length < MIN_SECRET ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Half a surrogate pair, which percent-encoding throws at, as it goes over the wire. */
function wellFormed(secret: string): string[] {
  return secret.length < MIN_SECRET ? [] : [Buffer.from(secret).toString()];
}

function escaped(form: string): string {
  return form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function unique(forms: string[]): string[] {
  return [...new Set(forms)];
}
