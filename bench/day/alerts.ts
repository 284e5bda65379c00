import type { Seeded } from '../../tools/fake-virustotal/seeded';
import type { Entity, World } from './world';
import { wrapped } from './wrapped';

/** An alert as a product sends it, and what in it an analyst wants a verdict on. */
export interface Alert {
  readonly kind: string;
  /** Milliseconds since the day began. */
  readonly atMs: number;
  readonly payload: unknown;
  readonly entities: readonly Entity[];
}

type Made = Pick<Alert, 'payload' | 'entities'>;
type Maker = (world: World, seeded: Seeded) => Made;

const DAY_MS = 86_400_000;
/** Of all alerts; the same detection on another machine, within an hour. */
const DUPLICATES = 0.15;

/** The alerts of a day in their order. */
export function alertsOf(world: World, seeded: Seeded, count: number): Alert[] {
  const times = Array.from({ length: count }, () => Math.floor(seeded.next() * DAY_MS)).sort((a, b) => a - b);
  const alerts: Alert[] = [];
  for (const atMs of times) {
    const earlier = alerts.filter((alert) => alert.atMs > atMs - 3_600_000);
    const isDuplicate = earlier.length > 0 && seeded.next() < DUPLICATES;
    alerts.push(isDuplicate ? { ...seeded.pick(earlier), atMs } : fresh(world, seeded, atMs));
  }
  return alerts;
}

function fresh(world: World, seeded: Seeded, atMs: number): Alert {
  const kind = seeded.pick(Object.keys(MAKERS)) as keyof typeof MAKERS;
  return { kind, atMs, ...MAKERS[kind](world, seeded) };
}

const MAKERS = {
  /** File integrity monitoring. */
  wazuh: (world, seeded) => {
    const file = world.file();
    const { md5, sha1, sha256 } = file.hashes;
    const syscheck = {
      path: `/usr/local/bin/${seeded.word()}.sh`,
      event: 'modified',
      md5_after: md5,
      sha1_after: sha1,
      sha256_after: sha256,
      uname_after: 'root',
      mtime_after: '2026-03-10T08:11:02',
    };
    const rule = { level: 7, description: 'Integrity checksum changed.', id: '550', groups: ['syscheck'] };
    const agent = { id: '014', name: host(seeded), ip: inside(seeded) };
    return { payload: { rule, agent, syscheck, decoder: { name: 'syscheck' } }, entities: [file] };
  },

  /** A process was created. */
  sysmon: (world, seeded) => {
    const file = world.file();
    const { md5, sha1, sha256 } = file.hashes;
    const image = `C:\\Users\\${seeded.word()}\\AppData\\Local\\Temp\\${seeded.word()}.exe`;
    const payload = {
      EventID: 1,
      Computer: `${host(seeded)}.corp.internal`,
      ProcessGuid: `{${seeded.hex(8)}-${seeded.hex(4)}-${seeded.hex(4)}-${seeded.hex(4)}-${seeded.hex(12)}}`,
      Image: image,
      FileVersion: '10.0.19041.1',
      CommandLine: `"${image}" /quiet`,
      Hashes: `SHA1=${sha1},MD5=${md5},SHA256=${sha256},IMPHASH=${seeded.hex(32)}`.toUpperCase(),
      ParentImage: 'C:\\Windows\\explorer.exe',
    };
    return { payload, entities: [file] };
  },

  /** A file was seen in HTTP, or a signature matched. */
  suricata: (world, seeded) => {
    const server = world.address();
    const flow = { src_ip: server.name, src_port: 443, dest_ip: inside(seeded), dest_port: 51234 };
    if (seeded.next() < 0.5) {
      const alert = { signature_id: 2027865, signature: 'ET INFO Observed beacon', severity: 2 };
      return { payload: { event_type: 'alert', ...flow, proto: 'TCP', alert }, entities: [server] };
    }
    const file = world.file();
    const fileinfo = {
      filename: `/${seeded.word()}.bin`,
      magic: 'PE32 executable',
      md5: file.hashes.md5,
      sha256: file.hashes.sha256,
      size: seeded.between(10_000, 900_000),
      stored: false,
    };
    return { payload: { event_type: 'fileinfo', ...flow, proto: 'TCP', fileinfo }, entities: [server, file] };
  },

  /** Evidence of an incident: one or two files, sometimes the link they came from. */
  defender: (world, seeded) => {
    const files = Array.from({ length: seeded.between(1, 2) }, () => world.file());
    const links = seeded.next() < 0.3 ? [world.link()] : [];
    const evidence = [
      ...files.map(({ hashes: { md5, sha1, sha256 } }) => {
        const fileHashes = [
          { algorithm: 'Sha1', value: sha1 },
          { algorithm: 'Md5', value: md5 },
          { algorithm: 'Sha256', value: sha256 },
        ];
        return { entityType: 'File', fileName: `${seeded.word()}.dll`, fileHashes };
      }),
      ...links.map(({ url }) => ({ entityType: 'Url', url })),
    ];
    const payload = { incidentId: seeded.between(1000, 9999), title: 'Malware was detected', evidence };
    return { payload, entities: [...new Set<Entity>([...files, ...links])] };
  },

  /** The text of a mail that went through a mail filter, which has wrapped its links for the one who got it. */
  mail: (world, seeded) => {
    const links = Array.from({ length: seeded.between(1, 3) }, () => world.link());
    const lines = links.map(({ url }) => `Please confirm here: ${wrapped(url, seeded)}`);
    const text = `Hello,\r\n\r\nyour mailbox is nearly full.\r\n${lines.join('\r\n')}\r\n\r\nThe service desk\r\n`;
    return { payload: text, entities: [...new Set<Entity>(links)] };
  },

  firewall: (world, seeded) => {
    const server = world.address();
    const ports = `srcport=${seeded.between(1024, 65_535)} dstip=${server.name} dstport=443`;
    const line = `date=2026-03-10 time=09:12:44 devname="FG100" type="traffic" subtype="forward" srcip=${inside(seeded)} ${ports} proto=6 action="accept" sentbyte=${seeded.between(100, 90_000)}`;
    return { payload: line, entities: [server] };
  },

  dns: (world, seeded) => {
    const queried = world.domain();
    const answers = seeded.next() < 0.5 ? [world.address()] : [];
    const payload = {
      client: inside(seeded),
      query: queried.name,
      type: 'A',
      rcode: 'NOERROR',
      answers: answers.map(({ name }) => name),
    };
    return { payload, entities: [queried, ...answers] };
  },

  /** What a person wrote. */
  ticket: (world, seeded) => {
    const [link, queried] = [world.link(), world.domain()];
    const files = seeded.next() < 0.5 ? [world.file()] : [];
    const defanged = link.url.replace('https', 'hxxps').replace('.', '[.]');
    const attached = files.map(
      ({ hashes }) => `The file has the SHA-256 ${hashes.sha256} (MD5 ${hashes.md5}).`,
    );
    const text = `User on ${inside(seeded)} clicked ${defanged} and then reached ${queried.name.replace('.', '[.]')}. ${attached.join(' ')}`;
    return { payload: text, entities: [link, queried, ...files] };
  },
} satisfies Record<string, Maker>;

function inside(seeded: Seeded): string {
  return `10.${seeded.between(0, 9)}.${seeded.between(0, 254)}.${seeded.between(1, 254)}`;
}

function host(seeded: Seeded): string {
  return `ws-${seeded.hex(4)}`;
}
