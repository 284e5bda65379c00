import { expect } from 'chai';
import jsonata from 'jsonata';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { importedExample, keysFor, readExample, type NodeDef } from '../support/example-flow';
import { NodeRedProcess, type DebugMessage } from '../support/node-red-process';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import { stixProblems } from '../support/stix-check';

const FOLDER = join(__dirname, '../..', 'examples');

interface Analysis {
  verdict: string;
  resource: string;
  reasons: { code: string }[];
}

/** What the stand-in knows of the indicators in the examples. */
const KNOWN = {
  'qorlane-invoices.com': 11,
  'meridane-paper.net': 0,
  '192.52.193.40': 9,
  'https://parcel-redelivery-vantry.com/track/confirm.php?id=7731': 17,
  'http://192.52.193.77:8080/gate.php': 6,
  'https://fennick-signatures.org/unsubscribe': 2,
  'www.meridane-paper.net': 0,
  'cdn-qorlane.net': 'unknown',
  '1847de119d372f29a031d41ee65730e5': 52,
  '7a5766eba110fdf30c7e6d79751e636f441d630b': 0,
  a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3: 43,
} as const;

/** The expressions of a node: switch, change and VirusTotal nodes say "jsonata" beside them. */
function jsonataIn(node: NodeDef): string[] {
  const { source, sourceType, property, propertyType, rules, heuristicExpression, complete, targetType } =
    node;
  const changes = (Array.isArray(rules) ? rules : []) as { to?: string; tot?: string }[];
  return [
    ...(sourceType === 'jsonata' ? [source] : []),
    ...(propertyType === 'jsonata' ? [property] : []),
    ...(targetType === 'jsonata' ? [complete] : []),
    ...changes.filter(({ tot }) => tot === 'jsonata').map(({ to }) => to),
    ...(heuristicExpression ? [heuristicExpression] : []),
  ] as string[];
}

