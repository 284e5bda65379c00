import { measureSpeed } from '../ioc/measure-speed';
import { workloads } from '../ioc/texts';
import { interleaved, type BenchOptions, type Row } from '../measure';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';

/** How fast texts are read, the texts of `npm run bench:ioc`. Each figure comes from a process of its own. */
export async function extractionRows(_vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const isShort = size < 1;
  for (const workload of Object.keys(workloads).slice(0, isShort ? 1 : undefined)) {
    const side = (extractor: string) => () =>
      Promise.resolve({ speed: measureSpeed(extractor, workload, isShort ? size : undefined) });
    const { ours, theirs } = await interleaved(rounds, {
      ours: side('this package'),
      theirs: side('ioc-extractor'),
    });
    rows.push({
      row: `extraction: ${workload}`,
      against: `ioc-extractor: ${theirs.speed.toFixed(1)} MB/s`,
      value: ours.speed / theirs.speed,
      unit: 'times',
      target: 3,
      better: 'higher',
      exact: false,
    });
  }
  return rows;
}
