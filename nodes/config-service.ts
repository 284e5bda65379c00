import type { NodeAPI } from 'node-red';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { resolveOptions, type HostOptions } from '../src/lookup/options';
import { ReportCache } from '../src/lookup/report-cache';
import { VirusTotalService } from '../src/lookup/service';
import type { ConfigNode } from './config-node';
import { HandOver } from './hand-over';
import { logSharingProblems } from './log-sharing-problems';
import { quotaContext } from './quota-context';
import { restartFile, tellOfWait } from './restart-file';
import { serviceOptions, type ConfigDef } from './service-options';

/** Caches by config node: they outlive a redeploy that leaves key, API and cache settings as they are. */
const caches = new Map<string, { fingerprint: string; cache: ReportCache }>();

/**
 * Opens the service of a config node that has just been created.
 * @throws VirusTotalError `VT_CONFIG`
 */
export function openService(RED: NodeAPI, node: ConfigNode, def: ConfigDef): void {
  const handOver = HandOver.of(RED);
  const options = serviceOptions(RED, def, node.credentials);
  const reports = cacheFor(def.id, options);
  const restartRecord = restartFile(node, options.apiKey, RED.settings);
  node.service = new VirusTotalService({
    ...options,
    ...(reports ? { reports } : {}),
    quotaStore: quotaContext(node, options.apiKey, RED.settings),
    ...(restartRecord ? { restartRecord } : {}),
    // What waits may be for a node that this deploy has taken away.
    suspended: !handOver.running,
  });
  handOver.configOpened(def.id, node.service);
  logSharingProblems(node, node.service);
  if (restartRecord?.matters) tellOfWait(node, node.service);
}

/** For a config node that is deleted. */
export function forgetCache(id: string): void {
  caches.delete(id);
}

/** @throws VirusTotalError `VT_CONFIG` */
function cacheFor(id: string, options: HostOptions): ReportCache | undefined {
  const { apiKey, apiVersion, apiUrl, cache, cacheSize, cacheTtl, cacheTtlUnknown } = resolveOptions(options);
  const settings = [apiVersion, apiUrl, cache, cacheSize, cacheTtl, cacheTtlUnknown];
  const fingerprint = keyFingerprint(apiKey, ...settings);
  const kept = caches.get(id);
  if (kept?.fingerprint === fingerprint) return kept.cache;
  caches.delete(id);
  if (!cache) return undefined;
  const created = new ReportCache({ size: cacheSize, ttl: cacheTtl, ttlUnknown: cacheTtlUnknown });
  caches.set(id, { fingerprint, cache: created });
  return created;
}
