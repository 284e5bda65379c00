import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import helper from 'node-red-node-test-helper';
import analysisNode from '../../nodes/virustotal-report-analysis';
import configNode from '../../nodes/virustotal-config';
import stixNode from '../../nodes/virustotal-stix';
import relatedNode from '../../nodes/virustotal-related';
import submitNode from '../../nodes/virustotal-submit';
import summaryNode from '../../nodes/virustotal-summary';
import watchNode from '../../nodes/virustotal-watch';
import type { ConfigNode } from '../../nodes/config-node';
import { pageOf, withOptionTable } from '../../scripts/option-tables';
import { OPTIONS, type NodeType, type NumberOption, type Option } from '../../src/options';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { htmlFile, withDefaults } from '../../scripts/dialog-defaults';
import { check } from '../support/editor-stand-in';
import { dialog, NODE_TYPES, registration } from '../support/node-files';

const load = createRequire(__filename);
helper.init(load.resolve('node-red'));
const catchNode = load('@node-red/nodes/core/common/25-catch.js') as never;

/** What an option needs of others, to be taken at each end of its range. */
const COMPANIONS: Record<string, Record<string, unknown>> = {
  lowRate: { highRate: 99 },
  highRate: { lowRate: 0 },
  hostLowRate: { hostHighRate: 99 },
  hostHighRate: { hostLowRate: 0 },
};

interface Caught {
  error: { code: string; message: string };
}

const optionsOf = (type: NodeType): [string, Option][] => Object.entries<Option>(OPTIONS[type]);
const numbersOf = (type: NodeType): [string, NumberOption][] =>
  optionsOf(type).filter((entry): entry is [string, NumberOption] => entry[1].kind === 'number');

/** Deploys a node with these properties. @returns why it can't be used, or undefined */
async function refusal(type: NodeType, properties: Record<string, unknown>): Promise<string | undefined> {
  const flow = [
    { id: 'tab', type: 'tab' },
    { id: 'n', type, ...(type === 'virustotal-config' ? {} : { z: 'tab', wires: Array(5).fill(['out']) }) },
    { id: 'out', type: 'helper', z: 'tab' },
    { id: 'catcher', type: 'catch', z: 'tab', wires: [['caught']] },
    { id: 'caught', type: 'helper', z: 'tab' },
  ].map((node) => (node.id === 'n' ? { ...node, ...properties } : node));
  await helper.load(
    [configNode, analysisNode, stixNode, submitNode, summaryNode, watchNode, relatedNode, catchNode] as never,
    flow,
    {
      n: { apiKey: freshKey() },
    },
  );
  try {
    const node = helper.getNode('n');
    if (type === 'virustotal-config') return (node as ConfigNode).problem?.message;
    return await new Promise((resolve) => {
      helper.getNode('out').on('input', () => resolve(undefined));
      helper.getNode('caught').on('input', (msg: unknown) => {
        const { code, message } = (msg as Caught).error;
        resolve(code === 'VT_CONFIG' && message.startsWith('Not valid: ') ? message : undefined);
      });
      node.receive({ payload: { response_code: 0, type: 'domain', resource: 'example.com' } });
    });
  } finally {
    await helper.unload();
  }
}

/** What the dialog says of a value: true, or the key of the reason why it refuses it. */
function verdict(type: NodeType, name: string, value: unknown): unknown {
  return check(type, name, value, COMPANIONS[name]);
}

describe('The table of options', () => {
  before(() => helper.startServer());
  after(() => helper.stopServer());

  it('has every node', () => {
    expect(Object.keys(OPTIONS)).to.have.members(NODE_TYPES);
  });

  for (const type of Object.keys(OPTIONS) as NodeType[]) {
    describe(`of ${type}`, () => {
      for (const [name, { min, max, default: byDefault }] of numbersOf(type)) {
        it(`gives the range that runtime and dialog accept for ${name}: ${min} to ${max}`, async () => {
          for (const [number, isTaken] of [
            [min - 1, false],
            [min, true],
            [byDefault, true],
            [max, true],
            [max + 1, false],
          ] as const)
            for (const value of [number, String(number)]) {
              const refused = await refusal(type, { [name]: value, ...COMPANIONS[name] });
              expect(refused === undefined, `runtime, ${typeof value} ${value}: ${refused}`).to.equal(
                isTaken,
              );
              if (!isTaken) expect(refused).to.contain(`${name} is `);
              const said = verdict(type, name, value);
              expect(said === true, `dialog, ${typeof value} ${value}: ${String(said)}`).to.equal(isTaken);
            }
        });
      }

      for (const [name, { whole }] of numbersOf(type)) {
        it(`says whether ${name} accepts a fraction: ${whole ? 'no' : 'yes'}`, async () => {
          const refused = await refusal(type, { [name]: 40.5, ...COMPANIONS[name] });
          expect(refused === undefined, String(refused)).to.equal(!whole);
          expect(verdict(type, name, 40.5) === true).to.equal(!whole);
        });
      }

      it('has the properties of the dialog and their defaults', () => {
        const { defaults, credentials } = registration(type);
        const secrets = optionsOf(type).filter(([, { kind }]) => kind === 'secret');
        const own = optionsOf(type).filter(([, { kind }]) => kind !== 'secret');
        expect(defaults).to.deep.equal(
          Object.fromEntries(own.map(([name, option]) => [name, option.default])),
        );
        expect(credentials).to.have.members(secrets.map(([name]) => name));
      });

      it('agrees with the registration in the html file (`npm run options` writes it)', () => {
        const html = readFileSync(htmlFile(type), 'utf8');
        expect(withDefaults(type, html)).to.equal(html);
      });

      it('agrees with the table in docs/nodes (`npm run options` writes it)', async () => {
        const page = readFileSync(pageOf(type), 'utf8');
        expect(await withOptionTable(type, page)).to.equal(page);
      });

      it('has the choices that the dialog offers', () => {
        const html = dialog(type);
        for (const [name, option] of optionsOf(type)) {
          const [, list = ''] =
            new RegExp(`<select id="node-(?:config-)?input-${name}">(.*?)</select>`, 's').exec(html) ?? [];
          const values = [...list.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value);
          // Those of a typed field are in its own menu.
          if (option.kind === 'choice' && !/Type$/.test(name))
            expect(values, name).to.have.members([...option.choices]);
        }
      });
    });
  }
});
