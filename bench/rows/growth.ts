import { extractIocs } from '../../src/ioc/extract';
import { configNode, lane, TAB } from '../flows';
import { mailWithIndicators } from '../mail';
import { median, type BenchOptions, type Row } from '../measure';
import { RuntimeProcess } from '../runtime/runtime-process';
import type { StandInProcess } from '../stand-in-process';
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
  const messages = async (count: number): Promise<number> =>
    (
      await runtime.run({
        entry: 'file-in',
        sink: 'file-out',
        count,
        inFlight: count,
        workload: { kind: 'lookup', values },
      })
    ).ms;
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
    return (await runtime.run(run)).ms / repeats;
  };
  const bytes = (count: number): Promise<number> => {
    const mail = mailWithIndicators(count, Math.max(1, Math.round(count / 20_000)));
    const repeats = Math.ceil(2_000_000 / count);
    const from = performance.now();
    for (let repeat = 0; repeat < repeats; repeat++) extractIocs(mail);
    return Promise.resolve((performance.now() - from) / repeats);
  };
  const base = Math.ceil(1000 * size);
  const rows = [
    await row('messages', [base, 10 * base, 100 * base], messages, rounds),
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
  for (let round = 0; round <= rounds; round++) {
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
