import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import manifest from '../../package.json';
import { interleaved, type BenchOptions, type Row } from '../measure';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';

const LOADER = join(__dirname, '..', 'runtime', 'load-nodes.cjs');

/** What loading the node files adds to a process that has Node-RED's own modules: milliseconds and resident memory. */
export async function startRows(_vt: StandInProcess, { rounds }: BenchOptions): Promise<Row[]> {
  const load = (files: string[]): { ms: number; rss: number } =>
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', LOADER, ...files]).toString()) as {
      ms: number;
      rss: number;
    };
  const root = join(__dirname, '..', '..');
  const ours = Object.values(manifest['node-red'].nodes).map((file) => join(root, file));
  const figures = await interleaved(rounds, {
    ours: () => Promise.resolve(load(ours)),
    http: () => Promise.resolve(load(['@node-red/nodes/core/network/21-httprequest.js'])),
  });
  const megabytes = (bytes: number): number => bytes / 1024 / 1024;
  return [
    {
      row: 'start: time that loading the node set adds',
      against: `core http request: ${figures.http.ms.toFixed(0)} ms`,
      value: figures.ours.ms,
      unit: 'ms',
      target: 60,
      better: 'lower',
      exact: false,
    },
    {
      row: 'start: memory that loading the node set adds',
      against: `core http request: ${megabytes(figures.http.rss).toFixed(1)} MB`,
      value: megabytes(figures.ours.rss),
      unit: 'MB',
      target: 15,
      better: 'lower',
      exact: false,
    },
  ];
}