describe('The example flows', function () {
  let vt: StandIn;
  let nodeRed: NodeRedProcess;
  let apiKey: string;
  let nodes: NodeDef[];

  before(async () => {
    apiKey = freshKey();
    vt = await new StandIn({ apiKey }).listen();
    nodeRed = await NodeRedProcess.start();
  });
  after(async () => {
    await nodeRed.stop();
    await vt.close();
  });
  beforeEach(() => {
    vt.reset({ catalogue: KNOWN, script: [] });
    nodeRed.debugs.length = 0;
  });

  /** Imports an example as it is, but for what a user sets: the key, here of the stand-in, and its address. */
  async function deploy(
    file: string,
    change: (node: NodeDef) => Partial<NodeDef> = () => ({}),
  ): Promise<void> {
    nodes = importedExample(file, (api) => vt.url(api), change);
    await nodeRed.deploy(nodes, keysFor(nodes, apiKey));
  }

  const press = (button: string): Promise<void> =>
    nodeRed.inject(nodes.find(({ type, name }) => type === 'inject' && name === button)?.id ?? button);

  /** What came out at the debug nodes, once there are as many. */
  async function debugs(count: number): Promise<DebugMessage[]> {
    await nodeRed.until(() => nodeRed.debugs.length >= count);
    return nodeRed.debugs.splice(0);
  }

  const byName = (shown: DebugMessage[], name: string): DebugMessage[] =>
    shown.filter((each) => each.name === name);
  const analysis = ({ msg }: DebugMessage): Analysis => JSON.parse(msg) as Analysis;

  it('begin with a comment that says what to do and need no third-party nodes', () => {
    for (const file of readdirSync(FOLDER)) {
      const flow = readExample(file);
      const onCanvas = flow.filter(({ type }) => !/^(tab|virustotal-config|global-config)$/.test(type));
      expect(onCanvas[0]?.type, file).to.equal('comment');
      expect(onCanvas[0]?.['info'], file).to.be.a('string').that.has.length.above(100);
      const core =
        /^(inject|debug|comment|catch|switch|change|function|delay|link in|link out|http in|http response|template|http request|file|json|split|exec|watch|file in|udp in|csv|join|trigger|complete)$/;
      for (const { type } of onCanvas) expect(type, file).to.match(/^virustotal/.test(type) ? /./ : core);
    }
  });

  it('for other products name their packages, so that the import of Node-RED 4.1 offers to install them', () => {
    // The thirteen before them need nothing but this package.
    for (const file of readdirSync(FOLDER).filter((each) => each >= '14')) {
      const flow = readExample(file);
      const [config, ...more] = flow.filter(({ type }) => type === 'global-config');
      expect(more, file).to.deep.equal([]);
      const named = Object.keys(config?.['modules'] ?? {});
      expect(named, file).to.include(manifest.name);
      // A package that is named is one that the comment speaks of.
      const comments = flow.map(({ info }) => info).join();
      for (const each of named.filter((name) => name !== manifest.name))
        expect(comments, file).to.include(each);
    }
  });

  it('show no request with its headers or its address, where secrets are', () => {
    for (const file of readdirSync(FOLDER)) {
      const flow = readExample(file);
      const requests = flow.some(({ type }) => type === 'http request');
      for (const { type, name, targetType, complete } of flow)
        if (requests && type === 'debug' && name !== 'Mail')
          expect([targetType, complete], `${file}: ${name}`)
            .to.not.include('full')
            .and.not.include('headers');
    }
  });

  it('draw an output for each rule of a switch node, so that the editor keeps its wires', () => {
    const nodes = readdirSync(FOLDER).flatMap(readExample);
    for (const { id, type, rules, outputs, wires } of nodes) {
      if (type !== 'switch') continue;
      expect([outputs, (wires as []).length], id).to.deep.equal(Array(2).fill((rules as []).length));
    }
  });

  it('have valid JSONata in every field that takes it', () => {
    const expressions = readdirSync(FOLDER)
      .flatMap((file) => readExample(file))
      .flatMap(jsonataIn);
    expect(expressions).to.have.length.above(2);
    for (const expression of expressions) expect(() => jsonata(expression), expression).not.to.throw();
  });

  it('01 sends each indicator of an alert to the output of its verdict', async () => {
    await deploy('01-ioc-triage.json');
    await press('Nothing to look up');
    const [missing] = await debugs(1);
    expect(missing?.name).to.equal('Report Missing');
    await press('Mail gateway alert');
    const shown = await debugs(13);
    expect(byName(shown, 'Malicious').map((each) => analysis(each).resource)).to.include(
      '1847de119d372f29a031d41ee65730e5',
    );
    expect(byName(shown, 'No Match: unknown').map((each) => analysis(each).resource)).to.deep.equal([
      'cdn-qorlane.net',
    ]);
    expect(byName(shown, 'Lookup failed')).to.deep.equal([]);
  });

  it('02 looks up four kinds of indicator from four kinds of source', async () => {
    await deploy('02-single-lookups.json');
    const seen: [string, string][] = [];
    for (const [button, type, resource] of [
      ['Domain in the message', 'domain', 'meridane-paper.net'],
      [
        'File hash in flow context',
        'file',
        'a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3',
      ],
      ['IP address in global context', 'ip', '192.52.193.40'],
      ['URL by JSONata', 'url', 'https://parcel-redelivery-vantry.com/track/confirm.php?id=7731'],
    ] as const) {
      await press(button);
      const [shown] = await debugs(1);
      const report = JSON.parse(shown?.msg ?? '{}') as { type: string; resource: string };
      expect([shown?.name, report.type, report.resource]).to.deep.equal(['Report', type, resource]);
      seen.push([report.type, report.resource]);
    }
    expect(seen).to.have.length(4);
  });

  it('03 judges by positives with v3 and by detections with v2, in the node and by hand', async () => {
    await deploy('03-domains-and-ip-addresses.json');
    await press('Domain and IP, API v3');
    const v3 = await debugs(2);
    expect(byName(v3, 'Trusted').map((each) => analysis(each).resource)).to.deep.equal([
      'meridane-paper.net',
    ]);
    expect(byName(v3, 'Malicious').map((each) => analysis(each).resource)).to.deep.equal(['192.52.193.40']);
    await press('Domain and IP, API v2');
    const v2 = await debugs(4);
    const judged = v2.filter(({ name }) => /Malicious|Trusted|No Match/.test(name ?? ''));
    expect(judged.map((each) => analysis(each).reasons.map(({ code }) => code))).to.have.length(2);
    for (const each of judged)
      expect(analysis(each).reasons.map(({ code }) => code)).to.include('heuristic-detections');
    expect([...byName(v2, 'More than 20 detections'), ...byName(v2, '20 or fewer')]).to.have.length(2);
  });

  it('04 reports a watched indicator whose verdict changes', async () => {
    await deploy('04-watch-list.json');
    type Listed = { value: string; verdict: string | null }[];
    const list = async (): Promise<Listed> => {
      await press('Show the list');
      return JSON.parse((await debugs(1))[0]?.msg ?? '[]') as Listed;
    };
    let watched: Listed = [];
    while (watched.length < 5 || watched.some(({ verdict }) => verdict === null)) watched = await list();
    vt.know('meridane-paper.net', 8);
    const asked = vt.counts().accepted;
    await press('Check all now');
    const changed = await debugs(1);
    expect(changed.map(({ name, msg }) => `${name}: ${msg}`)).to.deep.equal([
      'Verdict changed: meridane-paper.net: trusted -> malicious (8 positives)',
    ]);
    await press('Watch one more');
    while (watched.length < 6 || watched.some(({ verdict }) => verdict === null)) watched = await list();
    expect(vt.counts().accepted).to.equal(2 * asked + 1);
  });

  it('05 serves a page with a card for each indicator', async () => {
    await deploy('05-verdict-board.json');
    const page = await nodeRed.request('/virustotal');
    expect(page.headers.get('content-type')).to.contain('text/html');
    expect(await page.text()).to.contain('VirusTotal verdicts');
    const cards = async (): Promise<Analysis[]> =>
      (await (await nodeRed.request('/virustotal/board')).json()) as Analysis[];
    expect(await cards()).to.deep.equal([]);
    await press('Sample alert');
    let board: Analysis[] = [];
    while (board.length < 8) board = await cards();
    expect(board.find(({ resource }) => resource === '1847de119d372f29a031d41ee65730e5')).to.include({
      verdict: 'malicious',
      positives: 52,
    });
    expect(board.find(({ resource }) => resource === 'cdn-qorlane.net')).to.include({ verdict: 'no-match' });
  });

  it('06 retries passing failures later and routes the others', async () => {
    await deploy('06-fault-handling.json', ({ type }) =>
      type === 'delay' ? { timeout: '1', timeoutUnits: 'milliseconds' } : {},
    );
    vt.script([503, 503, 503].map((status) => ({ status })));
    await press('Look up a domain');
    const [report] = await debugs(1);
    expect(report?.name).to.equal('Report');
    expect(JSON.parse(report?.msg ?? '{}')).to.include({ resource: 'qorlane-invoices.com', positives: 11 });
    await press('Not an IP address');
    expect((await debugs(1))[0]?.name).to.equal('Not an indicator');
    await press('Errors as reports');
    const [error] = await debugs(1);
    expect(error?.name).to.equal('Report Error');
  });

  it('06 gives up after the third try', async () => {
    await deploy('06-fault-handling.json', ({ type }) =>
      type === 'delay' ? { timeout: '1', timeoutUnits: 'milliseconds' } : {},
    );
    vt.script(() => ({ status: 503 }));
    await press('Look up a domain');
    const [given] = await debugs(1);
    expect(given?.name).to.equal('Given up');
    expect(vt.counts().accepted).to.equal(12);
  });

  it('07 writes reports as STIX bundles, one per line', async () => {
    const file = join(nodeRed.userDir, 'bundles.ndjson');
    await deploy('07-stix-export.json', ({ type }) => (type === 'file' ? { filename: file } : {}));
    await press('Incident');
    expect(byName(await debugs(8), 'Written')).to.have.length(4);
    for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
      const bundle = JSON.parse(line) as { type: string; objects: { type: string }[] };
      expect(stixProblems(bundle)).to.deep.equal([]);
      expect(bundle.objects.map(({ type }) => type)).to.include('indicator');
    }
  });

  it('11 sends nothing until the consent box is ticked, and then one unknown attachment', async () => {
    const example = readExample('11-unknown-attachment.json');
    expect(example.find(({ type }) => type === 'virustotal-submit')?.['consent']).to.equal(false);
    vt.reset({ catalogue: KNOWN, unlisted: 'unknown', script: [] });
    vt.planAnalyses({ verdict: 21 });
    await deploy('11-unknown-attachment.json');
    await press('New mail');
    const [refused] = await debugs(1);
    expect(refused?.name).to.equal('Not submitted');
    expect(refused?.msg).to.contain('tick the consent box');
    expect(vt.submissions).to.deep.equal([]);

    await deploy('11-unknown-attachment.json', ({ type }) =>
      type === 'virustotal-submit' ? { consent: true } : {},
    );
    await press('New mail');
    const [verdict] = await debugs(1);
    expect(verdict?.name).to.equal('Verdict');
    expect(verdict?.msg).to.match(/^Attachment Invoice-0417\.zip is malicious\. .*\b21\b/);
    expect(vt.submissions.map(({ kind, name, taken }) => [kind, name, taken])).to.deep.equal([
      ['file', 'Invoice-0417.zip', true],
    ]);
  });

  it('12 makes a block list of the malicious hosts that a malicious file contacts', async () => {
    await deploy('12-pivot.json');
    const file = 'a301ea9fa0e34b98167f1d306639a4ae65bdbd08931fb7d417070b040a5c72e3';
    vt.relate(file, 'contacted_domains', ['qorlane-invoices.com', 'meridane-paper.net']);
    vt.relate(file, 'contacted_ips', ['192.52.193.40']);
    await press('A malicious file');
    const [list] = byName(await debugs(1), 'Block list');
    expect(list?.msg.split('\n')).to.have.length(3);
    expect(list?.msg).to.match(/^# 2 of 3 hosts; quota of the day: \d+ of 500\n/);
    expect(list?.msg).to.include('qorlane-invoices.com').and.to.include('192.52.193.40');
  });

  it('13 writes what happens to a file, a line of JSON for each event, and as syslog', async () => {
    const file = join(nodeRed.userDir, 'audit.ndjson');
    await deploy('13-audit-log.json', ({ type }) => (type === 'file' ? { filename: file } : {}));
    await press('Something to log');
    const shown = await debugs(5);
    expect(byName(shown, 'Written')).to.have.length(2);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.find(({ event }) => event === 'lookup')).to.include({
      value: 'qorlane-invoices.com',
      positives: 11,
      flow: 'Audit log',
    });
    expect(events.find(({ event }) => event === 'skipped')).to.include({ values: '10.20.30.40' });
    for (const { msg } of byName(shown, 'Syslog line'))
      expect(msg).to.match(
        /^<134>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ node-red - (lookup|skipped) \[virustotal@32473( \w+="([^"\\\]]|\\.)*")+\] \w+$/,
      );
  });

  it('08 sends requests to an OpenDXL service and judges the answers', async () => {
    await deploy('08-opendxl.json');
    await press('Incident');
    const requests = (await debugs(4)).map(
      ({ msg }) => JSON.parse(msg) as { dxlTopic: string; payload: unknown },
    );
    expect(
      requests.map(({ dxlTopic }) => dxlTopic.replace('/opendxl-virustotal/service/vtapi/', '')),
    ).to.deep.equal(['domain/report', 'url/report', 'ip-address/report', 'file/report']);
    expect(requests[0]?.payload).to.deep.equal({ domain: 'qorlane-invoices.com' });
    await press('Answer of the DXL service');
    await press('Answer: an error');
    expect((await debugs(2)).map(({ name }) => name)).to.deep.equal(['No Match', 'Report Error']);
    expect(vt.counts().accepted).to.equal(0);
  });

  it('09 judges the links, the sender and the attachments of a mail and uploads nothing', async () => {
    await deploy('09-phishing-mail.json');
    const attachment = '77d36759492cda931f70ab2f234e58f42ac181d7f34f01f9ea53f1771ab818d3';
    vt.know(attachment, 43);
    await press('Phishing mail');
    const shown = await debugs(4);
    expect(shown.map(({ name }) => name)).to.deep.equal(['Verdict', 'Verdict', 'Verdict', 'Verdict']);
    expect(shown.map(({ msg }) => msg.replace(/\. .*/s, '')).sort()).to.deep.equal([
      `Attachment Invoice-0417.zip: ${attachment} is malicious`,
      'Link: https://parcel-redelivery-vantry.com/track/confirm.php?id=7731 (wrapped by safelinks) is malicious',
      'Sender: qorlane-invoices.com is malicious',
      'Sent from: 192.52.193.40 is malicious',
    ]);
    expect(new Set(vt.requests.map(({ method }) => method))).to.deep.equal(new Set(['GET']));
    expect(JSON.stringify(vt.requests)).to.not.match(/jane|meridane|fennick|safelinks/);
  });
});
