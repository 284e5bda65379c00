import { expect } from 'chai';
import type { StixBundle } from '../../src/stix/stix';
import { stixProblems } from '../support/stix-check';
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

  it('tells what may not be sent, in the first message only', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const flow = await deploy();
    flow.send({ payload: FILE });
    await flow.ended(3);
    const skipped = outOf(flow).map(({ virustotal }) => virustotal.skipped.length);
    expect(skipped).to.deep.equal([2, 0, 0]);
  });

  it('sends one message with an array where that is wanted', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const flow = await deploy({ emit: 'array' });
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.ended(1);
    expect(flow.out[0]?.payload).to.have.length(3);
  });

  it('takes the indicator of a report, and of an analysis where the payload has none', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const flow = await deploy({ emit: 'array' });
    flow.send({ payload: { type: 'file', response_code: 1, resource: 'x', sha256: FILE } });
    flow.send({ payload: null, analysis: { type: 'file', resource: FILE } });
    await flow.ended(2);
    expect(flow.out.map(({ payload }) => (payload as unknown[]).length)).to.deep.equal([3, 3]);
    expect(paths()).to.have.length(1);
  });

  it('asks nothing about what VirusTotal has no report of', async () => {
    const flow = await deploy();
    flow.send({ payload: { type: 'file', response_code: 0, resource: FILE } });
    await flow.ended(1);
    expect(flow.out[0]?.payload).to.deep.equal([]);
    expect(paths()).to.deep.equal([]);
  });

  it('refuses several indicators in one message, and says what to do', async () => {
    const flow = await deploy();
    flow.send({
      payload: [
        { type: 'file', value: FILE },
        { type: 'file', value: DROPPED },
      ],
    });
    await flow.ended(1);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_INVALID_IOC' });
    expect(flow.caught[0]?.error.message).to.include('split');
  });

  it('puts passive DNS with its dates into the indicators and into msg.related', async () => {
    const list = page([
      resolution('198.18.0.1', 'a.example.net', 1_700_000_000),
      resolution('8.8.4.4', 'a.example.net', 1_600_000_000),
    ]);
    vt.vt.script(answering({ 'domains/a.example.net/resolutions?limit=10': list }));
    const flow = await deploy();
    flow.send({ payload: { type: 'domain', value: 'a.example.net' } });
    await flow.ended(1);
    const [message] = outOf(flow);
    expect(message?.payload).to.deep.equal({
      type: 'ip',
      value: '8.8.4.4',
      relation: 'resolutions',
      of: 'a.example.net',
      context: { date: '2020-09-13T12:26:40.000Z', resolver: 'VirusTotal', detections: 3 },
    });
    expect(message?.related?.['resolutions']).to.have.length(2);
  });

  it('keeps the payload where only facts are wanted', async () => {
    const votes = page([
      { type: 'vote', id: '1', attributes: { date: 1_700_000_000, verdict: 'malicious', value: -1 } },
    ]);
    vt.vt.script(answering({ [`files/${FILE}/votes?limit=40`]: votes }));
    const flow = await deploy({ relations: 'file.votes' });
    const report = { type: 'file', response_code: 1, resource: FILE, sha256: FILE };
    flow.send({ payload: report });
    await flow.ended(1);
    const [message] = outOf(flow);
    expect(message?.payload).to.deep.equal(report);
    expect(message?.related).to.deep.equal({
      votes: {
        harmless: 0,
        malicious: 1,
        latest: [{ verdict: 'malicious', date: '2023-11-14T22:13:20.000Z' }],
      },
    });
  });

  it('goes on without a relation that the key may not have, and does not ask for it again', async () => {
    const single = `files/${FILE}/relationships/contacted_domains?limit=10`;
    vt.vt.script(
      answering({
        [single]: page([descriptor('domain', 'c2.example.net')]),
        [`files/${DROPPED}/relationships/contacted_domains?limit=10`]: page([]),
        '/relationships/itw_ips?limit=10': FORBIDDEN,
      }),
    );
    const flow = await deploy({ relations: 'file.itw_ips,file.contacted_domains' });
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.ended(1);
    const [message] = outOf(flow);
    expect(message?.payload.value).to.equal('c2.example.net');
    expect(message?.virustotal.unanswered?.map(({ relation, code }) => [relation, code])).to.deep.equal([
      ['itw_ips', 'VT_FORBIDDEN'],
    ]);
    flow.send({ payload: { type: 'file', value: DROPPED } });
    await flow.ended(2);
    expect(paths().filter((path) => path.includes('itw_ips'))).to.have.length(1);
    expect(outOf(flow)[1]?.virustotal.unanswered?.map(({ code }) => code)).to.deep.equal(['VT_FORBIDDEN']);
  });

  it('asks for each relation apart when VirusTotal refuses them together', async () => {
    vt.vt.script(
      answering({
        '?relationships=contacted_domains,contacted_ips': {
          status: 400,
          body: { error: { code: 'BadRequestError', message: 'unknown relationship' } },
        },
        [`files/${FILE}/relationships/contacted_domains?limit=10`]: page([
          descriptor('domain', 'c2.example.net'),
        ]),
        [`files/${FILE}/relationships/contacted_ips?limit=10`]: FORBIDDEN,
      }),
    );
    const flow = await deploy({ relations: 'file.contacted_domains,file.contacted_ips' });
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.ended(1);
    const [message] = outOf(flow);
    expect(message?.payload.value).to.equal('c2.example.net');
    expect(message?.virustotal).to.deep.include({ requests: 3, found: 1 });
  });

  it('spends no more requests on a message than it may, and says what is left', async () => {
    vt.vt.script(
      answering({
        [`files/${FILE}/votes?limit=40`]: page([]),
      }),
    );
    const flow = await deploy({ relations: 'file.votes,file.comments', maxRequests: 1 });
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.ended(1);
    expect(paths()).to.have.length(1);
    expect(
      outOf(flow)[0]?.virustotal.unanswered?.map(({ relation, code }) => [relation, code]),
    ).to.deep.equal([['comments', 'MAX_REQUESTS']]);
  });

  it('ends a flow that leads back to it, and sends no indicator twice', async () => {
    const around = (name: string): object => page([resolution('8.8.4.4', name, 1_700_000_000)]);
    const back = page([
      resolution('8.8.4.4', 'a.example.net', 1_700_000_000),
      resolution('8.8.4.4', 'b.example.net', 1_600_000_000),
    ]);
    vt.vt.script(
      answering({
        'domains/a.example.net/resolutions?limit=10': around('a.example.net'),
        'domains/b.example.net/resolutions?limit=10': around('b.example.net'),
        'ip_addresses/8.8.4.4/resolutions?limit=10': back,
      }),
    );
    const completed = { id: 'ends', z: 'tab', type: 'complete', scope: ['n'], wires: [['completed']] };
    const more = [completed, { id: 'completed', z: 'tab', type: 'helper' }];
    const flow = await deploy({ maxDepth: 3, wires: [['out', 'n']] }, more);
    flow.send({ payload: { type: 'domain', value: 'a.example.net' } });
    await flow.until(() => (flow.at['completed'] ?? []).length === 4);
    expect(outOf(flow).map(({ payload, depth }) => [payload.value, depth])).to.deep.equal([
      ['8.8.4.4', 1],
      ['b.example.net', 2],
      [undefined, 3],
    ]);
    expect(flow.statusText()).to.equal('depth 3 reached');
  });

  it('refuses API v2 with the reason', async () => {
    const flow = await vt.deploy({ node: { type: 'virustotal-related' } }, 'v2');
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.ended(1);
    expect(flow.caught[0]?.error).to.include({ code: 'VT_CONFIG' });
    expect(flow.caught[0]?.error.message).to.include('v3');
  });

  it('goes on after a redeploy with what waits', async () => {
    vt.vt.script(
      answering({
        'domains/a.example.net/resolutions?limit=10': page([resolution('8.8.4.4', 'a.example.net', 1)]),
      }),
    );
    const related = { type: 'virustotal-related' };
    const flow = await vt.deploy({
      node: related,
      config: { rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 300 },
    });
    flow.send({ payload: { type: 'domain', value: 'b.example.net' } });
    await vt.askedTimes(1);
    flow.send({ payload: { type: 'domain', value: 'a.example.net' } });
    await flow.redeploy({ n: { name: 'changed' }, vt: { rateLimit: false } }, 'full');
    await flow.until(() => outOf(flow).some(({ payload }) => payload.value === '8.8.4.4'));
    expect(flow.caught).to.deep.equal([]);
  });

  it('lives through hostile bodies', async () => {
    const hostile: Record<string, unknown> = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": "x", "note": "a\u202eb", "deep": {"a": 1}}',
    ) as Record<string, unknown>;
    const items = [
      null,
      7,
      'x',
      [],
      { type: 'domain' },
      { type: 'constructor', id: '__proto__' },
      { type: 'domain', id: 'a\u202eb', context_attributes: hostile },
      { type: 'domain', id: 'c2.example.net', context_attributes: hostile, attributes: 'none' },
      ...Array.from({ length: 5000 }, () => ({
        type: 'url',
        id: 'x'.repeat(100),
        context_attributes: { url: 7 },
      })),
    ];
    vt.vt.script(
      answering({
        '?relationships=contacted_domains,contacted_ips': withRelations({
          contacted_domains: { data: items, meta: { cursor: 7 }, links: 'no' },
          contacted_ips: { data: 'nothing' },
        }),
        [`files/${FILE}/contacted_domains?limit=10`]: page(items, 'again'),
        [`files/${FILE}/behaviour_summary`]: {
          data: { attack_techniques: hostile, processes_created: items, dns_lookups: hostile },
        },
      }),
    );
    const flow = await deploy({
      relations: 'file.contacted_domains,file.contacted_ips,file.behavior',
      maxRequests: 5,
    });
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.ended(1);
    const [message] = outOf(flow);
    expect(message?.payload.context).to.deep.equal({ note: 'a\\u202eb' });
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    expect(JSON.stringify(message)).to.not.include('\u202e');
  });

  it('is followed by a VirusTotal node that looks up each related indicator, and not the first one again', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const lookup = { id: 'lookup', z: 'tab', type: 'virustotal', server: 'vt', wires: [['reports']] };
    const more = [lookup, { id: 'reports', z: 'tab', type: 'helper' }] as NodeDef[];
    const flow = await deploy({ wires: [['lookup']] }, more);
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.until(() => (flow.at['reports'] ?? []).length === 3);
    const reports = flow.at['reports'] as unknown as {
      payload: { resource: string };
      pivot: { from: unknown[] };
    }[];
    expect(reports.map(({ payload }) => payload.resource)).to.have.members([
      'c2.example.net',
      'http://c2.example.org/gate.php',
      DROPPED,
    ]);
    expect(paths()).to.have.length(4);
    expect(reports[0]?.pivot.from).to.have.length(1);
  });

  describe('at the last level', () => {
    const ended = { id: 'ends', z: 'tab', type: 'complete', scope: ['n', 'second'], wires: [['completed']] };
    const completed = { id: 'completed', z: 'tab', type: 'helper' };

    it('sends a message of other nodes on without a request, and says why', async () => {
      const flow = await deploy();
      flow.send({ payload: { type: 'file', value: FILE }, depth: 1, ticket: 7 });
      await flow.ended(1);
      const [message] = outOf(flow);
      expect(message).to.deep.include({ payload: [], depth: 2, ticket: 7 });
      expect(message?.virustotal.unanswered?.map(({ code }) => code)).to.deep.equal(['MAX_DEPTH']);
      expect(paths()).to.deep.equal([]);
      expect(flow.statusText()).to.equal('depth 1 reached');
    });

    it('sends on what another related node has sent, so that a chain of them loses no message', async () => {
      vt.vt.script(answering({ [INLINE]: CONTACTED }));
      const second = { id: 'second', z: 'tab', type: 'virustotal-related', server: 'vt', wires: [['last']] };
      const flow = await deploy({ wires: [['second']] }, [second, { id: 'last', z: 'tab', type: 'helper' }]);
      flow.send({ payload: { type: 'file', value: FILE } });
      await flow.until(() => (flow.at['last'] ?? []).length === 3);
      expect(paths()).to.deep.equal([INLINE]);
    });

    for (const keepsPivot of [true, false])
      it(`ends what comes back to it${keepsPivot ? '' : ', also when a node on the way has deleted msg.pivot'}`, async () => {
        vt.vt.script(
          answering({
            'domains/a.example.net/resolutions?limit=10': page([resolution('8.8.4.4', 'a.example.net', 1)]),
          }),
        );
        const back = { id: 'back', z: 'tab', type: 'helper', wires: [['n']] };
        const flow = await deploy({ wires: [['back']] }, [back, ended, completed] as NodeDef[]);
        const node = flow.nodeAt('back');
        node.on('input', (msg: Message) => {
          if (!keepsPivot) delete msg['pivot'];
          node.send(msg);
        });
        flow.send({ payload: { type: 'domain', value: 'a.example.net' } });
        await flow.until(() => (flow.at['completed'] ?? []).length === (keepsPivot ? 2 : 3));
        expect(paths()).to.have.length(1);
      });
  });

  it('is the first of a pivot: one summary, with a row for each related indicator and what led to it', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const behind = [
      { id: 'lookup', type: 'virustotal', server: 'vt', wires: [['judge']] },
      { id: 'judge', type: 'virustotal-report-analysis', wires: Array(5).fill(['summary']) as string[][] },
      { id: 'summary', type: 'virustotal-summary', timeout: 0, language: 'en-US', wires: [['summarized']] },
      { id: 'summarized', type: 'helper' },
    ].map((node) => ({ z: 'tab', ...node })) as NodeDef[];
    for (const emit of ['each', 'array']) {
      const flow = await deploy({ emit, wires: [['lookup']] }, behind);
      flow.send({ payload: { type: 'file', value: FILE }, ticket: 7 });
      await flow.until(() => (flow.at['summarized'] ?? []).length > 0);
      const summaries = flow.at['summarized'] as (Message & {
        incident: { analyses: { resource: string }[]; complete: boolean };
      })[];
      const [summary] = summaries;
      expect(summaries, emit).to.have.length(1);
      expect(summary?.incident.complete).to.equal(true);
      expect(summary?.incident.analyses.map(({ resource }) => resource)).to.have.members([
        'c2.example.net',
        'http://c2.example.org/gate.php',
        DROPPED,
      ]);
      expect(String(summary?.payload).split(`contacted by ${FILE}`)).to.have.length(3);
      expect(summary?.payload).to.include(`dropped by ${FILE}`);
      expect(summary?.['ticket']).to.equal(7);
      expect(summary).to.not.have.property('parts');
      await vt.undeploy();
    }
  });

  it('gives a STIX node relationships, before their reports are there and with them', async () => {
    vt.vt.script(answering({ [INLINE]: CONTACTED }));
    const behind = [
      { id: 'direct', type: 'virustotal-stix', wires: [['bundle']] },
      { id: 'bundle', type: 'helper' },
      { id: 'lookup', type: 'virustotal', server: 'vt', wires: [['stix']] },
      { id: 'stix', type: 'virustotal-stix', wires: [['bundles']] },
      { id: 'bundles', type: 'helper' },
    ].map((node) => ({ z: 'tab', ...node })) as NodeDef[];
    const flow = await deploy({ emit: 'array', wires: [['direct', 'lookup']] }, behind);
    flow.send({ payload: { type: 'file', value: FILE } });
    await flow.until(() => (flow.at['bundle'] ?? []).length === 1 && (flow.at['bundles'] ?? []).length === 3);
    for (const { payload } of [...(flow.at['bundle'] ?? []), ...(flow.at['bundles'] ?? [])]) {
      expect(stixProblems(payload)).to.deep.equal([]);
      const said = (payload as StixBundle).objects.flatMap(({ description }) => description ?? []);
      expect(said.some((text) => /^(contacted_(domains|urls)|dropped_files)$/.test(text as string))).to.equal(
        true,
      );
    }
  });
});
