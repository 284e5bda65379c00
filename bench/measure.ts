/** One line of the table. */
export interface Row {
  row: string;
  /** What it was measured against. */
  against: string;
  /** The measured ratio or figure, and in words what it is. */
  value: number;
  unit: string;
  /** The figure to reach, and on which side of it. */
  target: number;
  better: 'higher' | 'lower';
  /** Counts hold on any machine; the short form judges by these only. */
  exact: boolean;
  /** What the short form accepts of a figure that isn't exact; without it, anything. */
  shortLimit?: number;
  note?: string;
}

export interface BenchOptions {
  /** Rounds of each side, interleaved. */
  rounds: number;
  /** Factor on the number of messages. */
  size: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/**
 * Runs the sides in turn, so that what the machine does meanwhile meets all of them alike; the first round warms up and is not
 * counted.
 * @returns the median of each side's figures
 */
export async function interleaved<T extends string, F extends Record<string, number>>(
  rounds: number,
  sides: Record<T, () => Promise<F>>,
): Promise<Record<T, F>> {
  const names = Object.keys(sides) as T[];
  const all = Object.fromEntries(names.map((name) => [name, [] as F[]])) as Record<T, F[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const figures = await sides[name]();
      if (round > 0) all[name].push(figures);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const keys = Object.keys(all[name][0] ?? {});
      return [
        name,
        Object.fromEntries(keys.map((key) => [key, median(all[name].map((f) => f[key] ?? NaN))])),
      ];
    }),
  ) as Record<T, F>;
}

export function met({ value, target, better }: Row): boolean {
  return better === 'higher' ? value >= target : value <= target;
}
