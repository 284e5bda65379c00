import { expect } from 'chai';
import { Privileges } from '../../tools/fake-virustotal/privileges';
import { VirusTotalError } from '../../src/errors';
import { IocStream } from '../../src/watch/ioc-stream';
import { readStreamPage } from '../../src/watch/stream-page';
import { withVirtualVirusTotal } from '../support/with-virtual-virustotal';
import { HOUR, MINUTE, SimulatedWatch } from './simulated-watch';

const GTI_KEY = { rateLimit: false, dailyQuota: 20_000, monthlyQuota: 0 } as const;

describe('The IoC stream of a watch', function () {
  // A simulated day on a busy machine.
  this.timeout(120_000);
  const fixture = withVirtualVirusTotal();
  let watch: SimulatedWatch;
  afterEach(() => watch.watcher.stop());

  /** Notifications that come now, in one second or in one each. */
  async function notify(count: number, { from = 0, apartMs = 0 } = {}): Promise<void> {
    for (let i = from; i < from + count; i++) {
      fixture.vt.state.stream.add({ kind: 'domain', indicator: `hunted-${i}.net` });
      if (apartMs > 0) await fixture.pass(apartMs);
    }
  }

  function start(filter = '*', privileges: 'gti'[] = ['gti']): void {
    fixture.vt.state.privileges = new Privileges(privileges);
    watch = new SimulatedWatch([], { everyMs: 24 * HOUR, share: 50, filter });
    watch.start(fixture.service(GTI_KEY));
  }

  const names = (): string[] => watch.notifications.map(({ indicator }) => indicator.value);
  const expected = (count: number, from = 0): string[] =>
    Array.from({ length: count }, (_, i) => `hunted-${from + i}.net`);

  it('takes the existing notifications as the baseline, then gives each new one once, oldest first', async () => {
    await notify(50, { apartMs: 1000 });
    start();
    await fixture.pass(HOUR);
    expect(names()).to.deep.equal([]);
    await notify(45, { from: 50, apartMs: 1000 });
    await fixture.pass(6 * MINUTE);
    expect(names()).to.deep.equal(expected(45, 50));
    await fixture.pass(HOUR);
    expect(names()).to.deep.equal(expected(45, 50));
    const [first] = watch.notifications;
    expect(first?.report).to.include({ type: 'domain', resource: 'hunted-50.net', response_code: 1 });
    expect(first?.about).to.deep.include({ origin: 'hunting', rule: 'made_up_rule', tags: [] });
    expect(first?.about.sources).to.deep.equal([{ type: 'hunting_ruleset', id: '5310000000000000' }]);
  });

  it('gives the first notification of a stream that was empty', async () => {
    start();
    await fixture.pass(MINUTE);
    await notify(1);
    await fixture.pass(6 * MINUTE);
    expect(names()).to.deep.equal(expected(1));
  });

  it('gives all of one second once, more than a page of them before and after the baseline', async () => {
    await notify(50);
    start();
    await fixture.pass(MINUTE);
    await notify(90, { from: 50 });
    await fixture.pass(6 * MINUTE);
    expect(names()).to.have.members(expected(90, 50));
    expect(new Set(names()).size).to.equal(names().length);
  });

  it('gives what comes while it is paged, and what comes with an earlier date', async () => {
    start();
    await fixture.pass(MINUTE);
    fixture.vt.latencyMs = 5000;
    await notify(100, { apartMs: 100 });
    await fixture.pass(5 * MINUTE);
    await notify(30, { from: 100, apartMs: 700 });
    const late = {
      kind: 'domain',
      indicator: 'late.net',
      date: Math.floor(Date.now() / 1000) - 120,
    } as const;
    fixture.vt.state.stream.add(late);
    await fixture.pass(HOUR);
    expect(names()).to.have.members([...expected(130), 'late.net']);
    expect(new Set(names()).size).to.equal(131);
  });

  it('reads a bounded number of pages in a check after a long pause, says up to when, and goes on over restarts', async () => {
    start();
    await fixture.pass(MINUTE);
    watch.stop();
    await notify(1000, { apartMs: 60_000 });
    const before = fixture.vt.requests.length;
    watch.start(fixture.service(GTI_KEY));
    await fixture.pass(MINUTE);
    expect(fixture.vt.requests.length - before).to.equal(10);
    expect(names()).to.deep.equal(expected(200));
    const last = watch.notifications.at(-1)?.date as number;
    expect(watch.stream.behindAt).to.equal(last * 1000);
    for (let i = 0; i < 3; i++) {
      watch.stop();
      watch.start(fixture.service(GTI_KEY));
      expect(watch.stream.behindAt).to.be.a('number');
      await fixture.pass(MINUTE);
    }
    expect(names()).to.deep.equal(expected(800));
    await fixture.pass(10 * MINUTE);
    expect(names()).to.deep.equal(expected(1000));
    expect(watch.stream.behindAt).to.equal(undefined);
  });

  it('starts again where it was when VirusTotal no longer takes the cursor', async () => {
    start();
    await fixture.pass(MINUTE);
    watch.stop();
    await notify(300, { apartMs: 1000 });
    watch.start(fixture.service(GTI_KEY));
    await fixture.pass(MINUTE);
    let refusals = 0;
    fixture.vt.trouble = ({ path }) => {
      if (!path.includes('cursor=') || refusals > 0) return undefined;
      refusals++;
      return { status: 400, json: { error: { code: 'BadRequestError', message: 'Invalid cursor' } } };
    };
    await fixture.pass(20 * MINUTE);
    expect(refusals).to.equal(1);
    expect(names()).to.deep.equal(expected(300));
    expect(watch.warnings).to.deep.equal([]);
  });

  it('says what is missing when the key may not read it, and asks again hours later', async () => {
    start('*', []);
    await fixture.pass(HOUR);
    expect(watch.stream.problem).to.include({ code: 'VT_FORBIDDEN' });
    expect(watch.stream.problem?.message).to.match(
      /^Not allowed: the IoC stream takes a key of Google Threat Intelligence/,
    );
    expect(watch.watcher.state.failure).to.equal(undefined);
    expect(fixture.vt.requests).to.have.length(1);
    fixture.vt.state.privileges = new Privileges(['gti']);
    await fixture.pass(6 * HOUR);
    expect(watch.stream.problem).to.equal(undefined);
  });

  it('says what VirusTotal says of a filter that it refuses', async () => {
    start('colour:red');
    await fixture.pass(MINUTE);
    expect(watch.stream.problem).to.include({ code: 'VT_REQUEST' });
    expect(watch.stream.problem?.message).to.match(/Valid values: date, origin/);
  });

  it('reads what its filter lets through, and takes a new baseline for another filter', async () => {
    start('origin:subscriptions');
    await fixture.pass(MINUTE);
    fixture.vt.state.stream.add({ kind: 'ip', indicator: '21.4.5.6', origin: 'subscriptions' });
    await notify(3);
    await fixture.pass(6 * MINUTE);
    expect(names()).to.deep.equal(['21.4.5.6']);
    const stored: unknown = JSON.parse(JSON.stringify(watch.stream.stored));
    expect(new IocStream(stored, 'origin:subscriptions').stored.hasBaseline).to.equal(true);
    expect(new IocStream(stored, 'origin:hunting').stored.hasBaseline).to.equal(false);
  });

  it('costs a list on a free key no more than a part of its share', async () => {
    fixture.vt.state.privileges = new Privileges(['gti']);
    watch = new SimulatedWatch([], { everyMs: 24 * HOUR, share: 50, filter: '*' });
    watch.start(fixture.service({ rateLimit: false, dailyQuota: 500, monthlyQuota: 15_500 }));
    await fixture.pass(24 * HOUR);
    expect(fixture.vt.requests.length).to.be.within(60, 65);
    expect(watch.watcher.state).to.include({ budget: 250 });
  });
});

