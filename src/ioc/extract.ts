import { Findings } from './findings';
import type { GuardOptions } from './guard';
import { hintOfPlace } from './hint';
import type { Hint } from './hint-words';
import type { FoundIoc, IocType, SkippedIoc } from './ioc';
import type { Place } from './place';
import { Reading } from './reading';
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
  walk(value, {
    text: (text, place) => searchText(text, place, findings),
    key: (key, place) => searchKey(key, place, findings),
  });
  return { iocs: findings.iocs, skipped: findings.skipped };
}

function searchText(text: string, place: Place | undefined, findings: Findings): void {
  const cells = readTable(text);
  if (cells !== undefined) {
    for (const cell of cells) searchPiece(cell.text, cell.hint, place, findings);
    return;
  }
  const hint = place === undefined ? undefined : hintOfPlace(place);
  if ((hint === 'domain' || hint === 'domains') && isMachineName(text)) {
    return findings.add('domain', text.trim().toLowerCase(), text.trim(), place);
  }
  searchPiece(text, hint, place, findings);
}

function searchPiece(
  text: string,
  hint: Hint | undefined,
  place: Place | undefined,
  findings: Findings,
): void {
  if (text.length < 3) return;
  const type = hint === undefined ? undefined : typeOf(hint);
  const value = type === undefined ? undefined : recogniseWhole(type, text);
  if (type !== undefined && value !== undefined) return findings.add(type, value, text.trim(), place);
  scan(new Reading(refang(text), hint, place, findings));
}

function typeOf(hint: Hint): IocType | undefined {
  if (hint === 'domains') return 'domain';
  return hint === 'ip' || hint === 'domain' || hint === 'url' || hint === 'file' ? hint : undefined;
}

/** Reads a value as what its key says it is. */
function recogniseWhole(type: IocType, text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH || /[\s,;]\S/.test(text.trim())) return undefined;
  // A bare host is more likely to be asked as a domain, and says nothing of http or https.
  if (type === 'url' && !/[/:]/.test(text)) return undefined;
  const recognised = recogniseIoc(type, text);
  // A hash of zeros is the absence of one.
  return 'value' in recognised && !/^0+$/.test(recognised.value) ? recognised.value : undefined;
}

/** A single label under a key as `hostname`: a name of the inside, which the guard lists. */
function isMachineName(text: string): boolean {
  if (!/^\s*[a-z][a-z0-9-]{0,62}\s*$/i.test(text)) return false;
  return !/^\s*(?:unknown|none|null|true|false|undefined|any|na)\s*$/i.test(text);
}

/** Keys are names of fields (`user.name`, `event.id`) more often than indicators: only what can't be one counts. */
function searchKey(key: string, place: Place, findings: Findings): void {
  if (/[.:]|^[0-9a-f]{32,}$/i.test(key)) scan(new Reading(refang(key), 'key', place, findings));
}
