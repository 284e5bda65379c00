import { isIP } from 'node:net';
import { type FileHashes, hashesOf } from './file-details';
import {
  type ReportOverrides,
  type Finding,
  type Kind,
  type ReportOverride,
  derivedFinding,
  overriddenFinding,
} from './finding';
import { canonicalUrl, objectId } from './v3-objects';

/** An indicator and the finding for its report. */
export interface CatalogEntry {
  /** Stands for the thing itself: all three hashes of a file have the same. */
  identity: string;
  finding: Finding;
}

/** The reports of the stand-in: those that were set, and for every other indicator one that follows from the indicator itself. */
export class ReportCatalog {
  readonly #overrides = new Map<string, ReportOverride>();
  readonly #fileOfHash = new Map<string, string>();
  readonly #files = new Map<string, NonNullable<Finding['file']>>();
  readonly #urlOfId = new Map<string, string>();

  /** What it says of everything that was not set; undefined: what follows from the indicator. */
  unlisted: ReportOverride | undefined;

  set(overrides: ReportOverrides): void {
    for (const [indicator, override] of Object.entries(overrides)) {
      const key = canonical(indicator);
      if (/^[0-9a-f]{32,64}$/.test(key)) this.#remember(key);
      if (key.includes('://')) this.#urlOfId.set(objectId('url', key), key);
      this.#overrides.set(this.#fileOfHash.get(key) ?? key, override);
    }
  }

  find(kind: Kind, indicator: string): CatalogEntry {
    const key = canonical(indicator);
    if (kind === 'file') this.#remember(key);
    if (kind === 'url') this.#urlOfId.set(objectId('url', key), key);
    const identity = (kind === 'file' && this.#fileOfHash.get(key)) || key;
    const override = this.#overrides.get(identity) ?? this.unlisted;
    const finding =
      override === undefined ? derivedFinding(kind, identity) : overriddenFinding(kind, identity, override);
    const file = kind === 'file' ? this.#files.get(identity) : undefined;
    return { identity, finding: file ? { ...finding, file } : finding };
  }

  /** The URL that v3 once gave this id (the SHA-256 of the canonical URL). */
  urlOfId(id: string): string | undefined {
    return this.#urlOfId.get(id);
  }

  /** Takes the real hashes of a file that was submitted in place of those that were made up for it. */
  learnFile(file: FileHashes & { size: number; name: string }): void {
    const hashes = [file.sha256, file.sha1, file.md5];
    const known = hashes.find((hash) => this.#overrides.has(this.#fileOfHash.get(hash) ?? hash));
    const override =
      known === undefined ? undefined : this.#overrides.get(this.#fileOfHash.get(known) ?? known);
    for (const hash of hashes) this.#fileOfHash.set(hash, file.sha256);
    if (override !== undefined) this.#overrides.set(file.sha256, override);
    const names = [...(this.#files.get(file.sha256)?.names ?? []), file.name];
    this.#files.set(file.sha256, {
      md5: file.md5,
      sha1: file.sha1,
      sha256: file.sha256,
      size: file.size,
      names: [...new Set(names)],
    });
  }

  #remember(hash: string): void {
    if (this.#fileOfHash.has(hash)) return;
    for (const other of Object.values(hashesOf(hash))) this.#fileOfHash.set(other, hash);
  }
}

/** How the stand-in compares indicators: any spelling of a URL, an address, a domain or a hash is the same one. */
export function canonical(indicator: string): string {
  const text = indicator.trim();
  if (isIP(text) === 6) return new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return text.includes('://') ? canonicalUrl(text) : text.toLowerCase();
}
