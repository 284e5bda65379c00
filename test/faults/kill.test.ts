import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ServiceStats } from '../../src/lookup/service';
import { eventually } from '../../tools/eventually';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { NodeRedProcess } from '../support/node-red-process';
import { startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';

/** VirusTotal's minute is shortened to 1.2 s, in which this number of requests may start. */
const A_MINUTE = 40;
const TIME_SCALE = 0.02;
/** Node-RED's own is 30 s: the tests would have to wait for it. */
const FLUSH_SECONDS = 1;
/** What may start while a count is on its way to the disk: two minutes begin in 2 s, a second for the flush and one for the write. */
const UNSAVED = 2 * A_MINUTE;
/** What may be under way when VirusTotal counts, and so in its count or not. Without its figures some forty too many are counted. */
const UNDER_WAY = 10;

/** A hundred messages come each second by themselves, and wait: the limit lets some of them through. */
function flows(apiUrl: string): object[] {
  const config = { apiUrl, rateLimitMode: 'window', rateLimitCount: A_MINUTE, timeScale: TIME_SCALE };
  const placed = { z: 'tab', x: 100, y: 40 };
  const every = { props: [{ p: 'payload' }], payload: '', payloadType: 'date', repeat: '0.01', once: true };
  return [
    { id: 'tab', type: 'tab', label: 'load' },
    { id: 'vt', type: 'virustotal-config', ...config, dailyQuota: 10_000 },
    { id: 'in', type: 'inject', ...placed, ...every, wires: [['make']] },
    {
      id: 'make',
      type: 'template',
      ...placed,
      field: 'payload',
      template: 'd{{_msgid}}.net',
      wires: [['ask']],
    },
    { id: 'ask', type: 'virustotal', server: 'vt', action: 'domain', ...placed, wires: [['seen']] },
    { id: 'seen', type: 'debug', ...placed, complete: 'payload.resource', targetType: 'msg' },
  ];
}

describe('A Node-RED that is killed under load', function () {
  let vt: StandIn;
  let apiKey: string;
  let userDir: string;
  let nodeRed: NodeRedProcess;

  beforeEach(async () => {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
    apiKey = freshKey();
    vt = await startStandIn({ apiKey });
    userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows(vt.url('v3'))));
    writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify({ vt: { apiKey: '${VT_TEST_KEY}' } }));
  });
  afterEach(async () => {
    await nodeRed.stop('SIGKILL');
    await vt.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const disk = `{ module: 'localfilesystem', config: { flushInterval: ${FLUSH_SECONDS} } }`;
    nodeRed = await NodeRedProcess.start({
      userDir,
      settings: `contextStorage: { default: ${disk} }`,
      env: { VT_TEST_KEY: apiKey },
    });
  }

  /** Whether it may know what VirusTotal has counted; a key may be forbidden to. */
  function figures(allowed: boolean): void {
    vt.script(({ path }) => (!allowed && path.includes('/users/') ? { status: 403, body: {} } : undefined));
  }

  const accepted = (): number => vt.counts().accepted;
  const used = async (): Promise<number> => {
    const answer = await nodeRed.request('/virustotal/state/vt');
    return ((await answer.json()) as ServiceStats).quota.day.used;
  };
  const contextFiles = (): string[] => {
    const folder = join(userDir, 'context');
    const all = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
    return all.filter((name) => name.endsWith('.json')).map((name) => join(userDir, 'context', name));
  };

  /** Kills it in the midst of requests of which the last are on no disk. */
  async function killUnderLoad(): Promise<void> {
    await eventually(() =>
      contextFiles().some((file) => readFileSync(file, 'utf8').includes('virustotal-quota')),
    );
    const before = accepted();
    await eventually(() => accepted() >= before + A_MINUTE / 2);
    await nodeRed.stop('SIGKILL');
  }

  it('counts no less than VirusTotal after the restart, even when VirusTotal does not report its count', async () => {
    figures(false);
    await start();
    await killUnderLoad();
    const counted = accepted();
    await start();
    // It goes on asking: what it counts is compared with what VirusTotal had counted before.
    const again = accepted();
    expect(await used())
      .to.be.at.least(again)
      .and.at.most(accepted() + UNSAVED);
    expect(counted).to.be.at.least(A_MINUTE / 2);
  });

  it('counts as VirusTotal does as soon as VirusTotal reports its count', async () => {
    figures(false);
    await start();
    await killUnderLoad();
    figures(true);
    await start();
    await eventually(async () => (await used()) - accepted() <= UNDER_WAY);
    const counted = accepted();
    expect(await used()).to.be.at.least(counted - 1);
  });

  it('keeps its flows, key and context and continues', async () => {
    await start();
    await killUnderLoad();
    await start();
    for (const file of contextFiles()) JSON.parse(readFileSync(file, 'utf8'));
    expect(nodeRed.log).not.to.match(/error|invalid|corrupt|backup/i);
    const { length } = nodeRed.debugs;
    await nodeRed.until(() => nodeRed.debugs.length > length);
    expect(nodeRed.debugs.at(-1)?.msg).to.match(/^d.*\.net$/);
  });

  it('counts exactly after an orderly end', async () => {
    await start();
    await eventually(() => accepted() >= A_MINUTE / 2);
    await nodeRed.stop('SIGTERM');
    const counted = accepted();
    figures(false);
    await start();
    const again = accepted();
    expect(await used())
      .to.be.at.least(again)
      .and.at.most(accepted() + UNDER_WAY);
    expect(again - counted).to.be.at.least(0);
  });
});