describe('A stream that VirusTotal gives newest first', () => {
  const page = (from: number, to: number, cursor?: string): ReturnType<typeof readStreamPage> => {
    const data = [];
    for (let i = from; i >= to; i--)
      data.push({
        ...{ type: 'domain', id: `hunted-${i}.net`, attributes: {} },
        context_attributes: { notification_id: String(i), notification_date: 1_770_000_000 + i },
      });
    return readStreamPage({ data, meta: { cursor } });
  };

  it('is held until what is known, and given oldest first; a failure or a restart in between loses nothing', () => {
    const stream = new IocStream(undefined, '*');
    const read = (each: ReturnType<typeof page>): string[] =>
      stream.read(each, Date.now(), 1000).map(({ about }) => about.id);
    expect(read(page(10, 5))).to.deep.equal([]);
    expect(read(page(16, 14, 'a'))).to.deep.equal([]);
    expect(new IocStream(stream.stored, '*').stored.seen).to.deep.equal([['10', 1_770_000_010]]);
    stream.failed(new VirusTotalError('VT_BAD_RESPONSE', 'Not a report: made up'), Date.now());
    expect(read(page(16, 14, 'a'))).to.deep.equal([]);
    expect(read(page(13, 9, 'b'))).to.deep.equal(['11', '12', '13', '14', '15', '16']);
    expect(stream.stored.cursor).to.equal(undefined);
    expect(read(page(16, 11))).to.deep.equal([]);
  });
});

describe('A page of the IoC stream', () => {
  it('is read whatever is in it', () => {
    for (const nonsense of [
      undefined,
      null,
      7,
      'x',
      [],
      {},
      { data: 7 },
      { data: [null, 7, {}, { type: 'collection', id: 'x' }] },
    ])
      expect(readStreamPage(nonsense)).to.deep.equal({ notifications: [], cursor: undefined });
    const { notifications, cursor } = readStreamPage({
      data: [
        {
          type: 'url',
          id: 'a'.repeat(64),
          context_attributes: { url: 'http://a.net/x', notification_id: 7 },
        },
        { type: 'domain', id: 'gone.net', error: { code: 'NotFoundError', message: 'gone' } },
        {
          type: 'file',
          id: 'B'.repeat(64),
          attributes: 7,
          context_attributes: { notification_date: -1, tags: [7, 't'] },
        },
      ],
      links: { next: 'https://www.virustotal.com/api/v3/ioc_stream?cursor=abc%3D&limit=20' },
    });
    expect(cursor).to.equal('abc=');
    expect(notifications.map(({ indicator }) => indicator)).to.deep.equal([
      { type: 'url', value: 'http://a.net/x' },
      { type: 'domain', value: 'gone.net' },
      { type: 'file', value: 'b'.repeat(64) },
    ]);
    expect(notifications.map(({ report }) => report.response_code)).to.deep.equal([0, 0, 0]);
    expect(notifications.map(({ date }) => date)).to.deep.equal([undefined, undefined, undefined]);
    expect(new Set(notifications.map(({ about }) => about.id)).size).to.equal(3);
    expect(notifications[2]?.about.tags).to.deep.equal(['t']);
  });
});
