import { expect } from 'chai';
import { withStandIn } from '../support/with-stand-in';
import type { Flow, Message, NodeDef } from '../support/flow';
import {
  answering,
  descriptor,
  DROPPED,
  FILE,
  FORBIDDEN,
  page,
  resolution,
  withRelations,
} from '../support/relation-bodies';

const INLINE = `files/${FILE}?relationships=contacted_domains,contacted_ips,contacted_urls,dropped_files`;

/** What the default relations of a file give: four indicators and one that may not be sent. */
const CONTACTED = withRelations({
  contacted_domains: page([descriptor('domain', 'c2.example.net')]),
  contacted_ips: page([descriptor('ip_address', '203.0.113.77'), descriptor('ip_address', '10.0.0.7')]),
  contacted_urls: page([descriptor('url', 'c3'.repeat(32), { url: 'http://c2.example.org/gate.php' })]),
  dropped_files: page([descriptor('file', DROPPED)]),
});

interface RelatedMessage extends Message {
  payload: { type: string; value: string; relation: string; of: string; context: Record<string, unknown> };
  virustotal: Record<string, unknown> & {
    skipped: unknown[];
    unanswered?: { relation: string; code: string }[];
  };
  related?: Record<string, unknown>;
}

describe('The related node', () => {
  const vt = withStandIn();

  async function deploy(node: Record<string, unknown> = {}, more: NodeDef[] = []): Promise<Flow> {
    const related = { type: 'virustotal-related', ...node };
    return vt.deploy({ node: related, more, config: { skipPrivate: true, allowList: '' } });
  }
  const outOf = (flow: Flow): RelatedMessage[] => flow.out as RelatedMessage[];
  const paths = (): string[] =>
    vt.vt.requests
      .filter(({ path }) => !path.includes('/users/'))
      .map(({ path }) => path.split('/api/v3/')[1] ?? '');

  it('sends each related indicator as a message of its own, for one request', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const flow = await deploy();
    flow.send({ payload: { type: 'file', value: FILE }, ticket: 7 });
    await flow.ended(3);
    const out = outOf(flow);
    expect(out.map(({ payload }) => [payload.type, payload.value, payload.relation])).to.deep.equal([
      ['domain', 'c2.example.net', 'contacted_domains'],
      ['url', 'http://c2.example.org/gate.php', 'contacted_urls'],
      ['file', DROPPED, 'dropped_files'],
    ]);
    expect(out.map(({ payload }) => payload.of)).to.deep.equal([FILE, FILE, FILE]);
    expect(out.map(({ parts }) => (parts as { index: number; count: number }).index)).to.deep.equal([
      0, 1, 2,
    ]);
    expect(out.map(({ ticket, depth }) => [ticket, depth])).to.deep.equal([
      [7, 1],
      [7, 1],
      [7, 1],
    ]);
    expect(out[0]?.virustotal).to.deep.include({ action: 'related', type: 'file', found: 3, requests: 1 });
    expect(paths()).to.deep.equal([INLINE]);
  });
});
