import { extractIocs } from '../../src/ioc/extract';
import { configNode, lane, TAB } from '../flows';
import { mailWithIndicators } from '../mail';
import { median, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { hashes } from '../values';

/** How time grows when there is 10 and 100 times as much: the exponent is 1 where it is linear. */
export async function growthRows(vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const runtime = await RuntimeProcess.start(
    [
      TAB,
      configNode('vt', { apiUrl: vt.v3 }),
      ...lane('file', 'file', [
        { id: 'file', type: 'virustotal', server: 'vt', action: 'file', wires: [['file-out']] },
      ]),
      ...lane('search', 'search', [
        {
          id: 'search',
          type: 'virustotal',
          server: 'vt',
          action: 'search',
          wires: [['search-out']],
        },
      ]),
    ],
    { vt: { apiKey: vt.apiKey } },
  );
  const values = hashes(400, 'growth');
  const base = Math.ceil(1000 * Math.max(size, 0.2));
  // The fewer the more often, and by processor time: a few milliseconds by the clock are what the machine makes of them.
  const messages =
    (inFlight: number) =>
    async (count: number): Promise<number> => {
      const repeats = Math.ceil((10 * base) / count);
      const run = { entry: 'file-in', sink: 'file-out', count, inFlight: Math.min(count, inFlight) };
      let cpuMs = 0;
      for (let repeat = 0; repeat < repeats; repeat++)
        cpuMs += (await runtime.run({ ...run, workload: { kind: 'lookup', values } })).cpuMs;
      // Their mean and not their median: a collection of garbage is due in some of the short runs, and in every long one.
      return cpuMs / repeats;
    };
  const indicators = async (count: number): Promise<number> => {
    const text = values.slice(0, count).join('\n');
    const repeats = Math.ceil(400 / count);
    const run = {
      entry: 'search-in',
      sink: 'search-out',
      count: repeats,
      inFlight: 1,
      outOfOne: count,
      workload: { kind: 'text', text } as const,
    };
    return (await runtime.run(run)).cpuMs / repeats;
  };
  const bytes = (count: number): Promise<number> => {
    const mail = mailWithIndicators(count, Math.max(1, Math.round(count / 20_000)));
    const repeats = Math.ceil(2_000_000 / count);
    const from = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) extractIocs(mail);
    const { user, system } = process.cpuUsage(from);
    return Promise.resolve((user + system) / 1000 / repeats);
  };
  const rows = [
    await row('messages, 50 in flight', [base, 10 * base, 100 * base], messages(50), rounds),
    // All of their reports are there at once: what the collector has to move grows too.
    await row('messages, all at once', [base, 10 * base, 100 * base], messages(Infinity), rounds),
    await row('IoCs in a message', [4, 40, 400], indicators, rounds),
    await row('bytes of text', [20_000, 200_000, 2_000_000], bytes, rounds),
  ];
  await runtime.stop();
  return rows;
}

async function row(
  what: string,
  amounts: [number, number, number],
  time: (amount: number) => Promise<number>,
  rounds: number,
): Promise<Row> {
  const times = amounts.map((): number[] => []);
  // The short form fails by this: a median of one is no median.
  for (let round = 0; round <= Math.max(rounds, 3); round++) {
    for (const [index, amount] of amounts.entries()) {
      const ms = await time(amount);
      if (round > 0) times[index]?.push(ms);
    }
  }
  const [one = NaN, ten = NaN, hundred = NaN] = times.map(median);
  return {
    row: `growth: 1, 10 and 100 times the ${what}`,
    against: 'exponent; linear is 1',
    value: Math.log(hundred / one) / Math.log(100),
    unit: '',
    target: 1.05,
    better: 'lower',
    exact: false,
    shortLimit: 1.3,
    note: `${[one, ten, hundred].map((ms) => ms.toPrecision(3)).join(', ')} ms`,
  };
}
