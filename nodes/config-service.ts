import type { Node, NodeAPI } from 'node-red';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { inBackground } from '../src/in-background';
import type { SnapshotOwner } from '../src/lookup/cache-snapshot';
import { resolveOptions, type HostOptions, type ResolvedOptions } from '../src/lookup/options';
import { OPTIONS } from '../src/options';
import { ReportCache } from '../src/lookup/report-cache';
import { VirusTotalService } from '../src/lookup/service';
import { CacheFile, cacheFilesOf, removeCacheFiles } from './cache-file';
import type { ConfigNode } from './config-node';
import { EventHub } from './event-hub';
import { HandOver } from './hand-over';
import { logSharingProblems } from './log-sharing-problems';
import { Metrics } from './metrics';
import { OverviewTick } from './overview-tick';
import { persistentStore } from './persistent-store';
import { quotaContext } from './quota-context';
import { restartFile, tellOfWait } from './restart-file';
import { serviceOptions, type ConfigDef } from './service-options';
import { switchOf } from './switch';

interface Kept {
  fingerprint: string;
  cache: ReportCache;
  /** Where it is kept over a restart. */
  file?: CacheFile | undefined;
}

/** Caches by config node: they outlive a redeploy that leaves key, API and cache settings as they are. */
const caches = new Map<string, Kept>();

/**
 * Opens the service of a config node that has just been created.
 * @throws VirusTotalError `VT_CONFIG`
 */
export function openService(RED: NodeAPI, node: ConfigNode, def: ConfigDef): void {
  const handOver = HandOver.of(RED);
  const options = serviceOptions(RED, def, node.credentials);
  const isMeasured = switchOf('metrics', def.metrics, OPTIONS['virustotal-config'].metrics.default);
  const reports = openCache(RED, node, options);
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
  EventHub.of(RED).watch(node, node.service);
  const tick = OverviewTick.of(RED);
  node.service.onChange(() => tick.changed());
  const metrics = Metrics.of(RED);
  if (isMeasured) metrics.switchOn(node, node.service);
  else metrics.switchOff(node.id);
  logSharingProblems(node, node.service);
  if (restartRecord?.matters) tellOfWait(node, node.service);
}

/** For a config node that is deleted. */
export function forgetCache(RED: NodeAPI, id: string): void {
  dropCache(id);
  EventHub.of(RED).forget(id);
  Metrics.of(RED).switchOff(id);
  const { folder } = persistentStore(RED.settings) ?? {};
  if (folder !== undefined) inBackground(removeCacheFiles(cacheFilesOf(folder, id)));
}

function dropCache(id: string): void {
  caches.get(id)?.file?.close();
  caches.delete(id);
}

/** The cache of a config node, which is read from its file when the process is new. @throws VirusTotalError `VT_CONFIG` */
function openCache(RED: NodeAPI, node: Node, options: HostOptions): ReportCache | undefined {
  const resolved = resolveOptions(options);
  const kept = cacheFor(node.id, resolved);
  const { folder } = persistentStore(RED.settings) ?? {};
  if (folder === undefined) return kept?.cache;
  const prefix = cacheFilesOf(folder, node.id);
  // Redis has them already.
  if (!kept || !resolved.keepCache || resolved.store === 'redis') {
    kept?.file?.close();
    if (kept) kept.file = undefined;
    inBackground(removeCacheFiles(prefix));
  } else if (kept.file) kept.file.log = node;
  else kept.file = new CacheFile(kept.cache, { prefix, owner: ownerOf(resolved) }, node).open();
  return kept?.cache;
}

function cacheFor(id: string, options: ResolvedOptions): Kept | undefined {
  const { apiKey, apiVersion, apiUrl, cache, cacheSize, cacheTtl, cacheTtlUnknown } = options;
  const settings = [apiVersion, apiUrl, cache, cacheSize, cacheTtl, cacheTtlUnknown];
  const fingerprint = keyFingerprint(apiKey, ...settings);
  const kept = caches.get(id);
  if (kept?.fingerprint === fingerprint) return kept;
  dropCache(id);
  if (!cache) return undefined;
  const created = new ReportCache({ size: cacheSize, ttl: cacheTtl, ttlUnknown: cacheTtlUnknown });
  const entry: Kept = { fingerprint, cache: created };
  caches.set(id, entry);
  return entry;
}

/** What holds for the reports besides key and API version: those that were to be kept longer than they are now are of no use. */
function ownerOf({ apiKey, apiVersion, apiUrl, cacheTtl, cacheTtlUnknown }: ResolvedOptions): SnapshotOwner {
  return { apiKey, apiVersion, settings: keyFingerprint(apiKey, apiUrl, cacheTtl, cacheTtlUnknown) };
}
