import type { NodeAPI } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { inBackground } from '../src/in-background';
import { registerAdminRoutes } from './admin';
import type { ConfigNode } from './config-node';
import type * as ConfigService from './config-service';
import { HandOver } from './hand-over';
import type { ConfigDef } from './service-options';

export = function registerConfig(RED: NodeAPI): void {
  HandOver.registered(RED, 'virustotal-config');

  function VirusTotalConfig(this: ConfigNode, def: ConfigDef): void {
    RED.nodes.createNode(this, def);
    const { openService, forgetCache } = loadConfigService();
    const { apiVersion = 'v3', apiUrl, tls, proxy } = def;
    this.fileRoots = def.fileRoots;
    this.endpoint = { apiVersion, apiUrl, tls, proxy };
    try {
      openService(RED, this, def);
    } catch (error) {
      this.problem =
        error instanceof VirusTotalError ? error : new VirusTotalError('VT_CONFIG', String(error));
      this.error(this.problem.message);
    }
    this.on('close', (removed: boolean, done: () => void) => {
      if (removed) forgetCache(RED, def.id);
      const closed = this.service ? HandOver.of(RED).configClosed(def.id, this.service) : Promise.resolve();
      inBackground(closed.then(done, done));
    });
  }

  RED.nodes.registerType('virustotal-config', VirusTotalConfig as never, {
    credentials: { apiKey: { type: 'password' }, redisUrl: { type: 'password' } },
  });
  registerAdminRoutes(RED);
};

/** Loaded with the first config that is deployed: Node-RED starts with these files whether a flow uses them or not. */
function loadConfigService(): typeof ConfigService {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once, or not before a promise
  return require('./config-service') as typeof ConfigService;
}
