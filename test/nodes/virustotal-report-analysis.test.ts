import { expect } from 'chai';
import helper from 'node-red-node-test-helper';
import reportAnalysis from '../../nodes/virustotal-report-analysis';
import type { Analysis } from '../../src/analysis/analysis';

type Message = Record<string, unknown> & { analysis: Analysis; _msgid: string };

const OUTPUTS = ['Malicious', 'Trusted', 'No Match', 'Report Missing', 'Report Error'];

/** A flow of one analysis node with a recorder on each output and on a Catch node. */
async function flowWith(def: Record<string, unknown> = {}) {
  const flow = [
    { id: 'tab', type: 'tab' },
    {
      id: 'analysis',
      type: 'virustotal-report-analysis',
      z: 'tab',
      wires: OUTPUTS.map((name) => [name]),
      ...def,
    },
    ...OUTPUTS.map((name) => ({ id: name, type: 'helper', z: 'tab' })),
    { id: 'catcher', type: 'catch', z: 'tab', wires: [['Catch']] },
    { id: 'Catch', type: 'helper', z: 'tab' },
  ];
  await helper.load([reportAnalysis, catchNode], flow);
  const arrived: { at: string; msg: Message }[] = [];
  let wanted = Infinity;
  let allHere: () => void = () => undefined;
  for (const name of [...OUTPUTS, 'Catch']) {
    helper.getNode(name).on('input', (msg: unknown) => {
      arrived.push({ at: name, msg: msg as Message });
      if (arrived.length >= wanted) allHere();
    });
  }
  const node = helper.getNode('analysis');
  return {
    node,
    /** Sends a message and waits until as many as expected came out. */
    send: async (msg: Record<string, unknown>, expected = 1) => {
      arrived.length = 0;
      wanted = expected;
      const here = new Promise<void>((resolve) => (allHere = resolve));
      node.receive(msg);
      await here;
      return arrived;
    },
  };
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
const catchNode = require('@node-red/nodes/core/common/25-catch.js') as never;

const fileReport = { response_code: 1, resource: 'd41d8cd9', positives: 5, total: 70 };

describe('the Report Analysis node', () => {
  before((done) => void helper.startServer(done));
  after((done) => void helper.stopServer(done));
  afterEach(() => helper.unload());

  it('sends each verdict to its output, and the message as it was but for msg.analysis', async () => {
    const { send } = await flowWith();
    const cases = [
      [fileReport, 'Malicious'],
      [{ ...fileReport, positives: 0 }, 'Trusted'],
      [{ ...fileReport, positives: 3 }, 'No Match'],
      ['hello', 'Report Missing'],
      [{ response_code: -2, verbose_msg: 'queued' }, 'Report Error'],
    ] as const;
    for (const [payload, output] of cases) {
      const [only, ...others] = await send({ payload, topic: 'kept', dxlRequest: { id: 7 } });
      expect(others).to.be.empty;
      expect(only?.at).to.equal(output);
      const { analysis, _msgid, ...rest } = only!.msg;
      expect(rest).to.deep.equal({ payload, topic: 'kept', dxlRequest: { id: 7 } });
      expect(OUTPUTS[analysis.output - 1]).to.equal(output);
    }
  });
});
