import { base64Forms, coded, divided, plainForms, wholeForms } from './secret-forms';
import { SecretRuns } from './secret-runs';
import { SecretScan } from './secret-scan';

/** Shorter than this, replacing a secret everywhere would garble every text and hide nothing. */
const MIN_SECRET = 4;

/** Bodies up to this size in bytes (a message, a v2 report) are searched for parts of eight characters. A v3 report is larger. */
const SMALL_BODY = 16 * 1024;
/** Steps of the scan that finds parts of eight and of sixteen bytes. */
const [STEP_OF_8, STEP_OF_16] = [5, 13];

const CODE = Buffer.from('\\u00');
const BACKSLASH = 0x5c;

const REPLACEMENT = '[redacted]';

/**
 * Takes secrets out of text that somebody else may have put them into: VirusTotal has echoed a wrong key in its error
 * message, API v2 has it in the URL, and proxies print what they refused.
 *
 * A secret of sixteen letters and digits or more, as an API key is, is found in parts too, in either direction, in hex, base64, percent
 * codes, HTML entities and backslash codes, and divided by anything that is no letter or digit; a shorter one as a whole.
 */
export class Redactor {
  readonly #known: readonly string[];
  readonly #pattern: RegExp | undefined;
  readonly #runs: SecretRuns;
  /** Whether a secret is too short for the scan of large bodies. */
  readonly #hasShort: boolean;
  /** For small and for large bodies. Made when one is first looked at: most redactors only ever see errors. */
  #small: SecretScan | undefined;
  #large: SecretScan | undefined;

  /** @param secrets API key, passwords, ...; missing ones and those under four characters are ignored. */
  constructor(secrets: Iterable<string | undefined>) {
    this.#known = [...secrets].flatMap((secret) => (secret === undefined ? [] : wellFormed(secret)));
    const base64 = this.#known.flatMap(base64Forms).filter((form) => form.length >= MIN_SECRET);
    // The longest first: a form may be the beginning of another.
    const forms = [...new Set([...this.#known.flatMap(plainForms), ...base64])].sort(
      (a, b) => b.length - a.length,
    );
    if (forms.length > 0) this.#pattern = new RegExp(forms.map(escapeRegExp).join('|'), 'gi');
    this.#runs = new SecretRuns(this.#known);
    this.#hasShort = this.#known.some((secret) => secret.length < 16);
  }

  /** The text without the secrets and parts of them, whatever their case and encoding. */
  redact(text: string): string {
    return this.#clean(text, true);
  }

  /**
   * A JSON value without the secrets, in names of fields too; the value itself where there is none. A part under sixteen characters is
   * taken out only where it stands alone: in the middle of a hash it is there by chance.
   */
  redactValue(value: unknown): unknown {
    if (typeof value === 'string') return this.#clean(value, false);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.redactValue(item));
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    let same = true;
    const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
      const clean: [string, unknown] = [this.#clean(name, false), this.redactValue(field)];
      same &&= clean[0] === name && clean[1] === field;
      return clean;
    });
    // Unlike assignment it makes `__proto__` a field like any other.
    return same ? value : Object.fromEntries(fields);
  }

  /**
   * Whether a closer look at a JSON text, by `redactValue`, is worth its while: a look that each report, tens of kilobytes, can bear.
   * False where no secret is in it.
   */
  mayContainSecret(json: Buffer): boolean {
    const scan =
      json.length <= SMALL_BODY || this.#hasShort
        ? (this.#small ??= scanFor(this.#known, STEP_OF_8, 8))
        : (this.#large ??= scanFor(this.#known, STEP_OF_16, 16));
    if (scan.finds(json) || hasNeedlessCode(json)) return true;
    // Too short for the scan's pieces.
    return this.#known.some(
      (secret) => secret.length < 8 && plainForms(secret).some((form) => json.includes(form)),
    );
  }

  #clean(text: string, isStrict: boolean): string {
    const clean = this.#pattern === undefined ? text : text.replace(this.#pattern, REPLACEMENT);
    let result = '';
    let at = 0;
    for (const [from, to] of this.#runs.in(clean, isStrict)) {
      result += clean.slice(at, from) + REPLACEMENT;
      at = to;
    }
    return at === 0 ? clean : result + clean.slice(at);
  }
}

/** @param least letters of the shortest part that counts of the secret as it is, or with each letter as a code */
function scanFor(secrets: readonly string[], step: number, least: number): SecretScan {
  const scan = new SecretScan(step);
  for (const secret of secrets) {
    const { reversed, hex, base64 } = wholeForms(secret);
    for (const form of plainForms(secret)) scan.add(form, least);
    for (const form of [reversed, ...hex, ...base64]) scan.add(form, 16);
    for (const form of coded(secret))
      scan.add(form, least * Math.floor(Buffer.byteLength(form) / secret.length));
    // A part of the key is never divided itself.
    for (const form of divided(secret)) scan.add(form, Buffer.byteLength(form) * 0.75);
  }
  return scan;
}

/** True if the JSON writes a letter or digit as a code such as `\u0061`. No serializer does that, and the scan does not read it. */
function hasNeedlessCode(json: Buffer): boolean {
  // Most reports have no backslash at all, and to look for one byte is much quicker.
  if (!json.includes(BACKSLASH)) return false;
  for (let at = json.indexOf(CODE); at >= 0; at = json.indexOf(CODE, at + 4)) {
    // One of ASCII, but no control character, `"`, `&`, `'`, `<` and such, which some serializers write so.
    const first = json[at + 4] as number;
    if (first < 0x33 || first > 0x37) continue;
    const code = parseInt(json.toString('latin1', at + 4, at + 6), 16);
    if ((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a))
      return true;
  }
  return false;
}

/** Half a surrogate pair, which percent-encoding throws at, as it goes over the wire. */
function wellFormed(secret: string): string[] {
  return secret.length < MIN_SECRET ? [] : [Buffer.from(secret).toString()];
}

function escapeRegExp(form: string): string {
  return form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
