import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { redisAddress } from '../../src/lookup/redis/address';

interface Service {
  image: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  depends_on?: string[];
}

const folder = join(__dirname, '../..', 'deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const { services, volumes: declared } = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const nodeReds = Object.keys(services).filter((name) => name.startsWith('node-red'));

/** As Compose puts the environment in; what is required has a value. */
function filledIn(text: string): string {
  return text.replace(/\$\{(\w+)(?::\?[^}]*)?\}/g, 'f00');
}

describe('The deployment of several Node-REDs', () => {
  it('has several Node-REDs and names only images, services and volumes that exist', () => {
    expect(nodeReds.length).to.be.at.least(2);
    for (const [name, { image, build, depends_on = [], volumes = [] }] of Object.entries(services)) {
      // Without a version another one could come with any start.
      expect(build ?? image, name).to.match(/^\.\.$|^[\w./-]+:\d/);
      expect(services, name).to.include.all.keys(...depends_on, name);
      for (const [source = ''] of volumes.map((volume) => volume.split(':')))
        if (!source.startsWith('.')) expect(declared, name).to.have.property(source);
    }
  });

  it('contains every file that it mounts into a container', () => {
    const files = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.filter((each) => /^\./.test(each)),
    );
    expect(files.length).to.be.at.least(4);
    for (const file of files) expect(existsSync(join(folder, file.split(':')[0] ?? '')), file).to.equal(true);
    expect(existsSync(join(folder, services['node-red-1']?.build ?? '', 'Dockerfile'))).to.equal(true);
  });

  it("shares each Node-RED's key through the Valkey with the password that this requires", () => {
    for (const name of nodeReds) {
      const { REDIS_URL = '' } = services[name]?.environment ?? {};
      const { hosts, password } = redisAddress(filledIn(REDIS_URL));
      expect(hosts).to.deep.equal([{ host: 'valkey', port: 6379 }]);
      const command = services['valkey']?.command?.map(filledIn) ?? [];
      expect(command[command.indexOf('--requirepass') + 1]).to.equal(password);
    }
  });

  it('has a proxy that sends to every Node-RED and is reachable from this machine only', () => {
    const servers = [...read('haproxy.cfg').matchAll(/^ {2}server \S+ (\S+):1880$/gm)].map(
      ([, host]) => host,
    );
    expect(servers).to.deep.equal(nodeReds);
    for (const port of services['proxy']?.ports ?? []) expect(port).to.match(/^127\.0\.0\.1:/);
  });

  it('has a flow that answers the proxy and secrets only as names of variables', () => {
    const flows = JSON.parse(read('node-red/flows.json')) as {
      id: string;
      type: string;
      url?: string;
      store?: string;
    }[];
    expect(flows.map(({ url }) => url)).to.include.members(['/health', '/lookup']);
    expect(flows.find(({ type }) => type === 'virustotal-config')?.store).to.equal('redis');
    const credentials = JSON.parse(read('node-red/flows_cred.json')) as Record<
      string,
      Record<string, string>
    >;
    const variables = Object.keys(services['node-red-1']?.environment ?? {});
    for (const value of Object.values(credentials['vt'] ?? {}))
      expect(variables.map((variable) => `\${${variable}}`)).to.include(value);
    const settings = createRequire(__filename)(join(folder, 'node-red/settings.js')) as Record<
      string,
      unknown
    >;
    expect(settings).to.include({ flowFile: 'flows.json', httpAdminRoot: false, readOnly: true });
  });

  it('has a Valkey that evicts only expiring keys when its memory is full and keeps its data over a restart', () => {
    const command = services['valkey']?.command ?? [];
    expect(command[command.indexOf('--maxmemory-policy') + 1]).to.equal('volatile-lru');
    expect(command[command.indexOf('--appendonly') + 1]).to.equal('yes');
  });
});
