import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import helper from 'node-red-node-test-helper';
import stix from '../../nodes/virustotal-stix';
import { analyzeReport } from '../../src/analysis/analyze';
import { VirusTotalError } from '../../src/errors';
import type { StixBundle } from '../../src/stix/stix';
import { fileReport, mitreTrees, v2DomainBody, v3DomainReport, v3FileReport } from '../support/reports';
import { stixProblems } from '../support/stix-check';

type Message = Record<string, unknown> & { payload: StixBundle; error: { message: string; code: string } };
type Lookup = (sha256: string, options: { priority?: number }) => Promise<unknown>;

const catchNode = createRequire(__filename)('@node-red/nodes/core/common/25-catch.js') as never;

/** A config node whose service answers as the test wants. */
function configNode(lookup: Lookup) {
  return (RED: NodeAPI): void => {
    RED.nodes.registerType('virustotal-config', function (this: Node, def: NodeDef) {
      RED.nodes.createNode(this, def);
      Object.assign(this, { service: { behaviorMitreTrees: lookup, drop: () => Promise.resolve(0) } });
    });
  };
}

/** A deployed flow of one STIX node; resolves with what comes out, or reaches the Catch node. */
async function flowWith(
  def: Record<string, unknown> = {},
  lookup: Lookup = () => Promise.resolve(undefined),
) {
  const flow = [
    { id: 'tab', type: 'tab' },
    { id: 'config', type: 'virustotal-config' },
    { id: 'n', type: 'virustotal-stix', z: 'tab', wires: [['out']], ...def },
    { id: 'out', type: 'helper', z: 'tab' },
    { id: 'catcher', type: 'catch', z: 'tab', wires: [['caught']] },
    { id: 'caught', type: 'helper', z: 'tab' },
  ];
  await helper.load([configNode(lookup), stix, catchNode], flow);
  let arrived = (_at: string, _msg: Message): void => undefined;
  for (const at of ['out', 'caught']) {
    helper.getNode(at).on('input', (msg: unknown) => arrived(at, msg as Message));
  }
  return (msg: Record<string, unknown>) =>
    new Promise<{ at: string; msg: Message }>((resolve, reject) => {
      arrived = (at, received) => {
        // Whatever the node makes is valid STIX.
        const problems = at === 'out' ? stixProblems(received.payload) : [];
        if (problems.length > 0) reject(new Error(problems.join('\n')));
        else resolve({ at, msg: received });
      };
      helper.getNode('n').receive(msg);
    });
}

const types = ({ objects }: StixBundle) => [...new Set(objects.map(({ type }) => type))];
const indicator = ({ objects }: StixBundle) => objects.find(({ type }) => type === 'indicator');

