import { createHash } from 'node:crypto';

/** Made-up SHA-256 hashes, the same each time. */
export function hashes(count: number, seed = 'bench'): string[] {
  return Array.from({ length: count }, (_, index) =>
    createHash('sha256').update(`${seed} ${index}`).digest('hex'),
  );
}
