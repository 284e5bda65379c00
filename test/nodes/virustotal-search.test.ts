import { expect } from 'chai';
import type { Report } from '../../src/report/report';
import type { Message } from '../support/flow';
import sample from '../support/sample-incident.json';
import { withStandIn } from '../support/with-stand-in';

interface Asked {
  action: string;
  type: string;
  resource: string;
  found: number;
  cached: boolean;
  skipped: { type: string; value: string; reason: string }[];
  path: string;
  text: string;
}

const askedOf = (msg: Message | undefined): Asked => msg?.['virustotal'] as Asked;
const resources = (messages: Message[]): string[] => messages.map((msg) => askedOf(msg).resource);

const JOIN = [
  { id: 'j1', z: 'tab', type: 'join', mode: 'auto', wires: [['joined']] },
  { id: 'joined', z: 'tab', type: 'helper' },
];

describe('A VirusTotal node that searches a message', () => {
  const fixture = withStandIn();

  it('gets a domain and a URL report for an alert that names both', async () => {
    const flow = await fixture.deploy();
    flow.send({ payload: { domain: 'baddomain.com', url: 'https://baddomain.com/path/to/file' } });
    await flow.ended(2);
    expect(flow.caught).to.deep.equal([]);
    expect(flow.out.map((msg) => askedOf(msg).type)).to.have.members(['domain', 'url']);
  });

  it('gets exactly the reports of the indicators in the sample incident', async () => {
    const expected = sample.expected.filter(({ type }) => type !== null);
    const flow = await fixture.deploy();
    flow.send({ payload: sample.alert });
    await flow.ended(expected.length);
    const found = flow.out.map((msg) => `${askedOf(msg).type} ${askedOf(msg).resource}`);
    expect(flow.caught).to.deep.equal([]);
    expect(found).to.have.members(expected.map(({ type, value }) => `${type} ${value}`));
    expect(fixture.asked()).to.have.members(expected.map(({ value }) => value));
  });

  it('asks once for an indicator that occurs several times in several spellings', async () => {
    const flow = await fixture.deploy();
    const text =
      'See hxxp://QORLANE[.]com/a, http://qorlane.com/a and http://qorlane.com/a#top. From 192.31.196.14';
    flow.send({ payload: [text, { again: text }] });
    await flow.ended(2);
    expect(resources(flow.out)).to.have.members(['http://qorlane.com/a', '192.31.196.14']);
    expect(fixture.asked()).to.have.length(2);
  });

  it('says for each report where its indicator stood and as what text', async () => {
    const flow = await fixture.deploy({ node: { source: 'alert' } });
    flow.send({ alert: { hops: ['from qorlane[.]com', 'by 192.31.196.14'] } });
    await flow.ended(2);
    const byPath = new Map(flow.out.map((msg) => [askedOf(msg).path, askedOf(msg).text]));
    expect(byPath).to.deep.equal(
      new Map([
        ['alert.hops[0]', 'qorlane[.]com'],
        ['alert.hops[1]', '192.31.196.14'],
      ]),
    );
  });

  it('asks for the hosts of URLs too with the option hosts', async () => {
    const flow = await fixture.deploy({ node: { hosts: true } });
    flow.send({ payload: 'http://qorlane.com/a and http://192.31.196.14/b' });
    await flow.ended(4);
    expect(resources(flow.out)).to.have.members([
      'http://qorlane.com/a',
      'qorlane.com',
      'http://192.31.196.14/b',
      '192.31.196.14',
    ]);
  });

  it('searches the text of a Buffer, as a tcp or file node gives it', async () => {
    const flow = await fixture.deploy();
    flow.send({ payload: Buffer.from('blocked 192.31.196.14') });
    await flow.ended(1);
    expect(resources(flow.out)).to.deep.equal(['192.31.196.14']);
  });

  it('lists what it did not send and why in the first of its messages and counts it in all', async () => {
    const flow = await fixture.deploy({ config: { allowList: 'example.com' } });
    flow.send({ payload: 'from 10.0.0.7 by mail.example.com to 192.31.196.14 and qorlane.com' });
    await flow.ended(2);
    expect(fixture.asked()).to.have.members(['192.31.196.14', 'qorlane.com']);
    const [first, second] = ['192.31.196.14', 'qorlane.com'].map((resource) =>
      askedOf(flow.out.find((msg) => askedOf(msg).resource === resource)),
    );
    for (const asked of [first, second]) expect(asked).to.include({ found: 2, skippedCount: 2 });
    expect(first?.skipped.map(({ type, value }) => `${type} ${value}`)).to.deep.equal([
      'ip 10.0.0.7',
      'domain mail.example.com',
    ]);
    expect(first?.skipped[1]?.reason).to.equal('on the allow list');
    expect(second?.skipped).to.deep.equal([]);
  });

  for (const emit of ['each', 'array']) {
    it(`sends one message when there is nothing to find (${emit})`, async () => {
      const flow = await fixture.deploy({ node: { emit, output: 'report' } });
      flow.send({ payload: 'All quiet.', report: 'an old one' });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
      expect(flow.out[0]).to.not.have.property('report');
      expect(flow.out[0]).to.include({ payload: 'All quiet.' });
      expect(flow.out[0]?.['virustotal']).to.deep.equal({
        action: 'search',
        found: 0,
        cached: false,
        skipped: [],
      });
      await flow.until(() => flow.statusText() === 'nothing found');
    });

    it(`sends one message when nothing that it found may be sent (${emit})`, async () => {
      const flow = await fixture.deploy({ node: { emit } });
      flow.send({ payload: sample.followUp });
      await flow.ended(1);
      expect(flow.out[0]).to.not.have.property('payload');
      expect(askedOf(flow.out[0])).to.deep.include({ found: 0 });
      expect(askedOf(flow.out[0]).skipped).to.have.length(1);
      expect(fixture.asked()).to.deep.equal([]);
    });
  }

  it('sends one message per report, which a join node collects in order', async () => {
    fixture.vt.script({ 'qorlane.com': [{ delayMs: 1_500 }] });
    const flow = await fixture.deploy({ node: { wires: [['out', 'j1']] }, more: JOIN });
    flow.send({ payload: 'qorlane.com, 192.31.196.14 and http://qorlane.com/a', topic: 'mail 17' });
    await flow.until(() => flow.at['joined']?.length === 1);
    const [joined] = flow.at['joined'] as [Message];
    const reports = joined.payload as Report[];
    expect(reports.map(({ resource }) => resource)).to.deep.equal([
      'qorlane.com',
      '192.31.196.14',
      'http://qorlane.com/a',
    ]);
    expect(joined).to.include({ topic: 'mail 17' });
    expect(joined).to.not.have.property('parts');
    // The slow one came out last, so no other message waited for it.
    expect(askedOf(flow.out.at(-1)).resource).to.equal('qorlane.com');
  });

  it('joins reports at another property than the payload', async () => {
    const flow = await fixture.deploy({
      node: { output: 'enrichment.virustotal', wires: [['j1']] },
      more: JOIN,
    });
    flow.send({ payload: 'qorlane.com, 192.31.196.14', enrichment: { whois: 'kept' } });
    await flow.until(() => flow.at['joined']?.length === 1);
    const { enrichment, payload } = flow.at['joined']?.[0] as unknown as {
      enrichment: { virustotal: Report[]; whois: string };
      payload: string;
    };
    expect(enrichment.virustotal.map(({ resource }) => resource)).to.deep.equal([
      'qorlane.com',
      '192.31.196.14',
    ]);
    expect(enrichment.whois).to.equal('kept');
    expect(payload).to.equal('qorlane.com, 192.31.196.14');
  });

  it('keeps the parts of an earlier split, so that two joins lead back', async () => {
    const flow = await fixture.deploy({
      node: { wires: [['j1']] },
      more: [
        { id: 'sp', z: 'tab', type: 'split', splt: '\\n', spltType: 'str', wires: [['n']] },
        { id: 'j1', z: 'tab', type: 'join', mode: 'auto', wires: [['j2']] },
        { id: 'j2', z: 'tab', type: 'join', mode: 'auto', wires: [['joined']] },
        { id: 'joined', z: 'tab', type: 'helper' },
      ],
    });
    flow.nodeAt('sp').receive({ payload: ['qorlane.com 192.31.196.14', 'nothing here', '192.31.196.15'] });
    await flow.until(() => flow.at['joined']?.length === 1);
    const lists = flow.at['joined']?.[0]?.payload as Report[][];
    expect(lists.map((list) => list.map((report) => report?.resource))).to.deep.equal([
      ['qorlane.com', '192.31.196.14'],
      [undefined],
      ['192.31.196.15'],
    ]);
  });

  it('sends one message with all reports in order with emit "array"', async () => {
    fixture.vt.script({ 'qorlane.com': [{ delayMs: 50 }] });
    const flow = await fixture.deploy({ node: { emit: 'array' } });
    flow.send({ payload: 'qorlane.com, 192.31.196.14', topic: 'mail 17' });
    await flow.ended(1);
    const reports = flow.out[0]?.payload as Report[];
    expect(reports.map(({ resource }) => resource)).to.deep.equal(['qorlane.com', '192.31.196.14']);
    expect(flow.out[0]).to.include({ topic: 'mail 17' });
    expect(flow.out[0]).to.not.have.property('parts');
    expect(askedOf(flow.out[0])).to.deep.equal({ action: 'search', found: 2, cached: false, skipped: [] });
  });

  it('marks an array as cached only when all of it came from the cache', async () => {
    const flow = await fixture.deploy({ node: { emit: 'array' } });
    for (const payload of ['qorlane.com', 'qorlane.com, 192.31.196.14', '192.31.196.14 qorlane.com']) {
      flow.send({ payload });
      await flow.ended(flow.out.length + 1);
    }
    expect(flow.out.map((msg) => askedOf(msg).cached)).to.deep.equal([false, false, true]);
  });

  describe('reports a failing indicator by one rule:', () => {
    const watch = [
      { id: 'd', z: 'tab', type: 'complete', scope: ['n'], wires: [['completed']] },
      { id: 'completed', z: 'tab', type: 'helper' },
    ];
    for (const [what, node, payload, caught, completed] of [
      ['the only one of a search ends its message in Catch', {}, 'qorlane.com', 1, 0],
      ['so does that of another action', { action: 'domain' }, 'qorlane.com', 1, 0],
      [
        'of several it goes to Catch by itself, and the message is complete',
        {},
        'qorlane.com 192.31.196.14',
        1,
        1,
      ],
      ['so it does when all of several fail', {}, 'qorlane.com meridane.com', 2, 1],
    ] as const) {
      it(what, async () => {
        const fault = [{ status: 400, times: 9 }];
        fixture.vt.script({ 'qorlane.com': fault, 'meridane.com': fault });
        const flow = await fixture.deploy({ node, more: watch });
        flow.send({ payload, topic: 'mail 17' });
        // Behind it in the same node: when this one is through, so is the other.
        flow.send({ payload: 'ends.com', topic: 'end' });
        await flow.until(
          () => flow.caught.length === caught && (flow.at['completed']?.length ?? 0) === completed + 1,
        );
        expect(flow.caught[0]).to.include({ topic: 'mail 17' });
        expect(askedOf(flow.caught[0])).to.include({ resource: 'qorlane.com', type: 'domain' });
        expect(flow.at['completed']?.filter(({ topic }) => topic === 'mail 17')).to.have.length(completed);
      });
    }
  });

  describe('when one of the lookups fails', () => {
    const FAULT = { 'qorlane.com': [{ status: 400, times: 9 }] };
    const payload = '192.31.196.14, qorlane.com, 192.31.196.15';

    it('sends the other reports on and the failed one to the Catch node with its own place and parts', async () => {
      fixture.vt.script(FAULT);
      const flow = await fixture.deploy();
      flow.send({ payload, topic: 'mail 17' });
      await flow.ended(3);
      expect(resources(flow.out)).to.have.members(['192.31.196.14', '192.31.196.15']);
      expect(flow.caught).to.have.length(1);
      const [caught] = flow.caught;
      expect(caught?.error).to.include({ code: 'VT_REQUEST' });
      expect(askedOf(caught)).to.include({ resource: 'qorlane.com', type: 'domain', path: 'payload' });
      expect(caught?.['parts']).to.include({ index: 1, count: 3 });
      expect(caught).to.include({ topic: 'mail 17' });
    });

    it('sends an error report in place of the failed one, so that a join is complete', async () => {
      fixture.vt.script(FAULT);
      const flow = await fixture.deploy({ node: { onError: 'report', wires: [['j1']] }, more: JOIN });
      flow.send({ payload });
      await flow.until(() => flow.at['joined']?.length === 1);
      const reports = flow.at['joined']?.[0]?.payload as Report[];
      expect(reports.map(({ response_code }) => response_code === -1)).to.deep.equal([false, true, false]);
      expect(reports[1]).to.deep.include({ type: 'domain', resource: 'qorlane.com' });
      expect(reports[1]?.error).to.include({ code: 'VT_REQUEST' });
      expect(reports[1]?.verbose_msg).to.equal(reports[1]?.error?.message);
      expect(flow.caught).to.deep.equal([]);
    });

    for (const onError of ['catch', 'report']) {
      it(`puts an error report in place of the failed one into the array (${onError})`, async () => {
        fixture.vt.script(FAULT);
        const flow = await fixture.deploy({ node: { emit: 'array', onError } });
        flow.send({ payload });
        await flow.ended(1);
        const reports = flow.out[0]?.payload as Report[];
        expect(reports.map(({ response_code }) => response_code === -1)).to.deep.equal([false, true, false]);
        expect(reports[1]?.error).to.include({ code: 'VT_REQUEST' });
        expect(flow.caught).to.deep.equal([]);
      });
    }
  });

  it('finds a thousand indicators in a list, gets each report and causes no warning of Node', async () => {
    const warnings: Error[] = [];
    const heard = (warning: Error): number => warnings.push(warning);
    process.on('warning', heard);
    const list = Array.from({ length: 1000 }, (_, i) => `192.31.${i >> 8}.${i & 255}`);
    for (const ip of list) fixture.vt.know(ip, 'unknown');
    const flow = await fixture.deploy({ config: { dailyQuota: 0, monthlyQuota: 0 } });
    flow.send({ payload: list });
    await flow.ended(1000);
    expect(flow.caught).to.deep.equal([]);
    expect(resources(flow.out)).to.have.members(list);
    process.off('warning', heard);
    expect(warnings).to.deep.equal([]);
  });

  it('yields to the event loop while it searches a large message and lets a small one pass', async () => {
    const flow = await fixture.deploy();
    let firewallLog = '192.31.196.15 ';
    for (let n = 0; firewallLog.length < 1_500_000; n++)
      firewallLog += `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255} `;
    let turns = 0;
    const count = (): void => {
      turns++;
      if (flow.out.length < 2) setImmediate(count);
    };
    setImmediate(count);
    flow.send({ payload: firewallLog });
    flow.send({ payload: '192.31.196.14' });
    await flow.ended(2);
    expect(resources(flow.out)).to.deep.equal(['192.31.196.14', '192.31.196.15']);
    expect(turns).to.be.above(4);
  });
});
