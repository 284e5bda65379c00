import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Bytes of a seal: HMAC-SHA-256. */
export const SEAL_BYTES = 32;

/**
 * Tells a report that an instance with this API key has stored from what somebody else has written to Redis. The key of the HMAC is derived
 * from the API key (HKDF, RFC 5869), so that it cannot be derived from anything in Redis. A seal holds for one name only: a report that is
 * copied to the name of another indicator doesn't fit.
 */
export class ReportSeal {
  readonly #key: Buffer;

  constructor(apiKey: string) {
    this.#key = Buffer.from(
      hkdfSync('sha256', apiKey, 'node-red-virustotal', 'reports in Redis', SEAL_BYTES),
    );
  }

  of(name: string, head: Buffer, packed: Buffer): Buffer {
    // With the length before it, no other division of name and head gives the same bytes.
    const place = `${Buffer.byteLength(name)}:${name}`;
    return createHmac('sha256', this.#key).update(place).update(head).update(packed).digest();
  }

  fits(seal: Buffer, name: string, head: Buffer, packed: Buffer): boolean {
    return seal.length === SEAL_BYTES && timingSafeEqual(seal, this.of(name, head, packed));
  }
}
