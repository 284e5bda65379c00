/**
 * What a person meets (a line, a mail, an alert), and what they would look up of it, in order: `domain baddomain.com`,
 * `ip 8.8.8.8`, `file <hash>`, `url http://baddomain.com/`. What they know not to send begins with `skipped`.
 */
export type Row = readonly [value: unknown, ...expected: string[]];

// Made up, but for the lengths.
export const MD5 = 'f65f6a7b21c494f7f9f0e31678929534';
export const MD5_2 = '6e2749f7cbe2520bcc8cfba9a4d2c1e6';
export const SHA1 = '8535147027f94ff3d1838a38f483ce24c1414572';
export const SHA1_2 = '242153a09c54b1b923880d4326b58fb84321c122';
export const SHA256 = 'd2b6f4cd0dd74d37f46f183022e7afd729972c7ec8b12a1ba031bb14aebe0755';
export const SHA256_2 = 'dff91368477f1bde83c12e56ae2806670868bc74c0426c83b4ce481ace7470f5';
export const SHA512 =
  'f80cf1cbfd419c02044b36281062c9ac52037a4521ce6e704f417c819d8e8fccc5d1f83353205e5f57c94a04e04e81ff518e2542233e32ca98873eff75439f38';
