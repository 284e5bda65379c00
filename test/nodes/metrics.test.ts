import { expect } from 'chai';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import helper from 'node-red-node-test-helper';
import { endWithProcess } from '../../tools/end-with-process';
import { eventually } from '../../tools/eventually';
import { freePort } from '../../tools/free-port';
import { NodeRedProcess } from '../support/node-red-process';
import { withStandIn } from '../support/with-stand-in';

const ANALYSIS = [
  { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', wires: [['judged'], [], [], [], []] },
  { id: 'judged', z: 'tab', type: 'helper' },
];
/** Who scrapes has this token; anybody else may not read. */
const TOKEN = 'token-of-the-scraper';
const ADMIN_AUTH = `adminAuth: {
  type: 'credentials', users: [],
  tokens: async (token) => token === '${TOKEN}' ? { username: 'prometheus', permissions: ['virustotal.read'] } : null,
  default: { permissions: ['flows.read', 'flows.write', 'inject.write', 'nodes.read', 'settings.read', 'status.read', 'debug.read'] },
}`;

const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

async function metrics(accept = '*/*'): Promise<{ status: number; type: string; text: string }> {
  const answer = await helper.request().get('/virustotal/metrics').set('Accept', accept).buffer(true);
  return { status: answer.status, type: String(answer.headers['content-type']), text: answer.text };
}

describe('The metrics', () => {
  const fixture = withStandIn();

  const deploy = (config: Record<string, unknown> = {}) =>
    fixture.deploy({
      config: { name: 'SOC', metrics: true, ...config },
      node: { wires: [['ra']] },
      more: ANALYSIS,
      catching: ['judged'],
    });

  beforeEach(async () => {
    // What was counted before is forgotten.
    await deploy({ metrics: false });
    await fixture.undeploy();
  });

  it('are off until they are switched on', async () => {
    await deploy({ metrics: false });
    expect((await metrics()).status).to.equal(404);
  });

  it('count what the nodes do, under the name of the config, and name no indicator and no key', async () => {
    fixture.vt.know('qorlane.com', 9);
    fixture.vt.know('unknown.com', 'unknown');
    fixture.vt.script({ 'failing.com': [{ status: 400 }] });
    const flow = await deploy();
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() => flow.at['judged']?.length === 1);
    flow.send({ payload: 'qorlane.com unknown.com failing.com' });
    await flow.until(() => flow.at['judged']?.length === 3);
    const { status, type, text } = await metrics('application/openmetrics-text; version=1.0.0');
    expect(status).to.equal(200);
    expect(type).to.match(/^application\/openmetrics-text; version=1\.0\.0/);
    for (const line of [
      'virustotal_lookups_total{config="SOC",type="domain",outcome="detected"} 2',
      'virustotal_lookups_total{config="SOC",type="domain",outcome="unknown"} 1',
      'virustotal_refusals_total{config="SOC",code="VT_REQUEST"} 1',
      'virustotal_cache_hits_total{config="SOC"} 1',
      'virustotal_waiting_lookups{config="SOC"} 0',
      'virustotal_lookup_duration_seconds_count{config="SOC"} 3',
      'virustotal_verdicts_total{verdict="malicious"} 2',
    ])
      expect(text.split('\n')).to.include(line);
    expect(text).to.match(/virustotal_requests_total\{config="SOC"\} [3-9]\n/);
    expect(text.endsWith('# EOF\n')).to.equal(true);
    expect(text).to.not.include('qorlane').and.not.include(fixture.apiKey);
  });

  it('never count back at a deploy', async () => {
    const lookups = async (): Promise<number> =>
      Number(/duration_seconds_count\{config="SOC"\} (\d+)/.exec((await metrics()).text)?.[1]);
    const flow = await deploy();
    const before = await lookups();
    flow.send({ payload: 'qorlane.com' });
    await eventually(async () => (await lookups()) === before + 1);
    await flow.redeploy({}, 'full');
    expect(await lookups()).to.equal(before + 1);
  });

  it('are what promtool takes without a complaint', async function () {
    if (!isInstalled('promtool')) return this.skip();
    const flow = await deploy();
    flow.send({ payload: 'qorlane.com 10.0.0.1' });
    await flow.until(() => fixture.asked().length === 1);
    const { text } = await metrics();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text });
    expect(`${stdout.toString()}${stderr.toString()}`).to.equal('');
    expect(status).to.equal(0);
  });
});

describe('The metrics of a Node-RED with users', () => {
  let nodeRed: NodeRedProcess;

  beforeEach(async () => {
    nodeRed = await NodeRedProcess.start({ settings: ADMIN_AUTH });
    const config = { id: 'vt', type: 'virustotal-config', name: 'SOC', metrics: true };
    await nodeRed.deploy([{ id: 'tab', type: 'tab' }, config], { vt: { apiKey: 'a'.repeat(64) } });
  });
  afterEach(() => nodeRed.stop());

  it('are for those with the permission virustotal.read, by a bearer token', async () => {
    const url = `${nodeRed.url}/virustotal/metrics`;
    expect((await fetch(url)).status).to.equal(401);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.include('virustotal_quota_allowed{config="SOC",period="day"} 500');
  });

  it('are scraped by Prometheus', async function () {
    if (!isInstalled('prometheus')) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const port = await freePort();
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: { scrape_interval: 200ms, scrape_timeout: 200ms }
scrape_configs:
  - job_name: node-red
    metrics_path: /virustotal/metrics
    authorization: { credentials: ${TOKEN} }
    static_configs: [{ targets: ['${new URL(nodeRed.url).host}'] }]
`,
    );
    execFileSync('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
    const child = endWithProcess(
      spawn('prometheus', [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ]),
    );
    try {
      const query = encodeURIComponent('virustotal_quota_allowed{period="day"}');
      await eventually(async () => {
        // It does not listen at once.
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${query}`).catch(
          () => undefined,
        );
        if (answer?.status !== 200) return false;
        const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result[0]?.value[1] === '500';
      });
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
