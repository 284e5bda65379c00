import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { NodeRedProcess } from '../support/node-red-process';

const ON_DISK = `contextStorage: { default: { module: 'memory' }, disk: { module: 'localfilesystem' } }`;

describe('A watch node in a Node-RED that is restarted', function () {
  this.timeout(120_000);
  let vt: StandIn;
  let apiKey: string;
  let userDir: string;
  let nodeRed: NodeRedProcess;

  beforeEach(async () => {
    apiKey = freshKey();
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    vt = await new StandIn({ apiKey, privileges: ['gti'] }).listen();
  });
  afterEach(async () => {
    await nodeRed.stop('SIGKILL');
    await vt.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  const start = async (): Promise<void> =>
    void (nodeRed = await NodeRedProcess.start({ userDir, settings: ON_DISK }));
  const sent = (name: string): string[] =>
    nodeRed.debugs.filter((each) => each.name === name).map(({ msg }) => msg);

  it('compares with the verdicts from before, reads the IoC stream on, and gives nothing twice', async () => {
    vt.know('qorlane-invoices.com', 0);
    vt.notify({ kind: 'domain', indicator: 'before.net' });
    const place = { z: 'tab', x: 100, y: 100 };
    const inject = (id: string, watch: object): Record<string, unknown> & { id: string; type: string } => ({
      ...{ id, ...place, type: 'inject', wires: [['n']] },
      props: [{ p: 'watch', v: JSON.stringify(watch), vt: 'json' }],
    });
    const debug = (id: string): Record<string, unknown> & { id: string; type: string } => ({
      ...{ id, ...place, type: 'debug', name: id, complete: 'true', targetType: 'full', wires: [] },
    });
    await start();
    await nodeRed.deploy(
      [
        { id: 'tab', type: 'tab', label: 'test' },
        { id: 'vt', type: 'virustotal-config', apiUrl: vt.url('v3'), rateLimit: false },
        inject('check', { check: true }),
        inject('list', { list: true }),
        {
          ...{ id: 'n', ...place, type: 'virustotal-watch', server: 'vt', stream: '*' },
          ...{ list: 'qorlane-invoices.com', wires: [['sort']] },
        },
        {
          ...{ id: 'sort', ...place, type: 'switch', property: 'analysis', propertyType: 'msg' },
          ...{ rules: [{ t: 'nnull' }, { t: 'else' }], checkall: 'false', outputs: 2 },
          wires: [['change'], ['listed']],
        },
        debug('change'),
        debug('listed'),
      ],
      { vt: { apiKey } },
    );
    for (let lists = 1; ; lists++) {
      await nodeRed.inject('list');
      await nodeRed.until(() => sent('listed').length >= lists);
      const wasRead = vt.requests.some(({ path }) => path.includes('ioc_stream'));
      if (wasRead && /"verdict":\s*"trusted"/.test(sent('listed').at(-1) ?? '')) break;
    }
    vt.notify({ kind: 'domain', indicator: 'first.net' });
    await nodeRed.inject('check');
    await nodeRed.until(() => sent('change').length === 1);
    await nodeRed.stop();

    vt.know('qorlane-invoices.com', 12);
    vt.notify({ kind: 'domain', indicator: 'second.net' });
    await start();
    await nodeRed.inject('check');
    await nodeRed.until(() => sent('change').length === 2);
    const changes = sent('change').join('\n');
    expect(changes).to.include('second.net');
    expect(changes).to.match(/"previous":\s*\{\s*"verdict":\s*"trusted"/);
    expect(changes).to.not.include('first.net');
    expect(changes).to.not.include('before.net');
    expect(nodeRed.log).to.not.include('kept in memory');
  });
});
