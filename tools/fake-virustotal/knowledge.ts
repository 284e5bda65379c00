import { isIP } from 'node:net';
import { hashesOf } from './file-details';
import { type Catalogue, type Finding, type Kind, type Told, derivedFinding, toldFinding } from './finding';
import { canonicalUrl, objectId } from './v3-objects';

/** An indicator that was asked, and whose report it gets. */
export interface Known {
  /** Stands for the thing itself: all three hashes of a file have the same. */
  identity: string;
  finding: Finding;
}

/** Everything the stand-in can be asked: what it was told, and for the rest what follows from the indicator. */
export class Knowledge {
  readonly #told = new Map<string, Told>();
  readonly #fileOfHash = new Map<string, string>();
  readonly #urlOfId = new Map<string, string>();

  tell(catalogue: Catalogue): void {
    for (const [indicator, told] of Object.entries(catalogue)) {
      const key = canonical(indicator);
      if (/^[0-9a-f]{32,64}$/.test(key)) this.#remember(key);
      if (key.includes('://')) this.#urlOfId.set(objectId('url', key), key);
      this.#told.set(this.#fileOfHash.get(key) ?? key, told);
    }
  }

  find(kind: Kind, indicator: string): Known {
    const key = canonical(indicator);
    if (kind === 'file') this.#remember(key);
    if (kind === 'url') this.#urlOfId.set(objectId('url', key), key);
    const identity = (kind === 'file' && this.#fileOfHash.get(key)) || key;
    const told = this.#told.get(identity);
    return {
      identity,
      finding: told === undefined ? derivedFinding(kind, identity) : toldFinding(kind, identity, told),
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
