// npm run bench:day: how many of a day's alerts the allowance of a free key gives a whole verdict on. See README.md.
import { parseArgs } from 'node:util';
import { byHand, byHandLongest } from './by-hand';
import { playDay, type DayResult } from './day';
import { eachString } from './each-string';
import { packageAt, today, todayByDefault } from './package-side';
import type { SideKind } from './side';

const { values } = parseArgs({
  options: {
    /** Another checkout of this package, built. */
    beside: { type: 'string' },
    seeds: { type: 'string', default: '5' },
    alerts: { type: 'string', default: '2000' },
    lookups: { type: 'string', default: '500' },
    /** Hours that every side keeps a report. */
    hours: { type: 'string', default: '24' },
    json: { type: 'boolean', default: false },
  },
});

/** How many times as many whole verdicts as the other side there should be, at least. */
const AIMS = new Map<SideKind, number>([
  [byHand, 2],
  [eachString, 3],
]);

async function main(): Promise<void> {
  const others = [
    todayByDefault,
    byHand,
    byHandLongest,
    eachString,
    ...(values.beside ? [packageAt(values.beside)] : []),
  ];
  const results = new Map<SideKind, DayResult[]>();
  for (const kind of [today, ...others]) {
    const days: DayResult[] = [];
    for (let seed = 1; seed <= Number(values.seeds); seed++)
      days.push(
        await playDay(kind, {
          seed,
          alerts: Number(values.alerts),
          lookups: Number(values.lookups),
          keptSeconds: Number(values.hours) * 3600,
        }),
      );
    results.set(kind, days);
  }
  if (values.json) {
    const named = [...results].map(([{ name, does }, days]) => ({ name, does, days }));
    process.stdout.write(`${JSON.stringify(named, null, 2)}\n`);
  } else print(results);
}

function print(results: ReadonlyMap<SideKind, DayResult[]>): void {
  const ours = results.get(today) ?? [];
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  write(
    `${values.alerts} alerts, ${values.lookups} lookups, reports kept for ${values.hours} h by all; ${values.seeds} seeds, lowest..highest`,
  );
  write(row(['', 'whole verdicts', 'ours to it', 'first', 'other hash', 'again', 'no verdict', 'refused']));
  for (const [kind, days] of results) {
    const ratios = days.map(({ whole }, seed) => (ours[seed]?.whole ?? 0) / whole);
    const aim = AIMS.get(kind);
    const missed = aim !== undefined && Math.min(...ratios) < aim ? ' !' : '';
    write(
      row([
        kind.name,
        range(days.map(({ whole }) => whole)),
        kind === today || kind === todayByDefault ? '' : range(ratios, 2) + missed,
        ...(['first', 'otherHash', 'again', 'noVerdict'] as const).map((use) =>
          range(days.map(({ lookups }) => lookups[use])),
        ),
        range(days.map(({ refused }) => refused)),
      ]),
    );
  }
  write('');
  write(
    `most that lookups in the order of arrival can buy: ${range(ours.map(({ bounds }) => bounds.asItArrives))}`,
  );
  write(
    `most with the day known in advance (an upper bound): ${range(ours.map(({ bounds }) => bounds.atMost))}`,
  );
  write('');
  for (const { name, does } of results.keys()) write(`${name}: ${does}`);
}

function range(numbers: readonly number[], digits = 0): string {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)].map((each) => each.toFixed(digits));
  return low === high ? String(low) : `${low}..${high}`;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(index === 0 ? 30 : 15))
    .join('')
    .trimEnd();
}

void main();
