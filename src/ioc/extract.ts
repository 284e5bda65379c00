import { createGuard } from './guard';
import { hintOfKey } from './hint';
import type { FoundIoc, IocType, SkippedIoc } from './ioc';
import { IocLimitError, MAX_IOCS } from './limits';
import { formatPlace, nameOfPlace, type Place } from './place';
import { recogniseIoc } from './recognise';
import { refang } from './refang';
import { scan } from './scan';
import { walk } from './walk';

export interface ExtractOptions {
  /** Also report the host of each URL, as a domain or an IP address. Default false. */
  hosts?: boolean;
  /** Also report the domain of each mail address. Default false. */
  mailDomains?: boolean;
  /** Keep back private, reserved and internal indicators; they are listed in `skipped`. Default true. */
  skipPrivate?: boolean;
  /** What is never looked up, one a line: domain (with its subdomains), IP or CIDR, hash, URL prefix. Default none. */
  allowList?: string | readonly string[];
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
  const found = new Findings(options);
  walk(value, (text, place, isKey) =>
    isKey ? searchKey(text, place, found) : searchText(text, place, found),
  );
  return { iocs: found.iocs, skipped: found.skipped };
}

function searchText(text: string, place: Place | undefined, found: Findings): void {
  const name = nameOfPlace(place);
  const hint = name === undefined ? undefined : hintOfKey(name);
  if (hint === 'ip' || hint === 'domain' || hint === 'url' || hint === 'file') {
    const whole = recogniseWhole(hint, text);
    if (whole !== undefined) return found.add(whole.type, whole.value, text.trim(), place);
  }
  const refanged = refang(text);
  scan(refanged, { hint, mailDomains: found.mailDomains }, (type, value, start, end) =>
    found.add(type, value, refanged.asItStood(start, end), place),
  );
}

function recogniseWhole(type: IocType, text: string): { type: IocType; value: string } | undefined {
  if (text.length > 8192 || (type === 'url' && !/[/:]/.test(text))) return undefined;
  const recognised = recogniseIoc(type, text);
  return 'value' in recognised ? { type, value: recognised.value } : undefined;
}

const PLAIN_KEY_ENDING = /\.(?:com|net|org|ru|cn|de|fr|uk|xyz|icu|biz)$/;

/** Keys are names more often than indicators (`user.name`, `event.id`): only what can't be a name counts. */
function searchKey(key: string, place: Place | undefined, found: Findings): void {
  if (!/[.:]|^[0-9a-f]{32,}$/i.test(key)) return;
  const refanged = refang(key);
  scan(refanged, { mailDomains: found.mailDomains }, (type, value, start, end) => {
    if (type === 'domain' && !PLAIN_KEY_ENDING.test(value)) return;
    found.add(type, value, refanged.asItStood(start, end), place);
  });
}

class Findings {
  readonly iocs: FoundIoc[] = [];
  readonly skipped: SkippedIoc[] = [];
  readonly mailDomains: boolean;
  readonly #hosts: boolean;
  readonly #guard;
  readonly #seen = new Set<string>();

  constructor({ hosts = false, mailDomains = false, skipPrivate = true, allowList = [] }: ExtractOptions) {
    this.mailDomains = mailDomains;
    this.#hosts = hosts;
    this.#guard = createGuard({ skipPrivate, allowList });
  }

  add(type: IocType, value: string, text: string, place: Place | undefined): void {
    this.#addOne(type, value, text, place);
    if (type !== 'url' || !this.#hosts) return;
    const host = new URL(value).hostname;
    const address = recogniseIoc('ip', host);
    if ('value' in address) return this.#addOne('ip', address.value, text, place);
    const domain = recogniseIoc('domain', host);
    if ('value' in domain) this.#addOne('domain', domain.value, text, place);
  }

  #addOne(type: IocType, value: string, text: string, place: Place | undefined): void {
    const key = `${type} ${value}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#seen.size > MAX_IOCS) {
      throw new IocLimitError(`more than ${MAX_IOCS} indicators were found: search a part of the value`);
    }
    const reason = this.#guard({ type, value });
    if (reason !== undefined) this.skipped.push({ type, value, reason });
    else this.iocs.push({ type, value, text, path: formatPlace(place) });
  }
}
