import { createHash } from 'node:crypto';

/**
 * Tells API keys apart where the key itself must not be kept: as a name in Redis, in a file's name, in memory. 128 bits of a SHA-256,
 * in hex; neither a key nor what was given with it can be had from it.
 *
 * @param further what must be the same too; the order of the values matters
 */
export function keyFingerprint(apiKey: string, ...further: readonly unknown[]): string {
  const text = further.length === 0 ? apiKey : JSON.stringify([apiKey, ...further]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
