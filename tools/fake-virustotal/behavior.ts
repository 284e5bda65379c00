import type { Finding } from './finding';
import { Seeded } from './seeded';

/** The sandboxes that ran the made-up files. A blank in a name must be encoded in a path. */
export const SANDBOXES = ['Glasshouse', 'Greenroom X2'];

/** What the sandboxes saw of a file in all: `behaviour_summary`, without id and type; undefined when none has run it. */
export function behaviorSummary(sha256: string, finding: Finding): Record<string, unknown> | undefined {
  if (finding.malicious === 0) return undefined;
  const seeded = new Seeded(`behavior ${sha256}`);
  const word = seeded.word();
  const host = `${seeded.word()}-${seeded.word()}.net`;
  const address = `21.84.${seeded.between(1, 254)}.${seeded.between(1, 254)}`;
  return {
    processes_created: [`C:\\Users\\user\\${word}.exe`, 'C:\\Windows\\System32\\cmd.exe'],
    processes_tree: [
      { process_id: '2416', name: `${word}.exe`, children: [{ process_id: '2800', name: 'cmd.exe' }] },
    ],
    command_executions: [`cmd.exe /c del ${word}.exe`],
    files_written: [`C:\\Users\\user\\AppData\\Local\\Temp\\${word}.tmp`],
    files_dropped: [{ path: `C:\\Users\\user\\AppData\\${word}.dll`, sha256: seeded.hex(64) }],
    registry_keys_set: [
      { key: `HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\${word}`, value: `${word}.exe` },
    ],
    mutexes_created: [`Global\\${word}`],
    modules_loaded: ['kernel32.dll', 'ws2_32.dll'],
    dns_lookups: [{ hostname: host, resolved_ips: [address] }],
    ip_traffic: [{ destination_ip: address, destination_port: 443, transport_layer_protocol: 'TCP' }],
    http_conversations: [{ url: `http://${host}/gate`, request_method: 'POST', response_status_code: 200 }],
    tls: [{ sni: host, ja3: seeded.hex(32), ja3s: seeded.hex(32) }],
    verdicts: ['MALWARE'],
    verdict_confidence: seeded.between(50, 99),
    tags: ['PERSISTENCE', 'CHECKS_NETWORK_ADAPTERS'],
    attack_techniques: {
      T1082: [{ description: 'Reads the software policies', severity: 'IMPACT_SEVERITY_INFO' }],
      'T1547.001': [{ description: 'Adds itself to a Run key', severity: 'IMPACT_SEVERITY_HIGH' }],
    },
  };
}

/** The report of one sandbox: here the techniques are a list. */
export function sandboxReport(sha256: string, sandbox: string, finding: Finding): Record<string, unknown> {
  const { attack_techniques: _, ...seen } = behaviorSummary(sha256, finding) ?? {};
  return {
    ...(sandbox === SANDBOXES[0] ? seen : { tags: [], verdicts: ['CLEAN'] }),
    mitre_attack_techniques:
      sandbox === SANDBOXES[0] ? [{ id: 'T1082', signature_description: 'Reads the software policies' }] : [],
    sandbox_name: sandbox,
    analysis_date: finding.scannedAt,
    behash: new Seeded(`behash ${sha256} ${sandbox}`).hex(32),
    has_html_report: true,
    has_pcap: false,
    has_evtx: false,
    has_memdump: false,
  };
}
