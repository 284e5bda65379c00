import { createRequire } from 'node:module';
import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import reportAnalysis from '../../nodes/virustotal-report-analysis';
import type { Analysis } from '../../src/analysis/analysis';
import { fileReport, v2DomainBody, v3DomainReport } from '../support/reports';

type Message = Record<string, unknown> & {
  _msgid: string;
  analysis: Analysis;
  parts: unknown;
  error: { message: string; code: string };
};
interface Arrival {
  at: string;
  msg: Message;
}

const OUTPUTS = ['Malicious', 'Trusted', 'No Match', 'Report Missing', 'Report Error'];
const catchNode = createRequire(__filename)('@node-red/nodes/core/common/25-catch.js') as never;

/** A deployed flow of one analysis node, with a recorder at each output and behind a Catch node. */
async function flowWith(def: Record<string, unknown> = {}) {
  const flow = [
    { id: 'tab', type: 'tab' },
    { id: 'n', type: 'virustotal-report-analysis', z: 'tab', wires: OUTPUTS.map((name) => [name]), ...def },
    ...OUTPUTS.map((name) => ({ id: name, type: 'helper', z: 'tab' })),
    { id: 'catcher', type: 'catch', z: 'tab', wires: [['Catch']] },
    { id: 'Catch', type: 'helper', z: 'tab' },
  ];
  await helper.load([reportAnalysis, catchNode], flow);
  let arrived = (_arrival: Arrival): void => undefined;
  for (const at of [...OUTPUTS, 'Catch']) {
    helper.getNode(at).on('input', (msg: unknown) => arrived({ at, msg: msg as Message }));
  }
  const node = helper.getNode('n');
  return {
    /** Sends a message; resolves with what came out as soon as that many did. */
    send: (msg: Record<string, unknown>, expected = 1) =>
      new Promise<Arrival[]>((resolve) => {
        const arrivals: Arrival[] = [];
        arrived = (arrival) => {
          if (arrivals.push(arrival) >= expected) resolve(arrivals);
        };
        node.receive(msg);
      }),
    statuses: () =>
      (node.status as unknown as { args: [{ fill: string; text: string }][] }).args.map(([status]) => status),
  };
}

