import { createHash } from 'node:crypto';

/**
 * Identifies an API key where the key itself must not be stored: in the name of a Redis key or a file, or in memory. 128 bits of a
 * SHA-256, in hex. Neither the key nor the further values can be derived from it.
 *
 * @param further values that are part of the identity, in a fixed order
 */
export function keyFingerprint(apiKey: string, ...further: readonly unknown[]): string {
  const text = further.length === 0 ? apiKey : JSON.stringify([apiKey, ...further]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