describe('The STIX node', () => {
  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  afterEach(() => helper.unload());

  it('puts the bundle into msg.payload and leaves the rest of the message', async () => {
    const send = await flowWith();
    const { at, msg } = await send({ payload: v3DomainReport(50, 90), topic: 'kept', dxlRequest: { id: 7 } });
    expect(at).to.equal('out');
    expect(stixProblems(msg.payload)).to.deep.equal([]);
    expect(msg).to.deep.include({ topic: 'kept', dxlRequest: { id: 7 } });
    expect(helper.getNode('n')).to.have.nested.property(
      'status.lastCall.args[0].text',
      `STIX · ${msg.payload.objects.length}`,
    );
  });

  it('takes the verdict from msg.analysis and judges by the defaults without one', async () => {
    const send = await flowWith({ indicatorFor: 'suspicious' });
    const payload = v3DomainReport(3, 90);
    const analysis = analyzeReport(payload, { malicious: 2 });
    const judged = await send({ payload, analysis });
    expect(indicator(judged.msg.payload)?.indicator_types).to.deep.equal(['malicious-activity']);
    const unjudged = await send({ payload });
    expect(indicator(unjudged.msg.payload)?.indicator_types).to.deep.equal(['anomalous-activity']);
  });

  it('ignores a verdict on another report', async () => {
    const send = await flowWith({ indicatorFor: 'all' });
    const analysis = analyzeReport(fileReport(60, 70));
    const { msg } = await send({ payload: v3DomainReport(0, 90), analysis });
    expect(indicator(msg.payload)?.indicator_types).to.deep.equal(['benign']);
  });

  it('finds the report where Report Analysis does, in the chosen property', async () => {
    const send = await flowWith({ property: 'vt.report', tlp: 'amber', maxRelated: '1' });
    const { msg } = await send({
      payload: 'old',
      vt: { report: { virustotal: { response: v3DomainReport(50, 90) } } },
    });
    expect(indicator(msg.payload)?.name).to.equal('Indicator of domain: bad.example');
    expect(msg.payload.objects[0]?.name).to.equal('TLP:AMBER');
    expect(
      msg.payload.objects.filter(({ relationship_type }) => relationship_type === 'resolves-to'),
    ).to.have.lengthOf(1);
  });

  it('takes the domain of a bare answer of an OpenDXL service from msg.virustotal', async () => {
    const send = await flowWith({ indicatorFor: 'all' });
    const virustotal = { action: 'domain', type: 'domain', resource: 'bad.example' };
    const { msg } = await send({ payload: v2DomainBody(), virustotal });
    expect(indicator(msg.payload)?.name).to.equal('Indicator of domain: bad.example');
    const { at, msg: failed } = await send({ payload: v2DomainBody() });
    expect([at, failed.error.code]).to.deep.equal(['caught', 'VT_BAD_RESPONSE']);
  });

  it('makes one bundle of an array and leaves out failed lookups', async () => {
    const send = await flowWith();
    const failed = { response_code: -1, error: { code: 'VT_TIMEOUT', message: 'too late' } };
    const { msg } = await send({ payload: [v3DomainReport(50, 90), failed, v3FileReport()] });
    expect(stixProblems(msg.payload)).to.deep.equal([]);
    expect(msg.payload.objects.filter(({ type }) => type === 'indicator')).to.have.lengthOf(2);
  });

  it('sends only the observable when VirusTotal does not know the indicator', async () => {
    const send = await flowWith();
    const { msg } = await send({ payload: { type: 'domain', resource: 'new.example', response_code: 0 } });
    expect(types(msg.payload)).to.deep.equal(['marking-definition', 'identity', 'domain-name']);
  });

  describe('with attack patterns', () => {
    const wanted = { attackPatterns: true, server: 'config' };

    it('asks for the techniques of a file with the priority of the message', async () => {
      const asked: unknown[] = [];
      const send = await flowWith(wanted, (sha256, { priority }) => {
        asked.push([sha256, priority]);
        return Promise.resolve(mitreTrees());
      });
      const { msg } = await send({ payload: v3FileReport(), priority: 2 });
      expect(asked).to.deep.equal([['f'.repeat(64), 2]]);
      expect(types(msg.payload)).to.include('attack-pattern');
      expect(stixProblems(msg.payload)).to.deep.equal([]);
    });

    it('asks for no techniques of domains or of files unknown to VirusTotal', async () => {
      const send = await flowWith(wanted, () => Promise.reject(new Error('asked')));
      for (const payload of [
        v3DomainReport(50, 90),
        { type: 'file', resource: 'f'.repeat(64), response_code: 0 },
      ]) {
        expect((await send({ payload })).at).to.equal('out');
      }
    });

    it('sends the bundle without techniques and warns when their lookup fails', async () => {
      const send = await flowWith(wanted, () =>
        Promise.reject(new VirusTotalError('VT_QUOTA', 'the day is spent')),
      );
      const { at, msg } = await send({ payload: v3FileReport() });
      expect(at).to.equal('out');
      expect(types(msg.payload)).to.include('indicator').and.not.to.include('attack-pattern');
      expect(helper.getNode('n')).to.have.nested.property('warn.lastCall.args[0]').that.contains('VT_QUOTA');
    });

    it('ends in Catch with VT_CLOSED when it is closed while it waits', async () => {
      const send = await flowWith(wanted, () => Promise.reject(new VirusTotalError('VT_CLOSED', 'closed')));
      const { at, msg } = await send({ payload: v3FileReport() });
      expect([at, msg.error.code]).to.deep.equal(['caught', 'VT_CLOSED']);
    });

    it('ends in Catch with VT_CONFIG when its config node is gone', async () => {
      const send = await flowWith({ ...wanted, server: 'gone' });
      const { at, msg } = await send({ payload: v3FileReport() });
      expect([at, msg.error.code]).to.deep.equal(['caught', 'VT_CONFIG']);
    });
  });

  it('asks for no techniques unless it is told to', async () => {
    const send = await flowWith({ server: 'config' }, () => Promise.reject(new Error('asked')));
    expect((await send({ payload: v3FileReport() })).at).to.equal('out');
  });

  describe('ends in Catch', () => {
    const cases: [string, unknown, string, string][] = [
      ['without a report', 'hello', 'VT_BAD_RESPONSE', 'no VirusTotal report'],
      ['with an empty array', [], 'VT_BAD_RESPONSE', 'no VirusTotal report'],
      ['with an array of none', ['a', null], 'VT_BAD_RESPONSE', 'no VirusTotal report'],
      [
        'with a refused resource',
        { response_code: -1, verbose_msg: 'Invalid IP address' },
        'VT_BAD_RESPONSE',
        'Invalid IP',
      ],
      [
        'with a failed lookup',
        { error: { code: 'VT_TIMEOUT', message: 'too late' } },
        'VT_TIMEOUT',
        'too late',
      ],
      [
        'with a report of no indicator',
        { type: 'ip', resource: 'me', response_code: 1 },
        'VT_INVALID_IOC',
        '"me"',
      ],
    ];
    for (const [how, payload, code, said] of cases) {
      it(`${how}, and the message is unchanged`, async () => {
        const send = await flowWith();
        const { at, msg } = await send({ payload, topic: 'kept' });
        expect([at, msg.error.code, msg.payload, msg.topic]).to.deep.equal(['caught', code, payload, 'kept']);
        expect(msg.error.message).to.contain(said);
      });
    }
  });

  describe('with a wrong configuration', () => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ tlp: 'white' }, 'tlp is "white"'],
      [{ maxRelated: 'all' }, 'maxRelated is "all"'],
      [{ maxRelated: -1 }, 'maxRelated is "-1"'],
      [{ property: 'payload[' }, 'property is "payload["'],
      [{ attackPatterns: true, server: '' }, 'No VirusTotal config: attackPatterns is on'],
    ];
    for (const [def, said] of wrong) {
      it(`refuses every message with VT_CONFIG: ${said}`, async () => {
        const send = await flowWith(def);
        const { at, msg } = await send({ payload: v3FileReport() });
        expect([at, msg.error.code]).to.deep.equal(['caught', 'VT_CONFIG']);
        expect(msg.error.message).to.contain(said);
      });
    }
  });
});
