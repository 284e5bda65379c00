import { expect } from 'chai';
import { OPTIONS, type NodeType, type Option } from '../../src/options';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { StandIn } from '../../tools/fake-virustotal/stand-in';
import saved from '../support/flows-0.1.json';
import { keysFor, type NodeDef } from '../support/example-flow';
import { NodeRedProcess } from '../support/node-red-process';
import { stixProblems } from '../support/stix-check';

const TYPES = Object.keys(saved.defaults) as (keyof typeof saved.defaults)[];
const flows = saved.flows as unknown as NodeDef[];
const nodesOf = (type: string): NodeDef[] => flows.filter((node) => node.type === type);
const optionsOf = (type: NodeType): Record<string, Option> => OPTIONS[type];

interface Message {
  [property: string]: unknown;
}

/** Its config node of Redis, which no node of the flow uses. */
const SHARED = flows.find(({ store }) => store === 'redis')?.id;
const KNOWN = {
  'qorlane-invoices.com': 3,
  'meridane-paper.net': 0,
} as const;
const V2 = { headers: { 'Node-RED-API-Version': 'v2' } };

/** What a user would have there: the address of VirusTotal. */
function withAddress(node: NodeDef, vt: StandIn): NodeDef {
  if (node.type !== 'virustotal-config') return node;
  return { ...node, apiUrl: vt.url(node['apiVersion'] as 'v2' | 'v3') };
}

/** Whether a node takes this value as it is. */
function takes(option: Option, value: unknown): boolean {
  if (option.kind === 'choice') return option.choices.includes(value as never);
  if (option.kind === 'number') return Number(value) >= option.min && Number(value) <= option.max;
  if (option.kind === 'switch') return typeof value === 'boolean';
  return typeof value === 'string';
}

describe('A flow that was saved by version 0.1', () => {
  it('has here each property of its time with a value that is not the default', () => {
    for (const type of TYPES)
      for (const [name, byDefault] of Object.entries(saved.defaults[type]))
        expect(
          nodesOf(type).some((node) => node[name] !== byDefault),
          `${type}: ${name}`,
        ).to.equal(true);
  });

  for (const type of TYPES)
    it(`keeps every property of ${type}, with the default of its time`, () => {
      const options = optionsOf(type);
      for (const [name, byDefault] of Object.entries(saved.defaults[type]).filter(
        ([name]) => name !== 'name',
      )) {
        expect(options, name).to.have.property(name);
        const option = options[name] as Option;
        expect('default' in option ? option.default : undefined, name).to.equal(byDefault);
        for (const node of nodesOf(type))
          expect(takes(option, node[name]), `${name}: ${String(node[name])}`).to.equal(true);
      }
    });

  describe('in a Node-RED of today', () => {
    let vt: StandIn;
    let nodeRed: NodeRedProcess;
    let deployed: NodeDef[];

    before(async () => {
      const apiKey = freshKey();
      vt = await new StandIn({ apiKey, catalogue: KNOWN }).listen();
      nodeRed = await NodeRedProcess.start();
      deployed = flows.filter(({ id }) => id !== SHARED).map((node) => withAddress(node, vt));
      await nodeRed.deploy(deployed, keysFor(deployed, apiKey));
    });
    after(async () => {
      await nodeRed.stop();
      await vt.close();
    });
    beforeEach(() => {
      nodeRed.debugs.length = 0;
    });

    /** Presses a button; resolves with the messages at the debug nodes, by their names. */
    async function press(button: string, count = 1): Promise<Record<string, Message>> {
      await nodeRed.inject(flows.find(({ name }) => name === button)?.id ?? button);
      await nodeRed.until(() => nodeRed.debugs.length >= count);
      return Object.fromEntries(
        nodeRed.debugs.map(({ name, msg }) => [String(name), JSON.parse(msg) as Message] as const),
      );
    }

    it('gets the reports of one message as an array, each with its indicator', async () => {
      const { Array: sent } = await press('Alert');
      const reports = sent?.['report'] as { action: string; resource: string; response: object }[];
      expect(reports.map(({ action, resource }) => [action, resource])).to.deep.equal([
        ['url', 'http://qorlane-invoices.com/a'],
        ['domain', 'qorlane-invoices.com'],
        ['ip', '192.168.7.7'],
      ]);
      // Only with `raw`: VirusTotal's own fields.
      for (const { response } of reports) expect(response).to.have.property('response_code', 1);
    });

    it('makes a request for OpenDXL and asks no server', async () => {
      const resource = '1847de119d372f29a031d41ee65730e5';
      const { DXL: sent } = await press('Hash');
      expect(sent).to.deep.include({
        payload: { resource },
        dxlTopic: '/opendxl-virustotal/service/vtapi/file/report',
      });
      // The key's quota may be asked for at any time after the first lookup.
      expect(vt.requests.filter((request) => JSON.stringify(request).includes(resource))).to.deep.equal([]);
    });

    it('judges by its own thresholds and exports what is malicious', async () => {
      const { Malicious: sent, Bundle: exported } = await press('Malicious host', 2);
      expect(sent?.['analysis']).to.include({
        ...{ verdict: 'malicious', resource: 'qorlane-invoices.com', positives: 3, rule: '>= 3' },
      });
      const bundle = exported?.['payload'] as { type: string; objects: { type: string }[] };
      expect(bundle.type).to.equal('bundle');
      expect(stixProblems(bundle)).to.deep.equal([]);
    });

    it('trusts what its own threshold trusts', async () => {
      const { Trusted: sent } = await press('Quiet host');
      expect(sent?.['analysis']).to.include({ verdict: 'trusted', resource: 'meridane-paper.net' });
    });

    it('judges by its own expression where API v2 has no count of detections', async () => {
      const { Malicious: sent } = await press('Host without positives', 2);
      expect(sent?.['analysis']).to.include({ verdict: 'malicious', positives: 3 });
    });

    it('is as it was saved, and has no warning in the log', async () => {
      const { flows: now } = (await (await nodeRed.request('/flows', V2)).json()) as { flows: NodeDef[] };
      expect(now).to.deep.equal(deployed);
      expect(nodeRed.log).to.not.match(/\[(warn|error)\] \[virustotal/);
    });
  });
});
