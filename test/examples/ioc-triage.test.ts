import { expect } from 'chai';
import example from '../../examples/01-ioc-triage.json';
import { extractIocs } from '../../src/ioc/extract';
import sample from '../support/sample-incident.json';

interface FlowNode {
  id: string;
  type: string;
  payload?: string;
  wires?: string[][];
}

describe('The example "IoC triage"', () => {
  const flow = example as FlowNode[];
  const [analysis] = flow.filter(({ type }) => type === 'virustotal-report-analysis');

  it('imports into a Node-RED that has no other palette installed', () => {
    const own = ['virustotal-config', 'virustotal', 'virustotal-report-analysis'];
    const core = ['tab', 'comment', 'inject', 'debug', 'switch', 'catch'];
    expect([...own, ...core]).to.include.members(flow.map(({ type }) => type));
    expect(flow.some(({ type }) => type === 'comment')).to.be.true;
  });

  it('contains no key and no address', () => {
    expect(JSON.stringify(example)).not.to.match(/credentials|apiKey/);
    expect(flow.find(({ type }) => type === 'virustotal-config')).to.include({ apiUrl: '' });
  });

  it('leads each of the five outputs to a visible place', () => {
    const seen = (ids: readonly string[]): boolean =>
      ids.some((id) => {
        const node = flow.find((other) => other.id === id);
        return node?.type === 'debug' || (node?.wires ?? []).every((wires) => seen(wires));
      });
    expect(analysis?.wires).to.have.length(5);
    expect(analysis?.wires?.map(seen)).to.deep.equal([true, true, true, true, true]);
  });

  it('sends the sample incident', () => {
    const sent = flow
      .filter(({ type }) => type === 'inject')
      .map(({ payload = '' }) => JSON.parse(payload) as unknown);
    expect(sent).to.deep.equal([sample.alert, sample.followUp]);
  });

  it('contains at least ten indicators of all types and private ones that are kept back', () => {
    const name = ({ type, value }: { type: string | null; value: string | null }): string =>
      `${type} ${value}`;
    const { iocs, skipped } = extractIocs(sample.alert);
    const expected = sample.expected.filter(({ type }) => type !== null);
    expect(iocs.map(name)).to.have.members(expected.map(name)).and.have.length.of.at.least(10);
    expect([...skipped, ...extractIocs(sample.followUp).skipped].map(name)).to.have.members(
      sample.skipped.map(name),
    );
    expect(extractIocs(sample.followUp).iocs).to.deep.equal([]);
    const shape = ({ type, value }: { type: string; value: string }): string =>
      type === 'ip'
        ? value.includes(':')
          ? 'IPv6'
          : 'IPv4'
        : type === 'file'
          ? `${value.length * 4} bit`
          : type;
    const shapes = ['domain', 'url', 'IPv4', 'IPv6', '128 bit', '160 bit', '256 bit'];
    expect([...new Set(iocs.map(shape))]).to.have.members(shapes);
    expect([...new Set(sample.expected.map(({ output }) => output))]).to.have.members([1, 2, 3, 4, 5]);
  });
});
