import { Findings } from './findings';
import type { GuardOptions } from './guard';
import { type Hint, hintOfPlace } from './hint';
import type { FoundIoc, IocType, SkippedIoc } from './ioc';
import type { Place } from './place';
import { recogniseIoc } from './recognise';
import { refang } from './refang';
import { scan } from './scan';
import { readTable } from './table';
import { MAX_URL_LENGTH } from './url';
import { walk } from './walk';

export interface ExtractOptions extends GuardOptions {
  /** Also report the host of each URL, as a domain or an IP address. Default false. */
  hosts?: boolean;
  /** Also report the domain of each mail address. Default false. */
  mailDomains?: boolean;
}

export interface Extraction {
  /** What is worth a lookup, each once, in order of appearance. */
  iocs: FoundIoc[];
  /** What was found and is not sent, each once, in order of appearance. */
  skipped: SkippedIoc[];
}

/**
 * Finds the indicators that a person would find in a value: text, HTML, JSON text, objects, arrays, Buffers of text.
 * @throws {IocLimitError} `VT_INVALID_IOC`, over 8 MiB of text, 64 levels of nesting or 5,000 indicators.
 * @throws {IocOptionError} `VT_CONFIG`, for a line of the allow list that is nothing it could hold.
 */
export function extractIocs(value: unknown, options: ExtractOptions = {}): Extraction {
  const findings = new Findings(options);
  const mailDomains = options.mailDomains ?? false;
  walk(value, (text, place, isKey) => {
    if (isKey) searchKey(text, place, findings);
    else searchText(text, place, findings, mailDomains);
  });
  return { iocs: findings.iocs, skipped: findings.skipped };
}

function searchText(text: string, place: Place | undefined, findings: Findings, mailDomains: boolean): void {
  const add = (type: IocType, value: string, asItStood: string) =>
    findings.add(type, value, asItStood, place);
  const cells = readTable(text);
  if (cells === undefined) {
    const hint = hintOfPlace(place);
    if (hint === 'domain' && isMachineName(text))
      return add('domain', text.trim().toLowerCase(), text.trim());
    return searchPiece(text, hint, mailDomains, add);
  }
  for (const cell of cells) searchPiece(cell.text, cell.hint, mailDomains, add);
}

function searchPiece(text: string, hint: Hint | undefined, mailDomains: boolean, add: Add): void {
  if (text.length < 3) return;
  const whole = hint === undefined ? undefined : recogniseWhole(hint, text);
  if (whole !== undefined) return add(whole.type, whole.value, text.trim());
  const refanged = refang(text);
  scan({
    text: refanged.text,
    refanged,
    hint,
    mailDomains,
    found: (type, value, start, end) => add(type, value, refanged.asItStood(start, end)),
  });
}

type Add = (type: IocType, value: string, asItStood: string) => void;

/** Reads a value as what its key says it is. */
function recogniseWhole(hint: Hint, text: string): { type: IocType; value: string } | undefined {
  if (hint !== 'ip' && hint !== 'domain' && hint !== 'url' && hint !== 'file') return undefined;
  if (text.length > MAX_URL_LENGTH || /[\s,;]\S/.test(text.trim())) return undefined;
  // A bare host is more likely to be asked as a domain, and says nothing of http or https.
  if (hint === 'url' && !/[/:]/.test(text)) return undefined;
  const recognised = recogniseIoc(hint, text);
  if ('value' in recognised)
    return /^0+$/.test(recognised.value) ? undefined : { type: hint, value: recognised.value };
  return undefined;
}

/** A single label under a key as `hostname`: a name of the inside, which the guard lists. */
function isMachineName(text: string): boolean {
  return (
    /^\s*[a-z][a-z0-9-]{0,62}\s*$/i.test(text) &&
    !/^\s*(?:unknown|none|null|true|false|undefined|any|na)\s*$/i.test(text)
  );
}

const NO_NAME_OF_A_FIELD = /\.(?:com|net|org|ru|cn|de|fr|uk|xyz|icu|biz)$/;

/** Keys are names of fields (`user.name`, `event.id`) more often than indicators: only what can't be one counts. */
function searchKey(key: string, place: Place | undefined, findings: Findings): void {
  if (!/[.:]|^[0-9a-f]{32,}$/i.test(key)) return;
  searchPiece(key, undefined, false, (type, value, asItStood) => {
    if (type !== 'domain' || NO_NAME_OF_A_FIELD.test(value)) findings.add(type, value, asItStood, place);
  });
}
