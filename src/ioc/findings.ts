import { canonicalAddress } from './address';
import { readHostName } from './domain';
import { byKind, FilesByHash, type HashPlace, strongest } from './file-hashes';
import { placeOfPermalink } from './hash-place';
import { hashOfNothing } from './hash-of-nothing';
import type { VirusTotalError } from '../errors';
import { createGuard, type Guard, type GuardOptions } from './guard';
import type { FileHashes, FoundIoc, IocType, SkippedIoc } from './ioc';
import { readLink } from './link';
import { MAX_IOCS, tooMuch } from './limits';
import { formatPath, type PropertyPath } from './property-path';
import { hostOfUrl } from './url';
import { ValueSet } from './value-set';

interface FindingsOptions extends GuardOptions {
  hosts?: boolean;
  mailDomains?: boolean;
  guard?: Guard;
}

/** What is known of hex digits of a hash's length where they stand. */
export const enum Evidence {
  None = 0,
  /** They are the id of something, or the hash of something else than a file. */
  Id = 1,
  /** A word or the key says that they are a hash. */
  Named = 2,
}

/** What a search has found so far, each indicator once, parted by the guard. */
export class Findings {
  #iocs: FoundIoc[] = [];
  readonly #skipped: SkippedIoc[] = [];
  /** How many of the indicators are hashes: of those a file has up to three. */
  #hashCount = 0;
  /** Whether the domain of a mail address is wanted. */
  readonly mailDomains: boolean;
  readonly #hosts: boolean;
  readonly #skipPrivate: boolean;
  readonly #guard: Guard;
  /** These are made with the first of them: most texts have none. */
  #seen: ValueSet | undefined;
  #named: ValueSet | undefined;
  #ids: ValueSet | undefined;
  /** Hashes of one kind so far, and the length of these. */
  #unplaced: { hash: string; placeOf: () => HashPlace | undefined }[] | undefined;
  #length = 0;
  /** Whether there are two of different lengths: only such can be of one file. */
  #hasKinds = false;
  #files: FilesByHash | undefined;
  /** Of files whose bytes were there, by SHA-256. */
  #names: Map<string, string> | undefined;

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
    if (evidence === Evidence.Id) (this.#ids ??= new ValueSet()).add(hash);
    else if (evidence === Evidence.Named) (this.#named ??= new ValueSet()).add(hash);
  }

  /** A hash. @param placeOf where it stands beside others: asked in the order of the hashes, once there are some of another kind */
  addHash(hash: string, placeOf: () => HashPlace | undefined): void {
    if (this.#hasKinds) return this.#place(hash, placeOf);
    const unplaced = (this.#unplaced ??= []);
    if (unplaced.push({ hash, placeOf }) === 1) this.#length = hash.length;
    this.#hasKinds = hash.length !== this.#length;
    // Never very many at once: to ask for all of a long text would block.
    if (!this.#hasKinds && unplaced.length <= MOST_UNPLACED) return;
    this.#unplaced = [];
    for (const one of unplaced) this.#place(one.hash, one.placeOf);
  }

  #place(hash: string, placeOf: () => HashPlace | undefined): void {
    const place = placeOf();
    if (place !== undefined) (this.#files ??= new FilesByHash()).add(hash, place);
  }

  /**
   * What is worth a lookup, each file once, and what is not sent. Without the hashes that no word called one, and that stand at another place
   * as the id of something.
   * @throws VirusTotalError `VT_INVALID_IOC` for more indicators than the limit.
   */
  finish(): { iocs: FoundIoc[]; skipped: SkippedIoc[] } {
    const found =
      this.#ids !== undefined && this.#hashCount > 0
        ? this.#iocs.filter(({ type, value }) => type !== 'file' || this.#isHash(value))
        : this.#iocs;
    if (!this.#hasKinds) {
      if (found.length > MAX_IOCS) throw tooMany();
      return { iocs: found, skipped: this.#skipped };
    }
    const files = this.#filesOfHashes();
    const skipped = [...this.#skipped];
    const iocs = files.size === 0 ? found : asFiles(withoutSkippedFiles(found, skipped, files), files);
    if (this.#names !== undefined) {
      for (const ioc of iocs) {
        const name = ioc.type === 'file' ? this.#names.get(ioc.value) : undefined;
        if (name !== undefined) ioc.name = name;
      }
    }
    if (iocs.length > MAX_IOCS) throw tooMany();
    return { iocs, skipped };
  }

  #isHash(value: string): boolean {
    return this.#ids?.has(value) !== true || this.#named?.has(value) === true;
  }

  #filesOfHashes(): ReadonlyMap<string, FileHashes> {
    if (this.#files === undefined) return NO_FILES;
    // Which a great many files have by mistake.
    return this.#files.files((hash) => this.#isHash(hash) && hashOfNothing(hash) === undefined);
  }

  has(value: string): boolean {
    return this.#seen?.has(value) === true;
  }

  /** @throws VirusTotalError `VT_INVALID_IOC` for the first indicator over the limit. */
  add(type: IocType, value: string, text: string, place: PropertyPath | undefined): void {
    if (type === 'url') this.#addLink(value, text, place);
    else this.#addOne(type, value, text, place);
  }

  /** A file whose bytes stood there, by their SHA-256; `keptBack`: why it isn't looked up, if so. */
  addFile(
    sha256: string,
    name: string | undefined,
    place: PropertyPath | undefined,
    keptBack?: string,
  ): void {
    if (name !== undefined) (this.#names ??= new Map<string, string>()).set(sha256, name);
    if (this.has(sha256)) return;
    this.addEvidence(sha256, Evidence.Named);
    if (keptBack === undefined)
      return this.#addOne('file', sha256, name ?? sha256, place, name === undefined ? NOTHING : { name });
    (this.#seen ??= new ValueSet()).add(sha256);
    this.#skipped.push({ type: 'file', value: sha256, reason: keptBack });
  }

  /** A link to an analysis is no indicator: what the analysis is of is. What was wrapped is sent without the wrapper. */
  #addLink(url: string, text: string, place: PropertyPath | undefined): void {
    if (this.has(url)) return;
    const { indicator, wrapper, reason = '', shown = url } = readLink(url, text);
    if (indicator === undefined) {
      (this.#seen ??= new ValueSet()).add(url);
      return void this.#skipped.push({ type: 'url', value: shown, reason });
    }
    if (indicator.type === 'file') this.addHash(indicator.value, () => placeOfPermalink(place));
    this.#addOne(indicator.type, indicator.value, text, place, wrapper === undefined ? NOTHING : { wrapper });
    if (indicator.type === 'url' && this.#hosts) this.#addHost(hostOfUrl(indicator.value), text, place);
  }

  #addHost(host: string, text: string, place: PropertyPath | undefined): void {
    const address = canonicalAddress(host);
    if (address !== undefined) return this.#addOne('ip', address, text, place);
    const ending = readHostName(host)?.ending;
    // A host without a top-level domain cannot be looked up: the guard lists it as skipped.
    const isLookedUp = ending === 'unknown' ? this.#skipPrivate : ending !== 'suffix';
    if (isLookedUp) this.#addOne('domain', host, text, place);
  }

  #addOne(
    type: IocType,
    value: string,
    text: string,
    place: PropertyPath | undefined,
    extra: Pick<FoundIoc, 'wrapper' | 'name'> = NOTHING,
  ): void {
    // A single label, which only the guard would list.
    if (type === 'domain' && !this.#skipPrivate && !value.includes('.')) return;
    // Values of two kinds are never the same text.
    if (!(this.#seen ??= new ValueSet()).add(value)) return;
    const reason = (type === 'file' ? hashOfNothing(value) : undefined) ?? this.#guard({ type, value });
    if (reason !== undefined) return void this.#skipped.push({ type, value, reason });
    if (type === 'file') this.#hashCount++;
    const others = this.#iocs.length + 1 - this.#hashCount;
    if (others > MAX_IOCS || this.#hashCount > HASHES_OF_A_FILE * MAX_IOCS) throw tooMany();
    const found: FoundIoc = { type, value, text, path: formatPath(place) };
    if (type === 'file') found.hashes = byKind(value);
    const one = extra === NOTHING ? found : { ...found, ...extra };
    // Most texts have no second one, and an empty list makes room for many.
    if (this.#iocs.length === 0) this.#iocs = [one];
    else this.#iocs.push(one);
  }
}

const HASHES_OF_A_FILE = 3;
/** More hashes of one kind are placed before it is known whether there are others. */
const MOST_UNPLACED = 64;

function tooMany(): VirusTotalError {
  return tooMuch(`more than ${MAX_IOCS} indicators were found: search a part of the value`);
}

const NO_FILES: ReadonlyMap<string, FileHashes> = new Map();

/** A file that is on the allow list by one of its hashes is there by all of them: these are added to what is skipped. */
function withoutSkippedFiles(
  iocs: readonly FoundIoc[],
  skipped: SkippedIoc[],
  files: ReadonlyMap<string, FileHashes>,
): readonly FoundIoc[] {
  if (skipped.length === 0) return iocs;
  const reasons = new Map<FileHashes, string>();
  for (const { value, reason } of skipped) {
    const hashes = files.get(value);
    if (hashes !== undefined) reasons.set(hashes, reason);
  }
  if (reasons.size === 0) return iocs;
  return iocs.filter(({ type, value }) => {
    const hashes = type === 'file' ? files.get(value) : undefined;
    const reason = hashes === undefined ? undefined : reasons.get(hashes);
    if (reason !== undefined) skipped.push({ type, value, reason: `of a file that is ${reason}` });
    return reason === undefined;
  });
}

/** Each file where the first of its hashes stands, as what the strongest is. */
function asFiles(iocs: readonly FoundIoc[], files: ReadonlyMap<string, FileHashes>): FoundIoc[] {
  const byValue = new Map<string, FoundIoc>();
  for (const ioc of iocs) if (ioc.type === 'file') byValue.set(ioc.value, ioc);
  const seen = new Set<FileHashes>();
  const once: FoundIoc[] = [];
  for (const ioc of iocs) {
    const hashes = ioc.type === 'file' ? files.get(ioc.value) : undefined;
    if (hashes === undefined) {
      once.push(ioc);
    } else if (!seen.has(hashes)) {
      seen.add(hashes);
      once.push({ ...(byValue.get(strongest(hashes)) ?? ioc), hashes: { ...hashes } });
    }
  }
  return once;
}

const NOTHING = {};
