import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheFilesOf } from '../../nodes/cache-file';
import { eventually } from '../../tools/eventually';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { NodeRedProcess } from '../support/node-red-process';

const DISK = `contextStorage: { default: { module: 'memory' }, disk: { module: 'localfilesystem' } }`;

/** Config nodes by id, each with a VirusTotal node that asks for a domain of its own. */
type Configs = Record<string, Record<string, unknown>>;

describe('A Node-RED that is started again', function () {
  let vt: StandIn;
  let keys: string[];
  let userDir: string;
  let nodeRed: NodeRedProcess | undefined;

  beforeEach(async () => {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
    keys = [freshKey(), freshKey()];
    vt = await startStandIn({ apiKey: keys });
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
  });
  afterEach(async () => {
    await nodeRed?.stop('SIGKILL');
    await vt.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  /** Starts Node-RED with these configs and asks once through each. @returns what VirusTotal was asked for, sorted */
  async function asked(configs: Configs, settings = DISK): Promise<string[]> {
    const ids = Object.keys(configs);
    const placed = { z: 'tab', x: 100, y: 40 };
    const flows = [
      { id: 'tab', type: 'tab', label: 'restart' },
      { id: 'in', type: 'inject', ...placed, props: [], wires: [ids.map((id) => `ask-${id}`)] },
      { id: 'seen', type: 'debug', ...placed, complete: 'payload.resource', targetType: 'msg' },
      ...ids.flatMap((id) => [
        { id, type: 'virustotal-config', apiUrl: vt.url('v3'), rateLimit: false, ...configs[id] },
        {
          id: `ask-${id}`,
          type: 'virustotal',
          ...placed,
          server: id,
          action: 'domain',
          source: `${id}.example.com`,
          sourceType: 'str',
          wires: [['seen']],
        },
      ]),
    ];
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows));
    const credentials = ids.map((id) => [id, { apiKey: configs[id]?.['key'] ?? keys[0] }]);
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(Object.fromEntries(credentials)));
    const before = vt.requests.length;
    const started = (nodeRed = await NodeRedProcess.start({ userDir, settings }));
    await started.inject('in');
    await started.until(() => started.debugs.filter(({ id }) => id === 'seen').length === ids.length);
    const requests = vt.requests.slice(before).filter(({ path }) => !path.includes('/users/'));
    return requests.map(({ indicator }) => indicator).sort();
  }
  /** The cache files, by the id of their config node. */
  const fileOf = (id: string, folder = join(userDir, 'context')): string | undefined => {
    const prefix = cacheFilesOf(folder, id);
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const found = names.find((name) => join(folder, name).startsWith(prefix) && /-v[23]$/.test(name));
    return found && join(folder, found);
  };

  it('uses the reports of the previous process, except foreign, damaged and unwanted ones', async () => {
    const before = {
      kept: {},
      damaged: {},
      version: {},
      key: {},
      off: { keepCache: false },
      changed: { cacheTtl: 3600 },
      'switched-off': {},
    };
    expect(await asked(before)).to.have.length(7);
    await nodeRed?.stop();
    expect(fileOf('off')).to.equal(undefined);
    truncateSync(fileOf('damaged') ?? '', 100);
    const after = {
      kept: {},
      damaged: {},
      version: { apiVersion: 'v2', apiUrl: vt.url('v2') },
      key: { key: keys[1] },
      off: { keepCache: false },
      changed: { cacheTtl: 60 },
      'switched-off': { keepCache: false },
    };
    const foreign = ['changed', 'damaged', 'key', 'off', 'switched-off', 'version'];
    expect(await asked(after)).to.deep.equal(foreign.map((id) => `${id}.example.com`));
    const lines = (nodeRed?.log ?? '').split('\n').filter((line) => line.includes('cache from before'));
    expect(lines).to.have.length(1);
    await eventually(() => fileOf('switched-off') === undefined);
  });

  it('uses the reports of a process that was killed', async () => {
    expect(await asked({ kept: {} })).to.have.length(1);
    await eventually(() => fileOf('kept') !== undefined);
    await nodeRed?.stop('SIGKILL');
    expect(await asked({ kept: {} })).to.deep.equal([]);
  });

  it('starts with an empty cache and writes no file without a persistent context store', async () => {
    expect(await asked({ kept: {} }, '')).to.have.length(1);
    await nodeRed?.stop();
    expect(readdirSync(userDir).filter((name) => name.includes('cache'))).to.deep.equal([]);
    expect(await asked({ kept: {} }, '')).to.have.length(1);
  });

  it('keeps the cache in the user folder when another module is the persistent store', async () => {
    const load = (file: string): string => `require(${JSON.stringify(file)})`;
    const module = `${load(join(__dirname, '../faults/context-store.ts'))}.contextStoreIn(${JSON.stringify(join(userDir, 'store.json'))})`;
    const tsx = load(createRequire(__filename).resolve('tsx/cjs'));
    const store = `contextStorage: { default: { module: (${tsx}, ${module}) } }`;
    expect(await asked({ kept: {} }, store)).to.have.length(1);
    await nodeRed?.stop();
    expect(fileOf('kept', userDir)).to.not.equal(undefined);
    expect(await asked({ kept: {} }, store)).to.deep.equal([]);
  });
});