describe('The Report Analysis node', () => {
  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  afterEach(() => helper.unload());

  describe('with the rule of the flow', () => {
    const clean = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`Clean ${i}`, CLEAN]));
    const CLEAN = { detected: false, result: 'clean', category: 'harmless' };
    const detects = { detected: true, result: 'phishing', category: 'malicious' };
    const domain = (...names: string[]) =>
      v3DomainReport(names.length, 60 + names.length, {
        harmless: 60,
        scans: { ...Object.fromEntries(names.map((name) => [name, detects])), ...clean(60) },
      });

    it('judges by the thresholds when a flow of an earlier version has no rule', async () => {
      const flow = await flowWith({ malicious: 5, trusted: 1, heuristic: 'none', lowRate: 33, highRate: 66 });
      for (const report of [domain('ESET', 'Sophos'), domain('Nobody')]) {
        const [arrival] = await flow.send({ payload: report });
        expect(arrival?.at).to.equal('No Match');
      }
    });

    it('judges by evidence, also the JSON text of an API v3 answer from an http request or a file', async () => {
      const flow = await flowWith({ rule: 'evidence' });
      const results = { ...domain('ESET', 'Sophos').scans };
      const body = (last_analysis_results: object, malicious: number) => ({
        data: {
          type: 'domain',
          id: 'bad.example',
          attributes: {
            last_analysis_results,
            last_analysis_stats: { malicious, suspicious: 0, undetected: 0, harmless: 60 },
          },
        },
      });
      for (const payload of [
        body(results, 2),
        JSON.stringify(body(results, 2)),
        Buffer.from(JSON.stringify(body(results, 2))),
      ]) {
        const [arrival] = await flow.send({ payload });
        expect(arrival?.at).to.equal('Malicious');
        expect(arrival?.msg.analysis.reasons[0]?.code).to.equal('trusted-engines');
      }
      const [arrival] = await flow.send({ payload: domain('Nobody') });
      expect([arrival?.at, arrival?.msg.analysis.reasons[0]?.code]).to.deep.equal([
        'Trusted',
        'detections-outweighed',
      ]);
    });

    it('trusts an unrated indicator only with trustUnrated, also when an environment variable sets it', async () => {
      const silent = { detected: false, result: 'unrated', category: 'undetected' };
      const unrated = v3DomainReport(0, 2, {
        harmless: 0,
        undetected: 2,
        scans: { One: silent, Two: silent },
      });
      const { scans: _, ...withoutScans } = unrated;
      for (const [trustUnrated, at] of [
        [undefined, 'No Match'],
        [false, 'No Match'],
        ['no', 'No Match'],
        [true, 'Trusted'],
        ['true', 'Trusted'],
      ] as const)
        for (const report of [unrated, withoutScans]) {
          const flow = await flowWith({ trustUnrated });
          const [arrival] = await flow.send({ payload: report });
          expect(arrival?.at, String(trustUnrated)).to.equal(at);
          await helper.unload();
        }
      const flow = await flowWith({ trustUnrated: '${NOT_SET_HERE}' });
      const [arrival] = await flow.send({ payload: unrated });
      expect(arrival?.at).to.equal('Catch');
      expect(arrival?.msg.error.message).to.contain('trustUnrated');
    });
  });

  it('sends each verdict to its output and changes nothing of the message but msg.analysis', async () => {
    const { send } = await flowWith();
    const cases = [
      [fileReport(5, 70), 'Malicious'],
      [fileReport(0, 70), 'Trusted'],
      [fileReport(3, 70), 'No Match'],
      ['hello', 'Report Missing'],
      [{ response_code: -2, verbose_msg: 'queued' }, 'Report Error'],
    ] as const;
    for (const [payload, output] of cases) {
      const [only] = await send({ payload, topic: 'kept', dxlRequest: { id: 7 } });
      expect(only?.at).to.equal(output);
      const { analysis, _msgid, ...rest } = only!.msg;
      expect(rest).to.deep.equal({ payload, topic: 'kept', dxlRequest: { id: 7 } });
      expect(OUTPUTS[analysis.output - 1]).to.equal(output);
    }
  });

  it('reads its properties as the text that a dialog saves', async () => {
    const { send } = await flowWith({ malicious: '25', trusted: '10', lowRate: '5', highRate: '10' });
    const [low, high] = [
      await send({ payload: fileReport(9, 70) }),
      await send({ payload: fileReport(25, 70) }),
    ];
    expect([low[0]?.at, low[0]?.msg.analysis.confidence]).to.deep.equal(['Trusted', 'high']);
    expect([high[0]?.at, high[0]?.msg.analysis.rule]).to.deep.equal(['Malicious', '>= 25']);
  });

  it('finds the report in the chosen property', async () => {
    const { send } = await flowWith({ property: 'payload.alerts[0].vt' });
    const [found] = await send({ payload: { alerts: [{ vt: fileReport(60, 70) }] } });
    expect(found?.at).to.equal('Malicious');
    for (const payload of [undefined, 'text', {}, { alerts: [] }]) {
      const [nothing] = await send({ payload });
      expect(nothing?.at).to.equal('Report Missing');
    }
  });

  it('shows the last verdict as its status once', async () => {
    const { send, statuses } = await flowWith();
    await send({ payload: fileReport(5, 70) });
    await send({ payload: fileReport(5, 70) });
    await send({ payload: { response_code: 0 } });
    expect(statuses()).to.deep.equal([
      { fill: 'red', shape: 'dot', text: 'malicious 5/70' },
      { fill: 'grey', shape: 'dot', text: 'no match' },
    ]);
  });

  it('takes the subject of a bare answer of an OpenDXL service from msg.virustotal', async () => {
    const { send } = await flowWith();
    const virustotal = { action: 'search', type: 'domain', resource: 'bad.example' };
    const [only] = await send({ payload: v2DomainBody(), virustotal });
    expect(only?.msg.analysis).to.deep.include({ type: 'domain', resource: 'bad.example' });
    const [other] = await send({ payload: v2DomainBody(), virustotal: { ...virustotal, type: 'ip' } });
    expect(other?.msg.analysis).to.deep.include({ type: 'domain', resource: null });
  });

  describe('with an array', () => {
    it('judges each report and sends it with msg.parts for a join node', async () => {
      const { send } = await flowWith();
      const payload = [fileReport(60, 70), 'text', { response: fileReport(0, 70) }];
      const arrivals = await send({ payload, topic: 'kept', parts: { id: 'outer', index: 4 } }, 3);
      expect(arrivals.map(({ at }) => at)).to.deep.equal(['Malicious', 'Report Missing', 'Trusted']);
      expect(arrivals.map(({ msg }) => msg.payload)).to.deep.equal(payload);
      expect(arrivals.map(({ msg }) => msg.topic)).to.deep.equal(['kept', 'kept', 'kept']);
      const { id } = arrivals[0]!.msg.parts as { id: string };
      expect(arrivals.map(({ msg }) => msg.parts)).to.deep.equal(
        [0, 1, 2].map((index) => ({
          parts: { id: 'outer', index: 4 },
          id,
          type: 'array',
          index,
          count: 3,
          len: 1,
        })),
      );
    });

    it('of one report sends msg.parts too', async () => {
      const { send } = await flowWith({ property: 'reports' });
      const [only] = await send({ reports: [fileReport(60, 70)] });
      expect(only?.msg.reports).to.deep.equal(fileReport(60, 70));
      expect(only?.msg.parts).to.deep.include({ index: 0, count: 1, property: 'reports' });
      expect(only?.msg['analyses']).to.deep.equal([only?.msg.analysis]);
    });

    it('that is empty sends one message', async () => {
      const { send } = await flowWith();
      const [only] = await send({ payload: [] });
      expect([only?.at, only?.msg.payload]).to.deep.equal(['Report Missing', []]);
    });

    it('does the same for several instances under `virustotal`', async () => {
      const { send } = await flowWith();
      const virustotal = { one: { response: fileReport(60, 70) }, two: { response: fileReport(0, 70) } };
      const arrivals = await send({ payload: { virustotal } }, 2);
      expect(arrivals.map(({ at, msg }) => [at, msg.payload])).to.deep.equal([
        ['Malicious', { virustotal: { one: virustotal.one } }],
        ['Trusted', { virustotal: { two: virustotal.two } }],
      ]);
    });
  });

  describe('with an array that stays one message', () => {
    const verdicts = ({ msg }: Arrival): string[] =>
      (msg['analyses'] as Analysis[]).map(({ verdict }) => verdict);
    const unknown = { response_code: 0, type: 'file', resource: 'b'.repeat(64) };
    const queued = { response_code: -2, verbose_msg: 'queued' };

    it('goes to the output of the worst verdict, has all of them in order, and is otherwise unchanged', async () => {
      const { send, statuses } = await flowWith({ emit: 'array' });
      const reports = ['text', fileReport(0, 70), unknown, queued, fileReport(60, 70), fileReport(61, 70)];
      const all = ['missing', 'trusted', 'no-match', 'error', 'malicious', 'malicious'];
      const worst = ['Report Missing', 'Trusted', 'No Match', 'Report Error', 'Malicious', 'Malicious'];
      for (const [last, output] of worst.entries()) {
        const payload = reports.slice(0, last + 1);
        const given = { topic: 'kept', parts: { id: 'outer', index: 4 }, payload };
        const [only, ...more] = await send({ ...given });
        expect([only?.at, more]).to.deep.equal([output, []]);
        const { _msgid, analysis, analyses, ...rest } = only!.msg;
        expect(rest).to.deep.equal(given);
        expect(rest.payload).to.equal(payload);
        expect(verdicts(only!)).to.deep.equal(all.slice(0, last + 1));
        expect(analysis).to.deep.equal((analyses as Analysis[]).at(last));
      }
      expect(statuses().at(-1)?.text).to.equal('malicious 61/70');
    });

    it('does the same for every form that holds several reports, and at any property', async () => {
      const { send } = await flowWith({ emit: 'array', property: 'reports' });
      const two = [fileReport(0, 70), fileReport(60, 70)];
      const byId = { virustotal: { one: { response: two[0] }, two: { response: two[1] } } };
      for (const reports of [two, JSON.stringify(two), byId, two.map((response) => ({ response }))]) {
        const [only] = await send({ reports });
        expect([only?.at, only?.msg['reports']]).to.deep.equal(['Malicious', reports]);
        expect(verdicts(only!)).to.deep.equal(['trusted', 'malicious']);
      }
    });

    it('has one verdict for an array of one, and none for an empty one', async () => {
      const { send } = await flowWith({ emit: 'array' });
      const [one] = await send({ payload: [fileReport(60, 70)] });
      expect([one?.at, one?.msg.parts, one?.msg['analyses']]).to.deep.equal([
        'Malicious',
        undefined,
        [one?.msg.analysis],
      ]);
      const [none] = await send({ payload: [] });
      expect([none?.at, none?.msg['analyses']]).to.deep.equal(['Report Missing', []]);
    });

    it('keeps the order with an expression', async () => {
      const { send } = await flowWith({
        emit: 'array',
        heuristic: 'jsonata',
        heuristicExpression: '$count(detected_urls) * 2',
        malicious: 4,
      });
      const [only] = await send({ payload: [fileReport(0, 70), v2DomainBody(), 'text'] });
      expect(only?.at).to.equal('Malicious');
      expect(verdicts(only!)).to.deep.equal(['trusted', 'malicious', 'missing']);
    });

    it('names no report of several after the indicator of the message', async () => {
      const { send } = await flowWith({ emit: 'array' });
      const virustotal = { type: 'domain', resource: 'example.com' };
      const [only] = await send({ payload: [v2DomainBody(), v2DomainBody()], virustotal });
      expect((only?.msg['analyses'] as Analysis[]).map(({ resource }) => resource)).to.deep.equal([
        null,
        null,
      ]);
    });

    it('judges a single report as ever', async () => {
      const { send } = await flowWith({ emit: 'array' });
      const [only] = await send({ payload: fileReport(60, 70) });
      expect(only?.at).to.equal('Malicious');
      expect(only?.msg).to.not.have.property('analyses');
    });
  });

  it("drops an earlier node's msg.analyses: they are verdicts on other reports", async () => {
    for (const emit of ['each', 'array']) {
      const { send } = await flowWith({ emit });
      const [only] = await send({ payload: fileReport(0, 70), analyses: [{ verdict: 'malicious' }] });
      expect(only?.at).to.equal('Trusted');
      expect(only?.msg).to.not.have.property('analyses');
      await helper.unload();
    }
  });

  describe("with a user's expression", () => {
    const expression = (heuristicExpression: string) =>
      flowWith({ heuristic: 'jsonata', heuristicExpression, malicious: 4 });

    it("takes the expression's number for the positives of a v2 domain", async () => {
      const { send, statuses } = await expression(
        '$count(detected_urls) + $count(detected_downloaded_samples)',
      );
      const [only] = await send({ payload: { response: v2DomainBody() } });
      expect([only?.at, only?.msg.analysis.positives]).to.deep.equal(['No Match', 3]);
      expect(statuses().at(-1)?.text).to.equal('no match 3');
    });

    it('sends to Report Error with the reason when the expression fails or gives no number', async () => {
      for (const [source, said] of [
        ['detected_urls.$nothing()', 'T1006'],
        ['$error("as I like")', 'as I like'],
        ['"many"', 'returned "many"'],
        ['nothing.here', 'returned nothing'],
      ] as const) {
        const { send } = await expression(source);
        const [only] = await send({ payload: v2DomainBody() });
        expect(only?.at).to.equal('Report Error');
        const [reason] = only!.msg.analysis.reasons;
        expect(reason?.code).to.equal('heuristic-failed');
        expect(reason?.text).to.contain(said);
        await helper.unload();
      }
    });

    it("keeps the order of an array's reports with and without the expression", async () => {
      const { send } = await expression('$count(detected_urls) * 2');
      const payload = [v2DomainBody(), fileReport(0, 70), v2DomainBody(), 'text'];
      const arrivals = await send({ payload }, 4);
      expect(arrivals.map(({ at }) => at)).to.deep.equal([
        'Malicious',
        'Trusted',
        'Malicious',
        'Report Missing',
      ]);
    });
  });

  describe('with a wrong configuration', () => {
    const wrong: [string, Record<string, unknown>, string][] = [
      ['has rates that cross', { lowRate: 66, highRate: 33 }, 'lowRate is 66 and highRate is 33'],
      ['has a threshold that is no number', { malicious: '${LIMIT}' }, 'malicious is "${LIMIT}"'],
      ['has a property that is none', { property: 'payload..x' }, 'property is "payload..x"'],
      ['has a way to send that is none', { emit: '${EMIT}' }, 'emit is "${EMIT}"'],
      ['reads where it writes', { property: 'analysis' }, 'this node writes msg.analysis itself'],
      ['has an expression that is none', { heuristic: 'jsonata', heuristicExpression: '1 +' }, 'JSONata'],
      ['lacks the expression it needs', { heuristic: 'jsonata' }, 'heuristicExpression is empty'],
    ];
    for (const [how, def, said] of wrong) {
      it(`refuses every message with VT_CONFIG when it ${how}`, async () => {
        const { send, statuses } = await flowWith(def);
        for (const payload of [fileReport(60, 70), 'text']) {
          const [only] = await send({ payload });
          expect([only?.at, only?.msg.error.code, only?.msg.payload]).to.deep.equal([
            'Catch',
            'VT_CONFIG',
            payload,
          ]);
          expect(only?.msg.error.message).to.contain(said);
        }
        expect(statuses()[0]).to.deep.include({ fill: 'red', text: 'check the settings' });
      });
    }
  });

  it('sends a report whose getters throw to Report Error and accepts the next message', async () => {
    const { send } = await flowWith();
    const payload = Object.defineProperty({ response_code: 1 }, 'positives', {
      enumerable: true,
      get() {
        throw new Error('no looking');
      },
    });
    const [first] = await send({ payload });
    expect([first?.at, first?.msg.analysis.reasons[0]?.code]).to.deep.equal([
      'Report Error',
      'report-unreadable',
    ]);
    const [next] = await send({ payload: fileReport(60, 70) });
    expect(next?.at).to.equal('Malicious');
  });
});
