import type { Seeded } from '../../tools/fake-virustotal/seeded';

/** A link as a mail filter rewrites it for one recipient: three of five by Microsoft's, the rest by Proofpoint's newer and older. */
export function wrapped(url: string, seeded: Seeded): string {
  const [recipient, part] = [`${seeded.word()}%40corp.internal`, seeded.next()];
  if (part < 0.6)
    return `https://eur02.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&data=05%7C02%7C${recipient}%7C${seeded.hex(32)}%7C0%7C0&sdata=${seeded.hex(40)}%3D&reserved=0`;
  const token = seeded.hex(24);
  if (part < 0.85) return `https://urldefense.com/v3/__${url}__;!!${seeded.hex(10)}!${token}$`;
  const encoded = url.replaceAll('-', '-2D').replaceAll(':', '-3A').replaceAll('/', '_');
  return `https://urldefense.proofpoint.com/v2/url?u=${encoded}&d=DwMFAg&c=${token}&r=${seeded.hex(20)}&m=${seeded.hex(20)}&s=${seeded.hex(20)}&e=`;
}
