import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { KeyNames } from '../../src/lookup/redis/key-names';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { NodeRedProcess } from '../support/node-red-process';
import { describeWithRedis, RedisServer } from '../../tools/redis-server';
import {
  STAMPING,
  StrictServerProcess,
  type StrictLog,
} from '../../tools/fake-virustotal/strict-server-process';

/** How long the minute takes here, in ms, and how many starts it has. */
const WINDOW_MS = 4000;
const PER_WINDOW = 200;
const LOOKUPS = 600;
/** How many the config names. */
const INSTANCES = 4;

const names = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${what}${i}.example.com`);

/** The same, from somewhere else on. */
const from = (list: string[], at: number): string[] => [...list.slice(at), ...list.slice(0, at)];

/** A Node-RED that searches what is injected, and shows what it got of each indicator. */
class Instance {
  #nodeRed: NodeRedProcess | undefined;
  readonly #userDir = mkdtempSync(join(tmpdir(), 'node-red-'));

  async start(apiKey: string, apiUrl: string, redisUrl: string, batches: string[][]): Promise<this> {
    const limit = { rateLimitMode: 'window', rateLimitCount: PER_WINDOW, timeScale: WINDOW_MS / 60_000 };
    // On a busy machine one may have to start before it has met the others.
    const shared = { store: 'redis', instances: INSTANCES };
    const config = { type: 'virustotal-config', ...shared, dailyQuota: 0, monthlyQuota: 0, apiUrl };
    const nodes = [
      { id: 'tab', type: 'tab', label: 'Instance' },
      { id: 'vt', ...config, ...limit },
      ...batches.map((batch, i) => ({
        ...{ id: `batch-${i}`, z: 'tab', type: 'inject', props: [{ p: 'payload' }], repeat: '' },
        ...{ payload: JSON.stringify(batch), payloadType: 'json', wires: [['lookup']] },
      })),
      { id: 'lookup', z: 'tab', type: 'virustotal', server: 'vt', wires: [['show-report']] },
      { id: 'caught', z: 'tab', type: 'catch', scope: null, wires: [['show-error']] },
      ...['report', 'error'].map((name) => ({
        ...{ id: `show-${name}`, z: 'tab', type: 'debug', name, active: true, tosidebar: true },
        ...{ complete: 'virustotal.resource', targetType: 'msg', wires: [] },
      })),
    ];
    writeFileSync(join(this.#userDir, 'flows.json'), JSON.stringify(nodes));
    writeFileSync(join(this.#userDir, 'flows_cred.json'), JSON.stringify({ vt: { apiKey, redisUrl } }));
    this.#nodeRed = await NodeRedProcess.start({ userDir: this.#userDir, env: STAMPING });
    return this;
  }

  /** Whether it ever said that Redis can't be used: on a busy machine it may be slow. Then each asks for itself. */
  get wasAlone(): boolean {
    return /lookups continue with/.test(this.#nodeRed?.log ?? '');
  }

  async inject(batch: number): Promise<void> {
    await this.#nodeRed?.inject(`batch-${batch}`);
  }

  /** Resolves when each of them, or as many others, came out. */
  async finished(count: number): Promise<void> {
    await this.#nodeRed?.until(() => this.shown('report').length + this.shown('error').length >= count);
  }

  /** Indicators in the order in which they came out. */
  shown(name: 'report' | 'error'): string[] {
    return (this.#nodeRed?.debugs ?? []).filter((each) => each.name === name).map(({ msg }) => msg);
  }

  async kill(): Promise<void> {
    await this.#nodeRed?.stop('SIGKILL');
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#userDir, { recursive: true, force: true });
  }
}

/** The shortest time from a request to the one that is a whole allowance later. A busy machine is late, but not with each of hundreds. */
function quickest(times: readonly number[]): number {
  return Math.min(...times.slice(PER_WINDOW).map((at, i) => at - (times[i] as number)));
}

describeWithRedis('Three Node-REDs with one key and one Redis', function () {
  const redis = new RedisServer();
  const [a, b, c, d] = [new Instance(), new Instance(), new Instance(), new Instance()];
  const apiKey = freshKey();
  const [steady, troubled, late] = [names('s', LOOKUPS), names('t', 3 * PER_WINDOW), names('d', 40)];
  let vt: StrictServerProcess;

  before(async () => {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
    [vt] = await Promise.all([StrictServerProcess.start(PER_WINDOW, WINDOW_MS), redis.start()]);
    await Promise.all(
      [a, b, c].map((instance, i) =>
        instance.start(apiKey, vt.url, redis.url, [from(steady, 100 * i), from(troubled, 100 * i)]),
      ),
    );
  });
  after(async () => {
    await Promise.all([a, b, c, d].map((instance) => instance.close()));
    await vt.stop();
    await redis.close();
  });

  describe('while all servers run', () => {
    let log: StrictLog;
    before(async () => {
      await redis.until(async (client) => (await client.zcard(new KeyNames(apiKey).instances)) === 3);
      for (const instance of [a, b, c]) await instance.inject(0);
      await Promise.all([a, b, c].map((instance) => instance.finished(LOOKUPS)));
      log = await vt.log();
    });

    it('are never refused by a server that enforces a strict sliding window over all', () => {
      expect(log.refused).to.equal(0);
    });

    it('send one request per indicator and give every report to each', () => {
      const asked = [a, b, c].some(({ wasAlone }) => wasAlone) ? [...new Set(log.asked)] : log.asked;
      expect(asked.sort()).to.deep.equal([...steady].sort());
      for (const instance of [a, b, c]) {
        expect(instance.shown('report').sort()).to.deep.equal([...steady].sort());
        expect(instance.shown('error')).to.deep.equal([]);
      }
    });

    it('use the whole allowance', () => {
      expect(quickest(log.accepted)).to.be.within(WINDOW_MS, 1.5 * WINDOW_MS);
    });
  });

  describe('when one server is killed, another joins and Redis restarts empty', () => {
    let log: StrictLog;
    let backAt = 0;
    /** How many had come out of each before. */
    let had: number[];
    before(async () => {
      await redis.until(async (client) => (await client.zcard(new KeyNames(apiKey).instances)) === 3);
      had = [a, b].map((instance) => instance.shown('report').length);
      const { accepted } = await vt.log();
      for (const instance of [a, b, c]) await instance.inject(1);
      await vt.log(accepted.length + 40);
      await c.kill();
      const joining = d.start(apiKey, vt.url, redis.url, [late]).then(() => d.inject(0));
      await vt.log(accepted.length + 80);
      await redis.restart();
      backAt = Number(process.hrtime.bigint()) / 1e6;
      await joining;
      await Promise.all([a, b].map((instance, i) => instance.finished((had[i] ?? 0) + troubled.length)));
      await d.finished(late.length);
      log = await vt.log();
    });

    it('lose and double nothing in the others', () => {
      for (const [i, instance] of [a, b].entries()) {
        expect(instance.shown('report').slice(had[i]).sort()).to.deep.equal([...troubled].sort());
        expect(instance.shown('error')).to.deep.equal([]);
      }
      expect(d.shown('report').sort()).to.deep.equal([...late].sort());
    });

    it('are refused nothing either', () => {
      expect(log.refused).to.equal(0);
    });

    it('use the whole allowance again', () => {
      const after = log.accepted.filter((at) => at > backAt);
      expect(after.length).to.be.above(PER_WINDOW);
      expect(quickest(after)).to.be.within(WINDOW_MS, 1.5 * WINDOW_MS);
    });
  });
});
