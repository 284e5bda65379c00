import type { DeployedConfig, DeployedNode } from './deployed-parts';

/** What keeps lookups from working, or from working as they were set up. The editor says for each kind what to do. */
export interface Trouble {
  /** The same for as long as it lasts, so that it can be hidden. */
  id: string;
  kind: 'settings' | 'no-key' | 'key' | 'day' | 'month' | 'reserve' | 'pause' | 'redis' | 'no-config';
  /** What is known of this very case, in English; empty where the kind says it all. */
  text: string;
  /** When it ends, in ISO; absent where that is not known. */
  until?: string;
  /** The config node or the node that it is about. */
  about: { id: string; name: string; type: string };
  /** The node to show. */
  node: string;
}

/** All that there is now, those of keys first. */
export function troublesOf(configs: readonly DeployedConfig[], nodes: readonly DeployedNode[]): Trouble[] {
  return [
    ...configs.flatMap(ofConfig),
    ...nodes.flatMap(({ id, name, type, lacks }): Trouble[] =>
      lacks
        ? [{ id: `no-config ${id}`, kind: 'no-config', text: '', about: { id, name, type }, node: id }]
        : [],
    ),
  ];
}

function ofConfig({ id, name, node: { service, problem }, user = id }: DeployedConfig): Trouble[] {
  const about = { id, name, type: 'virustotal-config' };
  const trouble = (kind: Trouble['kind'], text: string, forMs?: number | null): Trouble => ({
    ...{ id: `${kind} ${id}`, kind, text, about, node: kind === 'settings' || kind === 'no-key' ? id : user },
    ...(forMs ? { until: new Date(Date.now() + forMs).toISOString() } : {}),
  });
  if (!service)
    return [trouble(problem?.reason === 'no-key' ? 'no-key' : 'settings', problem?.message ?? 'Not running')];
  const { problem: block, sharingProblem, reserve, nextStartMs } = service.stats();
  return [
    ...(block ? [trouble(kindOf(block.reason), block.text, nextStartMs)] : []),
    ...(reserve?.waitMs ? [trouble('reserve', '', reserve.waitMs)] : []),
    ...(sharingProblem ? [trouble('redis', sharingProblem.text)] : []),
  ];
}

function kindOf(reason: 'rate' | 'day' | 'month' | 'quota' | 'key'): Trouble['kind'] {
  return reason === 'rate' || reason === 'quota' ? 'pause' : reason;
}
