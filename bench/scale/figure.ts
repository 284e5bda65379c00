/** One line of the table. */
export interface Figure {
  row: string;
  value: number;
  unit: string;
  note?: string;
}

export function printFigures(figures: readonly Figure[]): void {
  const lines = figures.map(({ row, value, unit, note = '' }) => [row, `${round(value)} ${unit}`, note]);
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const [row = '', had = '', note = ''] of lines)
    process.stdout.write(
      `${row.padEnd(widths[0] ?? 0)}  ${had.padStart(widths[1] ?? 0)}  ${note}`.trimEnd() + '\n',
    );
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
