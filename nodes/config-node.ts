import type { Node, NodeAPI } from 'node-red';
import { VirusTotalError } from '../src/errors';
import type { VirusTotalService } from '../src/lookup/service';

/** A deployed `virustotal-config`. */
export interface ConfigNode extends Node {
  /** Absent when the configuration can't be used; `problem` says why. */
  service: VirusTotalService | undefined;
  problem: VirusTotalError | undefined;
  /** The folders that files may be read from, one a line. */
  fileRoots?: unknown;
  /** Where the deployed key is sent, as the flow file says it. */
  endpoint: { apiVersion?: unknown; apiUrl?: unknown; tls?: unknown; proxy?: unknown };
}

/** As `serviceOf`; undefined when there is none. */
export function deployedService(RED: NodeAPI, id: string | undefined): VirusTotalService | undefined {
  try {
    return serviceOf(RED, id);
  } catch {
    return undefined;
  }
}

/** The folders that files may be read from, one a line; empty for none. */
export function fileRootsOf(RED: NodeAPI, id: string | undefined): string {
  const config = (id ? RED.nodes.getNode(id) : null) as ConfigNode | null;
  return typeof config?.fileRoots === 'string' ? config.fileRoots : '';
}

/**
 * The service behind the config node of that id.
 * @throws VirusTotalError `VT_CONFIG` when there is none or it can't be used
 */
export function serviceOf(RED: NodeAPI, id: string | undefined): VirusTotalService {
  // The types say it is never null; it is, for a config node that is missing or disabled.
  const config = (id ? RED.nodes.getNode(id) : null) as ConfigNode | null;
  if (!config)
    throw new VirusTotalError(
      'VT_CONFIG',
      id
        ? 'No VirusTotal config: the one that this node uses is missing or disabled. Choose another in its dialog, and deploy'
        : 'No VirusTotal config: none is chosen. Open the node, choose or add one, and deploy',
      { reason: 'no-config' },
    );
  if (config.service) return config.service;
  throw (
    config.problem ??
    new VirusTotalError('VT_CONFIG', 'No VirusTotal config: the chosen config node is of another type', {
      reason: 'no-config',
    })
  );
}
