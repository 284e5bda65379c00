import { isIP } from 'node:net';
import { hashesOf } from './file-details';
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
  readonly #urlOfId = new Map<string, string>();

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
    const override = this.#overrides.get(identity);
    return {
      identity,
      finding:
        override === undefined ? derivedFinding(kind, identity) : overriddenFinding(kind, identity, override),
    };
  }

  /** The URL that v3 once gave this id (the SHA-256 of the canonical URL). */
  urlOfId(id: string): string | undefined {
    return this.#urlOfId.get(id);
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
