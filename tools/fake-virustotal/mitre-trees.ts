import type { Finding } from './finding';

const ATTACK = 'https://attack.mitre.org';

/** `behaviour_mitre_trees`: a map by sandbox; a sandbox without findings has an empty list. */
export function mitreTrees(sha256: string, finding: Finding): Record<string, unknown> {
  const links = { self: `https://www.virustotal.com/api/v3/files/${sha256}/behaviour_mitre_trees` };
  if (finding.malicious === 0) return { data: {}, links };
  return {
    data: {
      Greenroom: { tactics: [] },
      Glasshouse: {
        tactics: [
          tactic('TA0007', 'Discovery', [
            technique('T1082', 'System Information Discovery', 'INFO', 'Reads the software policies'),
            technique('T1083', 'File and Directory Discovery', 'LOW', 'Reads ini files'),
          ]),
          tactic('TA0005', 'Defense Evasion', [
            technique('T1070.004', 'File Deletion', 'HIGH', 'Deletes itself after it was run'),
          ]),
        ],
      },
    },
    links,
  };
}

function tactic(id: string, name: string, techniques: unknown[]): Record<string, unknown> {
  return {
    id,
    name,
    link: `${ATTACK}/tactics/${id}/`,
    description: `What an intruder does for ${name}.`,
    techniques,
  };
}

function technique(id: string, name: string, severity: string, seen: string): Record<string, unknown> {
  return {
    id,
    name,
    link: `${ATTACK}/techniques/${id.replace('.', '/')}/`,
    description: `How ${name} is done.`,
    signatures: [{ severity, description: seen }],
  };
}
