/**
 * What a key may do beyond a free one: `private-scanning` and the Google Threat Intelligence of `gti` are licences of their own, `premium`
 * is VirusTotal Enterprise.
 */
export type Privilege = 'private-scanning' | 'premium' | 'gti';

/** The privileges of a key; `gti` includes `premium`. */
export class Privileges {
  readonly #granted: ReadonlySet<Privilege>;

  constructor(granted: readonly Privilege[] = []) {
    this.#granted = new Set(granted.includes('gti') ? [...granted, 'premium'] : granted);
  }

  has(privilege: Privilege): boolean {
    return this.#granted.has(privilege);
  }
}
