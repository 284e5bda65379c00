import type { Finding } from './finding';
import { Seeded } from './seeded';

/** What domain and address objects of v3 and the bodies of v2 have in common. */
export interface HostDetails {
  whois: string;
  whois_date: number;
  asn: number;
  as_owner: string;
  country: string;
  continent: string;
  network: string;
  registrar: string;
  tags: string[];
  reputation: number;
  total_votes: { harmless: number; malicious: number };
  created: number;
  addresses: string[];
  hostnames: string[];
  jarm: string;
  category: string;
}

export function hostDetails(host: string, finding: Finding): HostDetails {
  const seeded = new Seeded(`host ${host}`);
  const [country, continent] = seeded.pick([
    ['NL', 'EU'],
    ['DE', 'EU'],
    ['US', 'NA'],
    ['SG', 'AS'],
    ['BR', 'SA'],
  ] as const);
  const owner = `${seeded.word()} hosting`;
  const created = finding.scannedAt - seeded.between(2, 2000) * 86_400;
  const registrar = `${seeded.word()} Names Ltd.`;
  return {
    whois: [
      `Creation Date: ${new Date(created * 1000).toISOString()}`,
      `Registrar: ${registrar}`,
      `Registrant Organization: ${owner}`,
      `Registrant Country: ${country}`,
      ...Array.from({ length: 12 }, (_, i) => `Remark ${i + 1}: ${seeded.hex(60)}`),
    ].join('\n'),
    whois_date: finding.scannedAt - 86_400,
    asn: seeded.between(200_000, 400_000),
    as_owner: owner,
    country,
    continent,
    network: `${host.includes(':') ? host.split(':').slice(0, 2).join(':') + '::/32' : host.split('.').slice(0, 2).join('.') + '.0.0/16'}`,
    registrar,
    tags: [],
    reputation: finding.malicious > 0 ? -seeded.between(0, 90) : seeded.between(0, 30),
    total_votes: { harmless: seeded.between(0, 9), malicious: Math.min(finding.malicious, 9) },
    created,
    addresses: Array.from({ length: 6 }, () => `198.51.100.${seeded.between(1, 254)}`),
    hostnames: Array.from({ length: 6 }, () => `${seeded.word()}.${seeded.word()}.example`),
    jarm: seeded.hex(62),
    category: finding.malicious > 0 ? 'malware sites' : 'business',
  };
}

/** A certificate as v3 writes it. */
export function certificate(subject: string, finding: Finding): Record<string, unknown> {
  const seeded = new Seeded(`certificate ${subject}`);
  return {
    cert_signature: { signature_algorithm: 'sha256RSA', signature: seeded.hex(512) },
    extensions: {
      key_usage: ['digitalSignature', 'keyEncipherment'],
      extended_key_usage: ['serverAuth'],
      CA: false,
      subject_alternative_name: [subject, `www.${subject}`],
      subject_key_identifier: seeded.hex(40),
    },
    validity: { not_after: '2026-11-28 20:42:13', not_before: '2026-05-05 20:42:14' },
    size: seeded.between(900, 2200),
    version: 'V3',
    public_key: { algorithm: 'RSA', rsa: { modulus: seeded.hex(512), exponent: '10001', key_size: 2048 } },
    thumbprint: seeded.hex(40),
    thumbprint_sha256: seeded.hex(64),
    serial_number: seeded.hex(32),
    issuer: { C: 'NL', O: `${seeded.word()} Trust`, CN: 'R3' },
    subject: { CN: subject },
    first_seen: finding.scannedAt,
  };
}
