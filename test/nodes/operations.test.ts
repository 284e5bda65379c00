import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import helper from 'node-red-node-test-helper';
import { parse } from 'yaml';
import { dashboardProblems } from '../support/grafana-dashboard';
import { withStandIn } from '../support/with-stand-in';

const DOCS = join(__dirname, '..', '..', 'docs');
const read = (name: string): string => readFileSync(join(DOCS, name), 'utf8');

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { query: unknown }[] };
}

const dashboard = JSON.parse(read('operations/grafana-dashboard.json')) as Dashboard;
const { groups } = parse(read('operations/alerts.yml')) as {
  groups: { rules: { alert: string; expr: string; annotations: object }[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const isInstalled = (): boolean => spawnSync('promtool', ['--version']).status === 0;

const metricsIn = (text: string): string[] =>
  [...text.matchAll(/\bvirustotal_[a-z_]+/g)].map(([name]) => name);
/** `name{label="value", …}` of an expression, as pairs of the metric and its label with its values. */
const selectorsIn = (text: string): [metric: string, label: string, values: string[]][] =>
  [...text.matchAll(/\b(virustotal_[a-z_]+)\{([^}]*)\}/g)].flatMap(([, metric = '', labels = '']) =>
    [...labels.matchAll(/(\w+)=~?"([^"]*)"/g)].map(
      ([, label = '', values = '']): [string, string, string[]] => [metric, label, values.split('|')],
    ),
  );

describe('docs/operations', () => {
  const fixture = withStandIn();
  let scraped: Map<string, Record<string, string>[]>;

  beforeEach(async () => {
    fixture.vt.know('qorlane.com', 9);
    const flow = await fixture.deploy({
      config: { name: 'SOC', metrics: true },
      node: { wires: [['ra']] },
      more: [
        { id: 'ra', z: 'tab', type: 'virustotal-report-analysis', wires: [['judged'], [], [], [], []] },
        { id: 'judged', z: 'tab', type: 'helper' },
      ],
    });
    flow.send({ payload: 'qorlane.com' });
    await flow.until(() => flow.at['judged']?.length === 1);
    const { text } = await helper.request().get('/virustotal/metrics').buffer(true);
    scraped = new Map();
    for (const [, name = '', labels = ''] of text.matchAll(/^(virustotal_\w+)(?:\{(.*)\})? /gm)) {
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]);
      scraped.set(name, [...(scraped.get(name) ?? []), Object.fromEntries(pairs) as Record<string, string>]);
    }
  });

  it('name only metrics, labels and values that a scrape has', () => {
    const expressions = [
      ...rules.map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...dashboard.templating.list.map(({ query }) => JSON.stringify(query)),
    ];
    const families = [...scraped.keys(), 'virustotal_lookup_duration_seconds'];
    for (const text of [...expressions, read('operations.md'), read('operations/alerts-test.yml')]) {
      expect(families).to.include.members(metricsIn(text));
      for (const [metric, label, values] of selectorsIn(text)) {
        const given = (scraped.get(metric) ?? []).map((labels) => labels[label]);
        const isOurs = !['instance', 'config'].includes(label);
        if (isOurs) expect(given, `${metric} ${label}`).to.include.members(values);
        else if (label === 'config') expect(given, metric).to.include('SOC');
      }
    }
  });

  it('list every metric that a scrape has', () => {
    const listed = metricsIn(read('operations.md'));
    for (const name of scraped.keys())
      expect(listed).to.include(name.replace(/(duration_seconds)_(bucket|sum|count)$/, '$1'));
  });

  it('list every alert', () => {
    for (const { alert } of rules) expect(read('operations.md')).to.include(`\`${alert}\``);
  });

  it('have a dashboard that Grafana takes, without a panel over another', () => {
    expect(dashboardProblems(dashboard)).to.deep.equal([]);
    expect(dashboardProblems({ ...dashboard, pannels: [], panels: [{ type: 'stat' }] })).to.include.members([
      'dashboard.pannels is unknown',
      'panels[0].fieldConfig is undefined',
    ]);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels as (Dashboard['panels'][number] & {
      gridPos: { x: number; y: number; w: number; h: number };
    })[])
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).to.equal(false);
          taken.add(`${x} ${y}`);
        }
  });

  it('have alerts that promtool takes, each of which fires and stays silent as its test says', function () {
    if (!isInstalled()) return this.skip();
    for (const args of [
      ['check', 'rules', 'alerts.yml'],
      ['test', 'rules', 'alerts-test.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: join(DOCS, 'operations') });
      expect(status, `${stdout.toString()}${stderr.toString()}`).to.equal(0);
    }
    for (const { alert } of rules)
      expect(read('operations/alerts-test.yml')).to.include(`alertname: ${alert}`);
  });

  it('have expressions on the dashboard that promtool takes', function () {
    if (!isInstalled()) return this.skip();
    const records = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const filled = records.map((expr) =>
      expr.replaceAll('$__rate_interval', '5m').replaceAll('$config', 'SOC'),
    );
    const group = {
      name: 'dashboard',
      rules: filled.map((expr, index) => ({ record: `panel:${index}`, expr })),
    };
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    // JSON is YAML.
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [group] }));
    const { status, stderr } = spawnSync('promtool', ['check', 'rules', join(folder, 'rules.yml')]);
    rmSync(folder, { recursive: true, force: true });
    expect(status, stderr.toString()).to.equal(0);
  });
});
