import { hashes } from './values';

const PROSE =
  'The courier could not reach anyone at the delivery address and will try again on the next working day. Please have the ' +
  'reference at hand (order 4711, invoice 2026-0417, version 3.2.1) and see notes.pdf for opening hours, e.g. from 9 to 17.\n';

/** A mail of `bytes` bytes with `count` different indicators, spread over prose as people write it. */
export function mailWithIndicators(bytes: number, count: number): string {
  const [md5 = '', sha1 = '', sha256 = ''] = hashes(3, 'mail');
  const kinds = [
    (n: number) => `parcel${n}-vantry.com`,
    (n: number) => `https://track${n}.qorlane-post.net/confirm?id=${n}`,
    (n: number) => `192.52.193.${n + 1}`,
    (n: number) =>
      (n % 3 === 0 ? sha256 : n % 3 === 1 ? sha1.slice(0, 40) : md5.slice(0, 32)).replace(
        /^../,
        (n + 16).toString(16),
      ),
  ];
  const indicators = Array.from({ length: count }, (_, n) => kinds[n % kinds.length]?.(n) ?? '');
  const between = Math.max(1, Math.floor(bytes / count / PROSE.length));
  const parts = indicators.map((indicator) => `${PROSE.repeat(between)}Seen in the logs: ${indicator} .\n`);
  return parts.join('');
}
