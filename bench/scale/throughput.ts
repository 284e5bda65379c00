import { cpus } from 'node:os';
import type { RedisServer } from '../../tools/redis-server';
import { configNode, lane, TAB } from '../flows';
import { median } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';
import { statsOf } from './command-stats';
import type { Figure } from './figure';

/** More than the cache of a process holds, so that each report is read from Redis again. */
const SHARED = 2000;

/** Node-REDs side by side, whose reports are all there already: in each one's own cache, or in Redis only. */
export async function throughputFigures(
  vt: StandInProcess,
  redis: RedisServer,
  rounds: number,
  size: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const note = `${cpus().length} cores for all of them, Redis and who drives them`;
  for (const instances of [1, 2, 4]) {
    const runtimes = await Promise.all(Array.from({ length: instances }, () => start(vt, redis)));
    const drive = async (values: string[], count: number): Promise<number> => {
      const workload = { kind: 'lookup', values } as const;
      const command = { entry: 'vt-in', sink: 'vt-out', count, inFlight: 50, workload };
      const from = performance.now();
      await Promise.all(runtimes.map((runtime) => runtime.run(command)));
      return (instances * count * 1000) / (performance.now() - from);
    };
    const [own, shared] = [hashes(500, 'own'), hashes(SHARED, 'shared')];
    await drive(own, own.length);
    await drive(shared, shared.length);
    const had: Record<'own' | 'shared' | 'trips', number[]> = { own: [], shared: [], trips: [] };
    for (let round = 0; round < rounds; round++) {
      const count = Math.ceil(SHARED * size);
      const { scripts } = await statsOf(redis, async () => {
        had.shared.push(await drive(shared, count));
      });
      had.trips.push(scripts / (count * instances));
      await drive(own, own.length);
      had.own.push(await drive(own, Math.ceil(5000 * size)));
    }
    await Promise.all(runtimes.map((runtime) => runtime.stop()));
    const who = `${instances} Node-RED${instances > 1 ? 's' : ''}`;
    figures.push(
      { row: `${who}, reports in their own caches`, value: median(had.own), unit: 'lookups/s', note },
      {
        row: `${who}, reports in Redis only`,
        value: median(had.shared),
        unit: 'lookups/s',
        note: `${median(had.trips).toFixed(2)} round trips each`,
      },
    );
  }
  return figures;
}

function start(vt: StandInProcess, redis: RedisServer): Promise<RuntimeProcess> {
  return RuntimeProcess.start(
    [
      TAB,
      configNode('vt-config', { apiUrl: vt.v3, store: 'redis' }),
      ...lane('vt', 'vt', [
        { id: 'vt', type: 'virustotal', server: 'vt-config', action: 'file', wires: [['vt-out']] },
      ]),
    ],
    { 'vt-config': { apiKey: vt.apiKey, redisUrl: redis.url } },
  );
}
