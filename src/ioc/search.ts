import { BytesHash, fileNameIn } from './bytes-hash';
import { decodedWords, decodeEncodedWords, mayHoldEncodedWords } from './encoded-word';
import type { Mail } from '../mail/mail';
import { Evidence, Findings } from './findings';
import type { Guard, GuardOptions } from './guard';
import { placeInRow, placeOfBytes, placeOfHash, type Row } from './hash-place';
import { hintOfPlace } from './hint';
import type { Hint } from './hint-words';
import type { FoundIoc, IocType, SkippedIoc } from './ioc';
import { MAX_BYTES, tooMuch } from './limits';
import { type MailPiece, mailPieces } from './mail-pieces';
import { readMime } from './mime';
import type { PropertyPath } from './property-path';
import { TextScan } from './text-scan';
import { Trait, traitsOf } from './text-traits';
import { findEncodedDots } from './percent';
import { canonicalIoc } from './recognize';
import { refang, type Refanger, refangerOf } from './refang';
import { Refanged } from './refanged';
import { hasLongRun, Scan, scan } from './scan';
import { type Cell, readTable } from './table';
import { MAX_URL_LENGTH } from './url';
import { type Visitor, Walk } from './walk';
import { bytesOfText } from '../runtime/text-bytes';

/** What `extractIocs` looks for, and what it keeps back. */
export interface ExtractOptions extends GuardOptions {
  /** Also report the host of each URL, as a domain or an IP address. Default false. */
  hosts?: boolean;
  /** Also report the domain of each mail address. Default false. */
  mailDomains?: boolean;
}

/** What those who search many values give beside. */
export interface SearchOptions extends ExtractOptions {
  /** Made from the same options; default: made for this search. */
  guard?: Guard;
  /** Whether a mail as it was sent is left to a parser, for which the search waits: see `rawMail` of {@link Search}. Default false. */
  parsesMails?: boolean;
}

/** What `extractIocs` has found in a value. */
export interface Extraction {
  /** What is worth a lookup, each once, in order of appearance. */
  iocs: FoundIoc[];
  /** What was found and is not sent, each once, in order of appearance. */
  skipped: SkippedIoc[];
}

/** Characters of text between two looks at the clock; a longer text is read in pieces of this length. */
const PIECE = 16_384;
/** What a value costs beside its characters: a look at the clock after every few hundred short ones is enough. */
const COST_OF_A_STEP = 64;

/** A search of one value that can be interrupted between two pieces of work, and goes on where it was. */
export class Search implements Visitor {
  readonly #findings: Findings;
  readonly #walk: Walk;
  /** What is left of a mail, and where it stands. */
  #parts: Iterator<string> | undefined;
  /** What is left of a table, and where the table stands. */
  #cells: Iterator<Cell> | undefined;
  #place: PropertyPath | undefined;
  #long: LongText | undefined;
  /** A long key: what it is of may be long too. */
  #longKey: LongText | undefined;
  /** What is left of the encoded words of a text. */
  #words: Iterator<string> | undefined;
  /** What is left of mails that were parsed. */
  #mail: Iterator<MailPiece> | undefined;
  #raw: RawMail | undefined;
  readonly #parsesMails: boolean;
  #textBytes = 0;
  /** Bytes that are being hashed. */
  #file: { hash: BytesHash; place: PropertyPath | undefined } | undefined;
  #work = 0;

  /** @throws VirusTotalError as `extractIocs` does. */
  constructor(value: unknown, options: SearchOptions) {
    this.#findings = new Findings(options);
    this.#parsesMails = options.parsesMails === true;
    this.#walk = new Walk(this);
    this.#walk.start(value);
  }

  /** What has been found, once it is done. @throws VirusTotalError `VT_INVALID_IOC` for more indicators than the limit */
  get extraction(): Extraction {
    return this.#findings.finish();
  }

  /** A mail that somebody has to parse, and to give to `parsed`, before the search can go on. */
  get rawMail(): Uint8Array | undefined {
    return this.#raw?.bytes;
  }

