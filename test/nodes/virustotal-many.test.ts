import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { NodeAPI, NodeMessage } from 'node-red';
import type { CaughtMessage, Flow, Message } from '../support/flow';
import { withStandIn } from '../support/with-stand-in';

interface Asked {
  resource: string;
  found: number;
  skipped: { value: string }[];
  skippedCount?: number;
}

const askedOf = (msg: Message | undefined): Asked => msg?.['virustotal'] as Asked;
const PUBLIC = Array.from({ length: 20 }, (_, i) => `host${i}.com`);
const PRIVATE = Array.from({ length: 1500 }, (_, i) => `host${i}.internal`);
const UNCOUNTED = { rateLimit: false, dailyQuota: 0, monthlyQuota: 0 };

describe('A message with thousands of indicators', () => {
  const fixture = withStandIn();

  it('counts everything skipped and lists the first thousand in the first of its messages', async () => {
    const flow = await fixture.deploy({ config: UNCOUNTED });
    flow.send({ payload: [...PUBLIC, ...PRIVATE].join('\n') });
    await flow.ended(PUBLIC.length);
    const byIndex = flow.out.toSorted((a, b) => indexOf(a) - indexOf(b)).map(askedOf);
    expect(byIndex.map(({ skippedCount }) => skippedCount)).to.deep.equal(Array(20).fill(1500));
    expect(byIndex[0]?.skipped.map(({ value }) => value)).to.deep.equal(PRIVATE.slice(0, 1000));
    for (const { skipped } of byIndex.slice(1)) expect(skipped).to.deep.equal([]);
  });

  for (const [what, node, payload] of [
    ['an array of all reports', { emit: 'array' }, [...PUBLIC, ...PRIVATE].join(' ')],
    ['a search that may send nothing', {}, PRIVATE.join(' ')],
  ] as const) {
    it(`has the skipped list in its one message when it is ${what}`, async () => {
      const flow = await fixture.deploy({ config: UNCOUNTED, node });
      flow.send({ payload });
      await flow.ended(1);
      expect(askedOf(flow.out[0]).skipped).to.have.length(1000);
      expect(askedOf(flow.out[0]).skippedCount).to.equal(1500);
    });
  }

  it('is copied for a report when the report is there and not before', async () => {
    let copies = 0;
    const api = (RED: NodeAPI): Partial<NodeAPI> => ({
      util: Object.assign(Object.create(RED.util) as NodeAPI['util'], {
        cloneMessage: <T extends object>(msg: T): T => {
          copies++;
          return RED.util.cloneMessage(msg as never);
        },
      }),
    });
    const flow = await fixture.deploy({ config: { rateLimit: true, rateLimitMs: 60_000 }, api });
    flow.send({ payload: PUBLIC.join(' ') });
    await flow.ended(1);
    expect(flow.out).to.have.length(1);
    // That of what all of them share, and that of the one report.
    expect(copies).to.equal(2);
  });

  describe('whose copies take long', () => {
    const FEW = PUBLIC.slice(0, 6);
    /** In which turn of the event loop each copy was made, and others went on. */
    class EventLoop {
      #turn = 0;
      #isWatched = true;
      readonly copies: number[] = [];

      constructor() {
        const next = (): void => {
          this.#turn++;
          if (this.#isWatched) setImmediate(next);
        };
        setImmediate(next);
      }

      /** `RED` for the nodes: each copy of a message takes longer than a message may keep the event loop to itself. */
      readonly api = (RED: NodeAPI): Partial<NodeAPI> => ({
        util: Object.assign(Object.create(RED.util) as NodeAPI['util'], {
          cloneMessage: <T extends object>(msg: T): T => {
            this.copies.push(this.#turn);
            for (const from = performance.now(); performance.now() - from < 25;);
            return RED.util.cloneMessage(msg as never);
          },
        }),
      });

      stop(): void {
        this.#isWatched = false;
      }
    }
    let loop: EventLoop;
    beforeEach(() => (loop = new EventLoop()));
    afterEach(() => loop.stop());

    /** The first copy is what all others are made of. */
    const expectTurns = (): void => {
      const copies = loop.copies.slice(1);
      expect(copies).to.have.length(FEW.length);
      expect(new Set(copies).size).to.be.at.least(FEW.length - 1);
    };
    const complete = { id: 'd', type: 'complete', z: 'tab', scope: ['n'], wires: [['completed']] };
    const end = { id: 'completed', type: 'helper', z: 'tab' };

    it('yields to the event loop between copies, keeps their order and is complete after the last', async () => {
      const flow = await fixture.deploy({ config: UNCOUNTED, api: loop.api, more: [complete, end] });
      for (const host of FEW) flow.send({ payload: host });
      await flow.until(() => flow.at['completed']?.length === FEW.length);
      loop.copies.length = 0;
      flow.out.length = 0;

      const order: string[] = [];
      const keep = (name: string) => () => void order.push(name);
      flow.nodeAt('out').on('input', keep('out'));
      flow.nodeAt('completed').on('input', keep('end'));
      flow.send({ payload: FEW.join(' ') });
      await flow.until(() => flow.at['completed']?.length === FEW.length + 1);
      expectTurns();
      expect(flow.out.map((msg) => askedOf(msg).resource)).to.deep.equal(FEW);
      expect(order).to.deep.equal([...FEW.map(() => 'out'), 'end']);
    });

    it('continues after a deploy with the copies that were not sent yet', async () => {
      const flow = await fixture.deploy({ config: UNCOUNTED, api: loop.api });
      for (const host of FEW) flow.send({ payload: host });
      await flow.ended(FEW.length);
      flow.out.length = 0;
      flow.send({ payload: FEW.join(' ') });
      await flow.redeploy({}, 'full');
      await flow.ended(FEW.length);
      expect(flow.out.map((msg) => askedOf(msg).resource)).to.deep.equal(FEW);
      expect(flow.caught).to.deep.equal([]);
    });

    it('yields to the event loop as OpenDXL requests too', async () => {
      const node = { via: 'dxl' };
      const flow = await fixture.deploy({ node, api: loop.api, more: [complete, end] });
      flow.send({ payload: FEW.join(' ') });
      await flow.until(() => flow.at['completed']?.length === 1);
      expectTurns();
      expect(flow.out.map((msg) => askedOf(msg).resource)).to.deep.equal(FEW);
    });

    for (const [what, options] of [
      ['analyzed', {}],
      ['analyzed by an expression', { heuristic: 'jsonata', heuristicExpression: '1' }],
    ] as const) {
      it(`yields to the event loop when it is ${what}`, async () => {
        const analysis = {
          id: 'a',
          type: 'virustotal-report-analysis',
          wires: [['at'], ['at'], ['at'], ['at'], ['at']],
        };
        const more = [
          { ...analysis, ...options },
          { id: 'at', type: 'helper' },
        ];
        const flow = await fixture.deploy({ api: loop.api, more });
        const payload = FEW.map((resource) => ({
          response_code: 1,
          resource,
          positives: 9,
          total: 70,
          scans: {},
        }));
        flow.nodeAt('a').receive({ payload });
        await flow.until(() => flow.at['at']?.length === FEW.length);
        expectTurns();
        const resources = flow.at['at']?.map(
          ({ payload: report }) => (report as { resource: string }).resource,
        );
        expect(resources).to.deep.equal(FEW);
      });
    }
  });

  it('is refused as a whole when the queue has no room, unless all of it is cached', async () => {
    const flow = await fixture.deploy({ config: { maxQueue: 2, rateLimit: true, rateLimitMs: 60_000 } });
    flow.send({ payload: 'first.com' });
    await flow.ended(1);
    flow.send({ payload: PUBLIC.join(' '), topic: 'waits' });
    flow.send({ payload: PUBLIC.join(' '), topic: 'refused' });
    await flow.ended(2);
    const [refused] = flow.caught;
    expect(refused).to.include({ topic: 'refused', payload: PUBLIC.join(' ') });
    expect(refused?.error).to.include({ code: 'VT_QUEUE_FULL' });
    expect(refused?.error.message).to.match(/20 lookups of 1 message already wait/);
    flow.send({ payload: 'first.com' });
    await flow.ended(3);
    expect(flow.out).to.have.length(2);
    expect(fixture.asked()).to.deep.equal(['first.com']);
  });

  describe('when all of its lookups fail', () => {
    /** Records that count how often they are read, as whoever copies them must. */
    class Records {
      reads = 0;
      readonly list = PUBLIC.map((ip) => {
        const counted = { ip };
        Object.defineProperty(counted, 'note', { enumerable: true, get: () => `read ${this.reads++}` });
        return counted;
      });
    }

    async function refused(node: Record<string, unknown> = {}, msg: object = {}): Promise<[Flow, Records]> {
      fixture.vt.script(() => ({ status: 400 }));
      const flow = await fixture.deploy({ config: UNCOUNTED, node });
      const records = new Records();
      flow.send({ payload: records.list, topic: 'log', ...msg });
      await flow.ended(PUBLIC.length);
      expect(flow.out).to.deep.equal([]);
      return [flow, records];
    }

    it('does not copy all its records for each failure', async () => {
      const [, { reads, list }] = await refused();
      // Once when it is searched, and once at most for what its copies share.
      expect(reads).to.be.at.most(2 * list.length);
    });

    it('gives a Catch node one message per failure with that indicator in place of all', async () => {
      const [{ caught }] = await refused();
      expect(caught.map(({ payload }) => payload)).to.have.members(PUBLIC);
      for (const msg of caught) {
        expect(msg).to.include({ topic: 'log', payload: askedOf(msg).resource });
        expect(msg.error).to.include({ code: 'VT_REQUEST' });
        expect(msg['parts']).to.include({ count: PUBLIC.length, index: PUBLIC.indexOf(String(msg.payload)) });
      }
      expect(new Set(caught.map((msg) => (msg['parts'] as { id: string }).id)).size).to.equal(1);
    });

    for (const [what, node, source] of [
      ['the source is the payload', {}, (msg: CaughtMessage): unknown => msg.payload],
      ['the report goes elsewhere', { output: 'report' }, (msg: CaughtMessage): unknown => msg.payload],
      [
        'the source is a part of what the report replaces',
        { source: 'payload.log.records' },
        (msg: CaughtMessage): unknown => (msg.payload as { log: { records: unknown } }).log.records,
      ],
      [
        'the source is an element of a list',
        { source: 'list[1]', output: 'list[0]' },
        (msg: CaughtMessage): unknown => (msg['list'] as unknown[])[1],
      ],
    ] as const) {
      it(`gives a Catch node a message that looks up that indicator alone when it is sent again: ${what}`, async () => {
        const records = new Records();
        fixture.vt.script(() => ({ status: 400 }));
        const flow = await fixture.deploy({ config: UNCOUNTED, node });
        flow.send(
          'source' in node
            ? { payload: { log: { records: records.list } }, list: ['a report', records.list] }
            : { payload: records.list },
        );
        await flow.ended(PUBLIC.length);
        for (const msg of flow.caught) expect(source(msg)).to.equal(askedOf(msg).resource);
        fixture.vt.script([]);
        const before = fixture.asked().length;
        const again = flow.caught.find((msg) => askedOf(msg).resource === 'host7.com');
        const { error: _, ...retried } = again as CaughtMessage;
        flow.send(retried);
        await flow.ended(PUBLIC.length + 1);
        expect(fixture.asked().slice(before)).to.deep.equal(['host7.com']);
        expect(flow.out.map((msg) => askedOf(msg).resource)).to.deep.equal(['host7.com']);
      });
    }

    it('makes no more copies of the rest of the message for failures than for reports', async () => {
      // Of Node-RED itself too: it copies the message for a Catch node.
      const { util } = createRequire(createRequire(__filename).resolve('node-red'))('@node-red/util') as {
        util: NodeAPI['util'];
      };
      const cloneMessage = util.cloneMessage.bind(util);
      let copies = 0;
      const flow = await fixture.deploy({ config: { ...UNCOUNTED, cache: false } });
      const counted = async (): Promise<number> => {
        copies = 0;
        const before = flow.out.length + flow.caught.length;
        flow.send({ payload: PUBLIC.join(' '), other: [{ much: 'else' }] });
        await flow.ended(before + PUBLIC.length);
        return copies;
      };
      util.cloneMessage = <T extends NodeMessage>(msg: T): T => {
        if (Object.hasOwn(msg, 'other')) copies++;
        return cloneMessage(msg);
      };
      try {
        const succeeded = await counted();
        fixture.vt.script(() => ({ status: 400 }));
        const failed = await counted();
        expect([flow.out.length, flow.caught.length]).to.deep.equal([PUBLIC.length, PUBLIC.length]);
        expect(succeeded).to.be.at.least(PUBLIC.length);
        expect(failed)
          .to.be.above(PUBLIC.length - 1)
          .and.at.most(succeeded);
      } finally {
        util.cloneMessage = cloneMessage;
      }
    });

    it('lists what was skipped in the first failure', async () => {
      const [{ caught }] = await refused({}, { payload: [...PUBLIC, ...PRIVATE].join(' ') });
      const lists = caught.map((msg) => askedOf(msg).skipped.length);
      expect(lists.toSorted((a, b) => b - a).slice(0, 2)).to.deep.equal([1000, 0]);
      expect(askedOf(caught[5]).skippedCount).to.equal(1500);
    });
  });
});

const indexOf = (msg: Message): number => (msg['parts'] as { index: number }).index;
