import { isObject } from '../report/narrow';
import type { StixGraph } from './graph';
import { CONSTANT_CREATED, type Times } from './times';
import { uri } from './uri';

interface Technique {
  name: string;
  link?: string;
  /** The tactics it was used for, as kill chain phases: "defense-evasion". */
  phases: Set<string>;
  sandboxes: Set<string>;
}

/**
 * The MITRE ATT&CK techniques that sandboxes saw, each tied to the malware that used it, or to the file when it isn't called
 * malicious.
 *
 * @param trees VirusTotal's answer: `{data: {sandbox: {tactics: [{name, techniques: [{id, name, link}]}]}}}`
 */
export function addAttackPatterns(
  graph: StixGraph,
  trees: unknown,
  source: { id: string; relation: 'uses' | 'related-to' | 'indicates' },
  times: Times,
): void {
  for (const [id, { name, link, phases, sandboxes }] of techniques(trees)) {
    const shared = { created: CONSTANT_CREATED, modified: times.modified };
    const pattern = graph.object('attack-pattern', [id], shared, {
      name,
      ...killChainPhases(phases),
      external_references: [
        { source_name: 'mitre-attack', external_id: id, ...(link === undefined ? {} : { url: link }) },
      ],
    });
    graph.relate(source.id, source.relation, pattern, times, `Seen in ${[...sandboxes].join(', ')}`);
  }
}

function techniques(trees: unknown): Map<string, Technique> {
  const found = new Map<string, Technique>();
  const sandboxes = isObject(trees) && isObject(trees.data) ? trees.data : {};
  for (const sandbox of Object.keys(sandboxes)) {
    for (const tactic of objectsIn(sandboxes[sandbox], 'tactics')) {
      for (const { id, name, link } of objectsIn(tactic, 'techniques')) {
        if (typeof id !== 'string' || !/^T\d{4}(\.\d{3})?$/.test(id)) continue;
        const known = found.get(id) ?? newTechnique(id, name, link);
        found.set(id, known);
        known.sandboxes.add(sandbox);
        if (typeof tactic.name === 'string') known.phases.add(phase(tactic.name));
      }
    }
  }
  return found;
}

function newTechnique(id: string, name: unknown, link: unknown): Technique {
  const address = typeof link === 'string' ? uri(link) : undefined;
  return {
    name: typeof name === 'string' && name !== '' ? name : id,
    ...(address === undefined ? {} : { link: address }),
    phases: new Set(),
    sandboxes: new Set(),
  };
}

function killChainPhases(phases: ReadonlySet<string>): { kill_chain_phases?: object[] } {
  const listed = [...phases].map((phase_name) => ({ kill_chain_name: 'mitre-attack', phase_name }));
  return listed.length === 0 ? {} : { kill_chain_phases: listed };
}

/** "Command and Control" as MITRE writes it in its own objects. */
function phase(tactic: string): string {
  return tactic.trim().toLowerCase().replace(/\s+/g, '-');
}

function objectsIn(holder: unknown, name: string): Readonly<Record<string, unknown>>[] {
  const list = isObject(holder) ? holder[name] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}
