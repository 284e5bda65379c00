import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** See certificates/README.md. */
export function pem(name: string): string {
  return readFileSync(join(__dirname, 'certificates', `${name}.pem`), 'utf8');
}

/** A key and certificate for a server, by the name of the pair. */
export function serverPair(name: 'server' | 'other' | 'expired'): { key: string; cert: string } {
  return { key: pem(`${name}.key`), cert: pem(`${name}.crt`) };
}
