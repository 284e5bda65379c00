import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { NodeRedProcess } from '../support/node-red-process';

const URL = 'https://fennick-signatures.org/new';

/** Node-RED writes to the disk after 30 s, which none of these processes lives to see. */
const WITH_STORE = `contextStorage: { default: { module: 'memory' }, disk: { module: 'localfilesystem' } }`;

interface Resumed {
  _msgid: string;
  payload: { resource: string; positives: number };
  virustotal: Record<string, unknown>;
}

describe('A submit node in a Node-RED that is restarted before the report is there', function () {
  this.timeout(120_000);
  let vt: StandIn;
  let apiKey: string;
  let userDir: string;
  let nodeRed: NodeRedProcess | undefined;

  beforeEach(async () => {
    apiKey = freshKey();
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    vt = await new StandIn({ apiKey, unlisted: 'unknown' }).listen();
    vt.planAnalyses({ queued: Infinity, verdict: 8 });
  });
  afterEach(async () => {
    await nodeRed?.stop('SIGKILL');
    await vt.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  const start = async (settings = WITH_STORE): Promise<NodeRedProcess> =>
    (nodeRed = await NodeRedProcess.start({ userDir, settings }));
  const named = (name: string): string[] =>
    (nodeRed?.debugs ?? []).filter((each) => each.name === name).map(({ msg }) => msg);

  async function submit(node: Record<string, unknown> = {}, settings?: string): Promise<void> {
    const first = await start(settings);
    await first.deploy(
      [
        { id: 'tab', type: 'tab', label: 'test' },
        { id: 'vt', type: 'virustotal-config', apiUrl: vt.url('v3'), rateLimit: false, timeScale: 0.001 },
        {
          id: 'in',
          z: 'tab',
          x: 100,
          y: 100,
          type: 'inject',
          props: [{ p: 'payload' }, { p: 'verdict', v: 'malicious', vt: 'str' }],
          payload: URL,
          payloadType: 'str',
          wires: [['n']],
        },
        {
          id: 'n',
          z: 'tab',
          x: 100,
          y: 100,
          type: 'virustotal-submit',
          server: 'vt',
          action: 'url',
          consent: true,
          ...node,
          wires: [['out']],
        },
        {
          id: 'out',
          z: 'tab',
          x: 100,
          y: 100,
          type: 'debug',
          name: 'Report',
          active: true,
          tosidebar: true,
          complete: 'true',
          targetType: 'full',
          wires: [],
        },
        { id: 'status', z: 'tab', x: 100, y: 100, type: 'status', scope: ['n'], wires: [['line']] },
        {
          id: 'line',
          z: 'tab',
          x: 100,
          y: 100,
          type: 'debug',
          name: 'Status',
          active: true,
          tosidebar: true,
          complete: 'status.text',
          targetType: 'msg',
          wires: [],
        },
      ],
      { vt: { apiKey } },
    );
    await first.inject('in');
  }

  /** What comes out after the restart. */
  async function resumed(): Promise<Resumed> {
    const second = await start();
    vt.completeAnalyses();
    await second.until(() => named('Report').length > 0);
    return JSON.parse(named('Report')[0] ?? '{}') as Resumed;
  }

  it('sends the report in a new message that says so, and submits nothing again', async () => {
    await submit();
    await nodeRed?.until(() => named('Status').includes('queued at VirusTotal'));
    await nodeRed?.stop();
    const { payload, virustotal } = await resumed();
    expect(payload).to.include({ resource: URL, positives: 8 });
    expect(virustotal).to.include({ type: 'url', resource: URL, submitted: true, afterRestart: true });
    expect(virustotal['text']).to.contain('Node-RED was restarted');
    expect(vt.submissions).to.have.length(1);
    // Once: another restart has nothing left to tell.
    await nodeRed?.stop();
    const third = await start();
    await third.inject('in');
    await third.until(() => named('Report').length > 0);
    expect(named('Report')).to.have.length(1);
    expect(named('Report')[0]).to.not.contain('afterRestart');
    expect(vt.submissions).to.have.length(1);
  });

  it('asks for the report if the answer to the submission was still to come', async () => {
    vt.script(({ method }) => (method === 'POST' ? { delayMs: 'forever' } : undefined));
    await submit();
    await nodeRed?.until(() => named('Status').some((text) => text.startsWith('uploading')));
    // The stage says that it may have left; VirusTotal has it when it has noted it.
    while (vt.submissions.length === 0) await new Promise(setImmediate);
    await nodeRed?.stop();
    vt.script([]);
    const { payload, virustotal } = await resumed();
    expect(payload).to.include({ resource: URL, positives: 8 });
    expect(virustotal).to.include({ submitted: true, afterRestart: true });
    expect(vt.submissions).to.have.length(1);
  });

  for (const hasAnswer of [true, false])
    it(`sends the report also if the process was killed ${hasAnswer ? 'while it waited' : 'before it had the answer'}`, async () => {
      if (!hasAnswer) vt.script(({ method }) => (method === 'POST' ? { delayMs: 'forever' } : undefined));
      await submit();
      if (hasAnswer) await nodeRed?.until(() => named('Status').includes('queued at VirusTotal'));
      while (vt.submissions.length === 0) await new Promise(setImmediate);
      await nodeRed?.stop('SIGKILL');
      vt.script([]);
      const { payload, virustotal } = await resumed();
      expect(payload).to.include({ resource: URL, positives: 8 });
      expect(virustotal).to.include({ submitted: true, afterRestart: true });
      expect(vt.submissions).to.have.length(1);
    });

  it('counts what it has submitted today also if the process was killed', async () => {
    await submit({ maxPerDay: 1, wait: false, onError: 'report' });
    await nodeRed?.until(() => named('Report').length === 1);
    await nodeRed?.stop('SIGKILL');
    vt.completeAnalyses();
    vt.know(URL, 'unknown');
    const second = await start();
    await second.inject('in');
    await second.until(() => named('Report').length === 1);
    expect(named('Report')[0]).to.contain('Maximum per day (maxPerDay) is 1');
    expect(vt.submissions).to.have.length(1);
  });

  it('votes once, also if the process was killed before it had the answer', async () => {
    vt.know(URL, 8);
    vt.script(({ method }) => (method === 'POST' ? { delayMs: 'forever' } : undefined));
    const posts = (): number => vt.requests.filter(({ method }) => method === 'POST').length;
    await submit({ action: 'vote' });
    while (posts() === 0) await new Promise(setImmediate);
    await nodeRed?.stop('SIGKILL');
    vt.script([]);
    const second = await start();
    await second.inject('in');
    await second.until(() => named('Report').length === 1);
    expect(JSON.parse(named('Report')[0] ?? '{}')).to.have.nested.property('virustotal.already', true);
    expect(posts()).to.equal(1);
  });

  it('without a persistent store asks for the report first when the message comes again, and submits nothing twice', async () => {
    await submit({}, '');
    await nodeRed?.until(() => named('Status').includes('queued at VirusTotal'));
    await nodeRed?.stop('SIGKILL');
    vt.completeAnalyses();
    const second = await start('');
    expect(named('Report')).to.deep.equal([]);
    await second.inject('in');
    await second.until(() => named('Report').length === 1);
    const { payload, virustotal } = JSON.parse(named('Report')[0] ?? '{}') as Resumed;
    expect(payload).to.include({ resource: URL, positives: 8 });
    expect(virustotal).to.include({ submitted: false });
    expect(vt.submissions).to.have.length(1);
  });
});