  /** The mails that the one of `rawMail` is. */
  parsed(mails: readonly Mail[]): void {
    const place = this.#raw?.place;
    this.#raw = undefined;
    const isOne = mails.length === 1;
    this.#addMails(
      mails.map((mail, index) => mailPieces(mail, isOne ? place : { key: index, parent: place })),
    );
  }

  /**
   * Searches until it is done, has a mail to be parsed, or `isTimeUp` says so, which is asked after each piece of work of some milliseconds at most.
   * @returns whether it is done
   */
  run(isTimeUp: () => boolean): boolean {
    for (;;) {
      if (this.#raw !== undefined) return false;
      if (this.#file !== undefined) {
        this.#hashOn(this.#file);
        this.#work += PIECE;
      } else if (this.#longKey !== undefined) {
        if (this.#longKey.advance()) this.#longKey = undefined;
        this.#work += PIECE;
      } else if (this.#long !== undefined) {
        if (this.#long.advance()) this.#long = undefined;
        this.#work += PIECE;
      } else if (this.#cells !== undefined) this.#nextCell(this.#cells);
      else if (this.#words !== undefined) this.#nextWords(this.#words);
      else if (this.#parts !== undefined) this.#nextPart(this.#parts);
      else if (this.#mail !== undefined) this.#nextOfMail(this.#mail);
      else if (!this.#walk.step()) return true;
      this.#work += COST_OF_A_STEP;
      if (this.#work < PIECE) continue;
      this.#work = 0;
      if (isTimeUp()) return false;
    }
  }

  #nextCell(cells: Iterator<Cell>): void {
    const next = cells.next();
    if (next.done === true) this.#cells = undefined;
    else {
      const { text, hint, row } = next.value;
      this.#piece(text, traitsOf(text), hint, this.#place, row);
    }
  }

  #nextPart(parts: Iterator<string>): void {
    const next = parts.next();
    if (next.done === true) this.#parts = undefined;
    else if (next.value === '') this.#work += PIECE;
    else this.#plainText(next.value, Trait.All, this.#place);
  }

  #nextOfMail(pieces: Iterator<MailPiece>): void {
    const next = pieces.next();
    if (next.done === true) this.#mail = undefined;
    else if ('file' in next.value) {
      const { file, place } = next.value;
      this.#findings.addFile(file.sha256, file.name, place, file.reason);
    } else if (next.value.text === '') this.#work += PIECE;
    else {
      this.#textBytes += next.value.text.length;
      if (this.#textBytes > MAX_BYTES)
        throw tooMuch(`the mail has more than ${MAX_BYTES / 1024 / 1024} MiB of text: search a part of it`);
      this.text(next.value.text, traitsOf(next.value.text), next.value.place);
    }
  }

  #addMails(mails: readonly Iterable<MailPiece>[]): void {
    const before = this.#mail;
    this.#mail = (function* () {
      for (const mail of mails) yield* mail;
      for (let next = before?.next(); next !== undefined && next.done !== true; next = before?.next())
        yield next.value;
    })();
  }

  /** For the walk. */
  takeRawMail(mail: Uint8Array | string, place: PropertyPath | undefined): boolean {
    if (!this.#parsesMails) return false;
    this.#raw = { bytes: typeof mail === 'string' ? bytesOfText(mail) : mail, place };
    return true;
  }

  /** For the walk. */
  mail(mail: Mail, place: PropertyPath | undefined): void {
    this.#addMails([mailPieces(mail, place)]);
  }

  /** For the walk. */
  text(text: string, traits: number, place: PropertyPath | undefined): void {
    const parts = (traits & Trait.LineFeed) === 0 ? undefined : readMime(text);
    if (parts === undefined) return this.#plainText(text, traits, place);
    this.#parts = parts;
    this.#place = place;
  }

  #plainText(source: string, traits: number, place: PropertyPath | undefined): void {
    if ((traits & Trait.Equals) === 0 || !mayHoldEncodedWords(source))
      return this.#decodedText(source, traits, place);
    if (source.length > PIECE) {
      this.#words = decodedWords(source);
      this.#place = place;
      return;
    }
    const text = decodeEncodedWords(source);
    this.#decodedText(text, traitsOf(text), place);
  }

  #nextWords(words: Iterator<string>): void {
    const next = words.next();
    this.#work += PIECE;
    if (next.done === true || next.value === '') return;
    this.#words = undefined;
    this.#decodedText(next.value, traitsOf(next.value), this.#place);
  }

  #decodedText(text: string, traits: number, place: PropertyPath | undefined): void {
    const hint = place === undefined ? undefined : hintOfPlace(place);
    const isTable = (traits & (Trait.LineFeed | Trait.Separator)) !== 0;
    const cells = isTable ? readTable(text, hint !== undefined) : undefined;
    if (cells !== undefined) {
      this.#cells = cells;
      this.#place = place;
      return;
    }
    if ((hint === 'domain' || hint === 'domains') && isMachineName(text)) {
      return this.#findings.add('domain', text.trim().toLowerCase(), text.trim(), place);
    }
    this.#piece(text, traits, hint, place);
  }

  #piece(
    text: string,
    traits: number,
    hint: Hint | undefined,
    place: PropertyPath | undefined,
    row?: Row,
  ): void {
    if (text.length < 3) return;
    this.#work += text.length;
    const type = hint === undefined ? undefined : typeOf(hint);
    const value = type === undefined ? undefined : recogniseWhole(type, text);
    if (type !== undefined && value !== undefined) {
      if (type === 'file') {
        this.#findings.addEvidence(value, Evidence.Named);
        this.#findings.addHash(value, () =>
          row === undefined ? placeOfHash(place, '') : placeInRow(place, row),
        );
      }
      return this.#findings.add(type, value, text.trim(), place);
    }
    if (text.length > PIECE)
      this.#long = new LongText(text, (refanged) => new TextScan(refanged, hint, place, this.#findings, row));
    else if (mayHoldIndicator(text, traits)) {
      const textScan = new TextScan(refang(text, traits), hint, place, this.#findings, row);
      scan(textScan);
      if ((traits & (Trait.Percent | Trait.Obfuscation)) !== 0) findEncodedDots(textScan, 0, text.length);
    }
  }

  /** For the walk. */
  bytes(bytes: Uint8Array, place: PropertyPath | undefined): void {
    this.#file = { hash: new BytesHash(bytes), place };
  }

  #hashOn({ hash, place }: { hash: BytesHash; place: PropertyPath | undefined }): void {
    hash.advance();
    const { sha256 } = hash;
    if (sha256 === undefined) return;
    this.#file = undefined;
    this.#findings.addHash(sha256, () => placeOfBytes(place));
    this.#findings.addFile(sha256, fileNameIn(place?.object), place);
  }

  /** For the walk. */
  busy(): void {
    this.#work += PIECE;
  }

  /** For the walk. Keys are names of fields (`user.name`, `event.id`) more often than indicators: only what can't be one counts. */
  key(key: string, place: PropertyPath): void {
    this.#work += key.length;
    if (key.length > PIECE) {
      this.#longKey = new LongText(key, (refanged) => new TextScan(refanged, 'key', place, this.#findings));
      return;
    }
    const traits = traitsOf(key);
    if ((traits & Trait.DotOrColon) !== 0 || (key.length >= SHORTEST_HASH && /^[0-9a-f]{32,}$/i.test(key)))
      scan(new TextScan(refang(key, traits), 'key', place, this.#findings));
  }
}

/** Whether there is what every indicator has: a dot, a colon, something that may stand for one, or a word that is as long as a hash. */
function mayHoldIndicator(text: string, traits: number): boolean {
  if ((traits & (Trait.DotOrColon | Trait.Obfuscation | Trait.Percent | Trait.DotWord)) !== 0) return true;
  return hasLongRun(text, SHORTEST_HASH);
}

const SHORTEST_HASH = 32;

/** A text that is refanged, and then scanned, piece by piece. */
class LongText {
  readonly #read: (refanged: Refanged) => TextScan;
  #refanger: Refanger | undefined;
  #scan: Scan | undefined;
  #textScan: TextScan | undefined;
  #until = 0;
  /** Up to where no dot is percent-encoded: the next one may be far, and to look for it again for each piece would take long. */
  #encodedDots = 0;

  constructor(text: string, read: (refanged: Refanged) => TextScan) {
    this.#read = read;
    this.#refanger = refangerOf(text);
    if (this.#refanger === undefined) this.#begin(Refanged.plain(text));
  }

  /** Does one piece; returns whether it was the last. */
  advance(): boolean {
    this.#until += PIECE;
    if (this.#scan !== undefined) {
      if (this.#textScan !== undefined && this.#encodedDots < this.#until)
        this.#encodedDots = findEncodedDots(this.#textScan, this.#encodedDots, this.#until);
      return this.#scan.advance(this.#until);
    }
    if (this.#refanger?.advance(this.#until) === true) {
      this.#begin(this.#refanger.finish());
      this.#refanger = undefined;
      this.#until = 0;
    }
    return false;
  }

  #begin(refanged: Refanged): void {
    this.#textScan = this.#read(refanged);
    this.#scan = new Scan(this.#textScan);
  }
}

interface RawMail {
  readonly bytes: Uint8Array;
  readonly place: PropertyPath | undefined;
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
  const value = canonicalIoc(type, text);
  // A hash of zeros is the absence of one.
  return value === undefined || (type === 'file' && /^0+$/.test(value)) ? undefined : value;
}

/** A single label under a key as `hostname`: a name of the inside, which the guard lists. */
function isMachineName(text: string): boolean {
  if (!/^\s*[a-z][a-z0-9-]{0,62}\s*$/i.test(text)) return false;
  return !/^\s*(?:unknown|none|null|true|false|undefined|any|na)\s*$/i.test(text);
}
