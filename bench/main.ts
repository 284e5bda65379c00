// npm run bench: one table of ratios, each side measured in the same run. See README.md.
import { parseArgs } from 'node:util';
import { met, type BenchOptions, type Row } from './measure';
import { analysisRows } from './rows/analysis';
import { cachedRows } from './rows/cached';
import { coalescedRows } from './rows/coalesced';
import { extractionRows } from './rows/extraction';
import { growthRows } from './rows/growth';
import { hashingRows } from './rows/hashing';
import { incidentRows } from './rows/incidents';
import { lookupRows } from './rows/lookup';
import { pacedRows } from './rows/paced';
import { queueRows } from './rows/queue';
import { startRows } from './rows/start';
import { summaryRows } from './rows/summary';
import { triageRows } from './rows/triage';
import { StandInProcess } from '../tools/fake-virustotal/stand-in-process';
import { printTable } from './table';

type Measure = (vt: StandInProcess, options: BenchOptions) => Promise<Row[]>;

const ROWS: Record<string, Measure> = {
  lookup: lookupRows,
  cached: cachedRows,
  coalesced: coalescedRows,
  analysis: analysisRows,
  summary: summaryRows,
  incidents: incidentRows,
  triage: triageRows,
  extraction: extractionRows,
  paced: pacedRows,
  queue: queueRows,
  start: startRows,
  growth: growthRows,
  hashing: hashingRows,
};

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Few messages, one round; fails on counts only. */
    short: { type: 'boolean', default: false },
    /** Names of rows, comma separated. */
    only: { type: 'string' },
  },
});

async function main(): Promise<void> {
  const options: BenchOptions = values.short ? { rounds: 1, size: 0.1 } : { rounds: 5, size: 1 };
  const names = values.only?.split(',') ?? Object.keys(ROWS);
  // The same bytes for all sides: with gzip, which VirusTotal serves to this package only, the sides would do different work.
  const vt = await StandInProcess.start(['--plain']);
  const rows: Row[] = [];
  for (const name of names) {
    const measure = ROWS[name];
    if (!measure) throw new Error(`no row "${name}"; there are ${Object.keys(ROWS).join(', ')}`);
    const from = performance.now();
    rows.push(...(await measure(vt, options)));
    process.stderr.write(`${name}: ${((performance.now() - from) / 1000).toFixed(1)} s\n`);
  }
  await vt.stop();
  if (values.json)
    process.stdout.write(
      `${JSON.stringify(
        rows.map((row) => ({ ...row, met: met(row) })),
        null,
        2,
      )}\n`,
    );
  else printTable(rows);
  if (!values.short) return;
  const failed = rows.filter((row) => (row.exact ? !met(row) : row.value > (row.shortLimit ?? Infinity)));
  for (const { row, against, value } of failed)
    process.stderr.write(`failed: ${row}, ${against}: ${value}\n`);
  if (failed.length > 0) process.exitCode = 1;
}

void main();
