import { canonicalAddress } from './address';
import { readHostName } from './domain';
import { hashOfNothing } from './hash-of-nothing';
import { createGuard, type Guard, type GuardOptions } from './guard';
import type { FoundIoc, IocType, SkippedIoc } from './ioc';
import { readLink } from './link';
import { MAX_IOCS, tooMuch } from './limits';
import { formatPath, type PropertyPath } from './property-path';
import { hostOfUrl } from './url';

interface FindingsOptions extends GuardOptions {
  hosts?: boolean;
  mailDomains?: boolean;
  guard?: Guard;
}

/** What is known of hex digits of a hash's length where they stand: a sum of these for all places. */
export const enum Evidence {
  None = 0,
  /** They are the id of something, or the hash of something else than a file. */
  Id = 1,
  /** A word or the key says that they are a hash. */
  Named = 2,
}

/** What a search has found so far, each indicator once, parted by the guard. */
export class Findings {
  readonly iocs: FoundIoc[] = [];
  readonly skipped: SkippedIoc[] = [];
  /** Whether the domain of a mail address is wanted. */
  readonly mailDomains: boolean;
  readonly #hosts: boolean;
  readonly #skipPrivate: boolean;
  readonly #guard: Guard;
  /** Made with the first: most texts have none. */
  #seen: Set<string> | undefined;
  #evidence: Map<string, number> | undefined;
  #hasIds = false;

  constructor({
    hosts = false,
    mailDomains = false,
    skipPrivate = true,
    allowList = [],
    guard = createGuard({ skipPrivate, allowList }),
  }: FindingsOptions) {
    this.mailDomains = mailDomains;
    this.#hosts = hosts;
    this.#skipPrivate = skipPrivate;
    this.#guard = guard;
  }

  /** Hex digits of a hash's length, with what was known where they stood; see {@link Evidence}. */
  addEvidence(hash: string, evidence: Evidence): void {
    if (evidence === Evidence.None) return;
    this.#hasIds ||= evidence === Evidence.Id;
    const known = (this.#evidence ??= new Map<string, number>()).get(hash) ?? 0;
    const sum = known | evidence;
    if (sum !== known) this.#evidence.set(hash, sum);
  }

  /** Without the hashes that no word called one, and that stand at another place as the id of something. */
  get found(): FoundIoc[] {
    const evidence = this.#evidence;
    if (evidence === undefined || !this.#hasIds) return this.iocs;
    return this.iocs.filter(({ value }) => evidence.get(value) !== Evidence.Id);
  }

  has(value: string): boolean {
    return this.#seen?.has(value) === true;
  }

  /** @throws VirusTotalError `VT_INVALID_IOC` for the first indicator over the limit. */
  add(type: IocType, value: string, text: string, place: PropertyPath | undefined): void {
    if (type === 'url') this.#addLink(value, text, place);
    else this.#addOne(type, value, text, place);
  }

  /** A link to an analysis is no indicator: what the analysis is of is. What was wrapped is sent without the wrapper. */
  #addLink(url: string, text: string, place: PropertyPath | undefined): void {
    if (this.has(url)) return;
    const { indicator, wrapper, reason = '' } = readLink(url, text);
    if (indicator === undefined) {
      (this.#seen ??= new Set()).add(url);
      return void this.skipped.push({ type: 'url', value: url, reason });
    }
    this.#addOne(indicator.type, indicator.value, text, place, wrapper);
    if (indicator.type === 'url' && this.#hosts) this.#addHost(hostOfUrl(indicator.value), text, place);
  }

  #addHost(host: string, text: string, place: PropertyPath | undefined): void {
    const address = canonicalAddress(host);
    if (address !== undefined) return this.#addOne('ip', address, text, place);
    const ending = readHostName(host)?.ending;
    // A host without a top-level domain is for the guard to list: nobody can look it up.
    const isLookedUp = ending === 'unknown' ? this.#skipPrivate : ending !== 'suffix';
    if (isLookedUp) this.#addOne('domain', host, text, place);
  }

  #addOne(
    type: IocType,
    value: string,
    text: string,
    place: PropertyPath | undefined,
    wrapper?: string,
  ): void {
    // Values of two kinds are never the same text.
    if (this.has(value)) return;
    // So is a single label.
    if (type === 'domain' && !this.#skipPrivate && !value.includes('.')) return;
    (this.#seen ??= new Set()).add(value);
    const reason = (type === 'file' ? hashOfNothing(value) : undefined) ?? this.#guard({ type, value });
    if (reason !== undefined) return void this.skipped.push({ type, value, reason });
    if (this.iocs.length === MAX_IOCS) {
      throw tooMuch(`more than ${MAX_IOCS} indicators were found: search a part of the value`);
    }
    const found = { type, value, text, path: formatPath(place) };
    this.iocs.push(wrapper === undefined ? found : { ...found, wrapper });
  }
}
