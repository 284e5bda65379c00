import { met, type Row } from './measure';

/** Prints the rows for a person; `!` marks what isn't reached. */
export function printTable(rows: readonly Row[]): void {
  const lines = rows.map((row) => [
    row.row,
    row.against,
    `${format(row.value)} ${row.unit}`,
    `${row.better === 'higher' ? '>=' : '<='} ${format(row.target)}${met(row) ? '' : ' !'}`,
    row.note ?? '',
  ]);
  const all = [['row', 'measured against', 'had', 'to reach', ''], ...lines];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  for (const line of all) {
    process.stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
