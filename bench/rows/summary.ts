import type { Analysis } from '../../src/analysis/analysis';
import { analyzeReport } from '../../src/analysis/analyze';
import { SUMMARY_FORMATS } from '../../src/summary/options';
import { renderSummary } from '../../src/summary/render';
import type { StandInProcess } from '../../tools/fake-virustotal/stand-in-process';
import { interleaved, type BenchOptions, type Row } from '../measure';
import { hashes } from '../values';

/** Ten verdicts of one incident: files with 70 engines, of which every other one is malicious. */
function incident(number: number): Analysis[] {
  return hashes(10, `summary ${number}`).map((hash, index) => {
    const positives = index % 2 === 0 ? 40 : 0;
    const scans = Object.fromEntries(
      Array.from({ length: 70 }, (_, n) => [
        `Engine ${n}`,
        { detected: n < positives, result: n < positives ? 'Trojan.Made.Up' : null },
      ]),
    );
    return analyzeReport({
      type: 'file',
      resource: hash,
      response_code: 1,
      positives,
      total: 70,
      scan_date: '2026-03-01 12:00:00',
      permalink: `https://www.virustotal.com/gui/file/${hash}`,
      threat_label: 'trojan.madeup/agent',
      scans,
    });
  });
}

/** What people write by hand in a function node: a line for each, nothing cleaned and nothing cut. */
function byHand(analyses: readonly Analysis[]): string {
  const lines = analyses.map(
    ({ verdict, positives, total, resource, engines, permalink }) =>
      `${verdict} ${positives}/${total} ${resource} ${engines.map(({ name }) => name).join(', ')} ${permalink}`,
  );
  return lines.join('\n');
}

/** A thousand incidents of ten indicators in each form. */
export async function summaryRows(_vt: StandInProcess, { rounds, size }: BenchOptions): Promise<Row[]> {
  const incidents = Array.from({ length: Math.ceil(1_000 * size) }, (_, number) => incident(number));
  const timed = (render: (analyses: Analysis[]) => unknown) => () => {
    const from = performance.now();
    for (const analyses of incidents) render(analyses);
    return Promise.resolve({ ms: performance.now() - from });
  };
  const rows: Row[] = [];
  for (const format of SUMMARY_FORMATS) {
    const { ours, hand } = await interleaved(rounds, {
      ours: timed((analyses) => renderSummary(analyses, { format })),
      hand: timed(byHand),
    });
    rows.push({
      row: `summary: ${format}`,
      against: `1,000 incidents of ten indicators a second; a line for each by hand ${Math.round((incidents.length / hand.ms) * 1000)}/s`,
      value: Math.round((incidents.length / ours.ms) * 1000),
      unit: 'incidents per second',
      target: 1_000,
      better: 'higher',
      exact: false,
    });
  }
  return rows;
}
