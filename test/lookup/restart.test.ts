import { expect } from 'chai';
import { KeyRegistry } from '../../src/lookup/key-registry';
import type { RestartRecord } from '../../src/lookup/restart-record';
import { lookUp, withVirtualVirusTotal } from '../support/with-virtual-virustotal';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const WINDOW = { rateLimit: true, rateLimitMode: 'window', rateLimitCount: 4 } as const;
const SPACING = { rateLimit: true, rateLimitMode: 'spacing', rateLimitMs: 15_000 } as const;

/** What one process after the other finds. */
class Disk {
  kept: readonly number[] | 'killed' | undefined;

  process(): RestartRecord {
    const before = this.kept;
    return {
      previous: () => before,
      begin: () => (this.kept = 'killed'),
      end: (requests) => (this.kept = requests ?? 'killed'),
    };
  }
}

describe('A restart', () => {
  const fixture = withVirtualVirusTotal();
  let disk: Disk;
  beforeEach(() => (disk = new Disk()));

  const start = (options: object) =>
    fixture.service({
      ...options,
      keyRegistry: new KeyRegistry(),
      restartRecord: disk.process(),
      cache: false,
    });
  const overLimit = (count: number, ms: number): number[] =>
    fixture.vt.starts.slice(count).filter((at, i) => at - (fixture.vt.starts[i] as number) < ms);

  for (const [what, options, count, ms] of [
    ['4 in any minute', WINDOW, 4, MINUTE],
    ['one each 15 seconds', SPACING, 1, 15_000],
  ] as const)
    for (const [how, orderly] of [
      ['in order', true],
      ['by a kill', false],
    ] as const)
      it(`allows no more than ${what} through repeated restarts: ${how}`, async () => {
        fixture.vt.latencyMs = 40;
        for (let process = 0; process < 8; process++) {
          const service = start(options);
          for (let i = 0; i < 10; i++) lookUp(service, `d${process}-${i}.example`);
          await fixture.pass(process * 4_321);
          const kept = disk.kept;
          await service.close();
          // A killed one says nothing more.
          if (!orderly) disk.kept = kept;
          await fixture.pass(2_500);
        }
        const last = start(options);
        for (let i = 0; i < 10; i++) lookUp(last, `last-${i}.example`);
        await fixture.pass(5 * MINUTE);
        expect(fixture.vt.starts.length).to.be.greaterThan(12);
        expect(overLimit(count, ms)).to.deep.equal([]);
      });

  it('continues at once from the previous process after an orderly end', async () => {
    const first = start(WINDOW);
    for (let i = 0; i < 3; i++) lookUp(first, `a${i}.example`);
    await fixture.pass(SECOND);
    await first.close();
    await fixture.pass(5 * SECOND);
    const second = start(WINDOW);
    for (let i = 0; i < 3; i++) lookUp(second, `b${i}.example`);
    await fixture.pass(SECOND);
    expect(fixture.vt.starts.length).to.equal(4);
    await fixture.pass(54 * SECOND);
    expect(fixture.vt.starts.length).to.equal(6);
  });

  it('does not wait after an hour, nor at the very first start', async () => {
    const first = start(WINDOW);
    for (let i = 0; i < 4; i++) lookUp(first, `a${i}.example`);
    await fixture.pass(SECOND);
    expect(fixture.vt.starts.length).to.equal(4);
    await first.close();
    await fixture.pass(60 * MINUTE);
    const second = start(WINDOW);
    for (let i = 0; i < 4; i++) lookUp(second, `b${i}.example`);
    await fixture.pass(SECOND);
    expect(fixture.vt.starts.length).to.equal(8);
  });

  it('waits one window after a kill and says so', async () => {
    disk.kept = 'killed';
    const service = start(WINDOW);
    expect(service.stats().nextStartMs).to.be.within(MINUTE, 1.03 * MINUTE);
    lookUp(service, 'a.example');
    await fixture.pass(MINUTE);
    expect(fixture.vt.starts.length).to.equal(0);
    await fixture.pass(2 * SECOND);
    expect(fixture.vt.starts.length).to.equal(1);
  });

  for (const hours of [-5, -1])
    it(`neither stalls nor floods when the clock is set by ${hours} h while the process is down`, async () => {
      const first = start(WINDOW);
      for (let i = 0; i < 4; i++) lookUp(first, `a${i}.example`);
      await fixture.pass(SECOND);
      await first.close();
      fixture.clock.setSystemTime(Date.now() + hours * 60 * MINUTE);
      await fixture.pass(SECOND);
      const second = start(WINDOW);
      for (let i = 0; i < 4; i++) lookUp(second, `b${i}.example`);
      await fixture.pass(55 * SECOND);
      expect(fixture.vt.starts.length).to.equal(4);
      await fixture.pass(10 * SECOND);
      expect(fixture.vt.starts.length).to.equal(8);
    });

  it('of one of two configs does not delay the other', async () => {
    const keyRegistry = new KeyRegistry();
    const config = () =>
      fixture.service({ ...WINDOW, keyRegistry, restartRecord: disk.process(), cache: false });
    const [gone, stays] = [config(), config()];
    await gone.close();
    expect(disk.kept).to.equal('killed');
    await stays.close();
    expect(disk.kept).to.deep.equal([]);
  });
});
