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

/** What came out of one search, in its order: indicators. */
interface Shown {
  reports: string[];
  errors: string[];
}

/** A Node-RED that searches what is injected, and shows what it got of each indicator. */
class Instance {
  #nodeRed: NodeRedProcess | undefined;
  readonly #userDir = mkdtempSync(join(tmpdir(), 'node-red-'));

  /** Does nothing if it runs already. */
  async start(apiKey: string, apiUrl: string, redisUrl: string, batches: string[][]): Promise<void> {
    if (this.#nodeRed) return;
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
  }

  /** Whether it ever said that Redis can't be used: on a busy machine it may be slow. Then each asks for itself. */
  get wasAlone(): boolean {
    return /lookups continue with/.test(this.#nodeRed?.log ?? '');
  }

  /** Injects a batch of this many indicators. Resolves when each of them, or as many others, came out. */
  async search(batch: number, count: number): Promise<Shown> {
    const nodeRed = this.#nodeRed;
    if (!nodeRed) throw new Error('Not started');
    const before = nodeRed.debugs.length;
    await nodeRed.inject(`batch-${batch}`);
    await nodeRed.until(() => nodeRed.debugs.length - before >= count);
    const shown = (name: string): string[] =>
      nodeRed.debugs
        .slice(before)
        .filter((each) => each.name === name)
        .map(({ msg }) => msg);
    return { reports: shown('report'), errors: shown('error') };
  }

  async kill(): Promise<void> {
    await this.#nodeRed?.stop('SIGKILL');
    this.#nodeRed = undefined;
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
  const [a, b, c] = [new Instance(), new Instance(), new Instance()];
  const apiKey = freshKey();
  const [steady, troubled, late] = [names('s', LOOKUPS), names('t', 3 * PER_WINDOW), names('d', 40)];
  let vt: StrictServerProcess;

  before(async () => {
    if (!existsSync(join(__dirname, '../../dist/nodes/virustotal.js')))
      throw new Error('These tests run what was built: npm run build');
    [vt] = await Promise.all([StrictServerProcess.start(PER_WINDOW, WINDOW_MS), redis.start()]);
  });
  // Also the one that a test has killed.
  beforeEach(async () => {
    await Promise.all(
      [a, b, c].map((instance, i) =>
        instance.start(apiKey, vt.url, redis.url, [from(steady, 100 * i), from(troubled, 100 * i)]),
      ),
    );
    await redis.until(async (client) => (await client.zcard(new KeyNames(apiKey).instances)) === 3);
  });
  after(async () => {
    await Promise.all([a, b, c].map((instance) => instance.close()));
    await vt.stop();
    await redis.close();
  });

  /** What the server has seen since it said this. */
  async function seenSince({ accepted, asked, refused }: StrictLog): Promise<StrictLog> {
    const log = await vt.log();
    return {
      accepted: log.accepted.slice(accepted.length),
      asked: log.asked.slice(asked.length),
      refused: log.refused - refused,
    };
  }

  it('use the whole allowance without a refusal, and give each the reports that one asked for', async () => {
    const before = await vt.log();
    const shown = await Promise.all([a, b, c].map((instance) => instance.search(0, LOOKUPS)));
    const { accepted, asked, refused } = await seenSince(before);
    // By a server that enforces a strict sliding window over all.
    expect(refused).to.equal(0);
    const once = [a, b, c].some(({ wasAlone }) => wasAlone) ? [...new Set(asked)] : asked;
    expect(once.sort()).to.deep.equal([...steady].sort());
    for (const { reports, errors } of shown) {
      expect(reports.sort()).to.deep.equal([...steady].sort());
      expect(errors).to.deep.equal([]);
    }
    expect(quickest(accepted)).to.be.within(WINDOW_MS, 1.5 * WINDOW_MS);
  });

  it('lose and double nothing, and are refused nothing, when one is killed, another joins and Redis restarts empty', async () => {
    const d = new Instance();
    try {
      const before = await vt.log();
      const searched = Promise.all([a, b].map((instance) => instance.search(1, troubled.length)));
      const killed = c.search(1, troubled.length);
      // They may fail before they are waited for.
      for (const search of [searched, killed]) search.catch(() => undefined);
      await vt.log(before.accepted.length + 40);
      await c.kill();
      const joined = d.start(apiKey, vt.url, redis.url, [late]).then(() => d.search(0, late.length));
      joined.catch(() => undefined);
      await vt.log(before.accepted.length + 80);
      await redis.restart();
      const backAt = Number(process.hrtime.bigint()) / 1e6;
      for (const { reports, errors } of await searched) {
        expect(reports.sort()).to.deep.equal([...troubled].sort());
        expect(errors).to.deep.equal([]);
      }
      expect((await joined).reports.sort()).to.deep.equal([...late].sort());
      const { accepted, refused } = await seenSince(before);
      expect(refused).to.equal(0);
      // They use the whole allowance again.
      const after = accepted.filter((at) => at > backAt);
      expect(after.length).to.be.above(PER_WINDOW);
      expect(quickest(after)).to.be.within(WINDOW_MS, 1.5 * WINDOW_MS);
    } finally {
      await d.close();
    }
  });
});
