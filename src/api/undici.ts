import type * as Undici from 'undici';

/** undici takes longer to load than all the rest of this package: it is loaded with the first client, not with the node files. */
export function undici(): typeof Undici {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('undici') as typeof Undici;
}
