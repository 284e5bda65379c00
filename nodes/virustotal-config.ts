import type { NodeAPI } from 'node-red';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { VirusTotalError } from '../src/errors';
import { resolveOptions, type HostOptions } from '../src/lookup/options';
import { ReportCache } from '../src/lookup/report-cache';
import { VirusTotalService } from '../src/lookup/service';
import { registerAdminRoutes } from './admin';
import type { ConfigNode } from './config-node';
import { HandOver } from './hand-over';
import { quotaContext } from './quota-context';
import { restartFile, tellOfWait } from './restart-file';
import { serviceOptions, type ConfigDef } from './service-options';
import { logSharingProblems } from './log-sharing-problems';
import { inBackground } from '../src/lookup/in-background';

/** Caches by config node: they outlive a redeploy that leaves key, API and cache settings as they are. */
const caches = new Map<string, { fingerprint: string; cache: ReportCache }>();

export = function registerConfig(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-config');

  function VirusTotalConfig(this: ConfigNode, def: ConfigDef): void {
    RED.nodes.createNode(this, def);
    const handOver = HandOver.of(RED);
    const { apiVersion = 'v3', apiUrl, tls, proxy } = def;
    this.endpoint = { apiVersion, apiUrl, tls, proxy };
    try {
      const options = serviceOptions(RED, def, this.credentials);
      const reports = cacheFor(def.id, options);
      const restartRecord = restartFile(this, options.apiKey, RED.settings);
      this.service = new VirusTotalService({
        ...options,
        ...(reports ? { reports } : {}),
        quotaStore: quotaContext(this, options.apiKey, RED.settings),
        ...(restartRecord ? { restartRecord } : {}),
        // What waits may be for a node that this deploy has taken away.
        suspended: !handOver.running,
      });
      handOver.configOpened(def.id, this.service);
      logSharingProblems(this, this.service);
      if (restartRecord?.matters) tellOfWait(this, this.service);
    } catch (error) {
      this.problem =
        error instanceof VirusTotalError ? error : new VirusTotalError('VT_CONFIG', String(error));
      this.error(this.problem.message);
    }
    this.on('close', (removed: boolean, done: () => void) => {
      if (removed) caches.delete(def.id);
      const closed = this.service ? handOver.configClosed(def.id, this.service) : Promise.resolve();
      inBackground(closed.then(done, done));
    });
  }

  RED.nodes.registerType('virustotal-config', VirusTotalConfig as never, {
    credentials: { apiKey: { type: 'password' }, redisUrl: { type: 'password' } },
  });
  registerAdminRoutes(RED);
};

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
