import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { reportFromV2 } from '../../src/report/from-v2';
import { reportFromV3 } from '../../src/report/from-v3';
import type { ReportType } from '../../src/report/report';

const CORPUS = join(__dirname, '../../../shared/corpus');

const TYPES: Record<string, ReportType> = { file: 'file', url: 'url', domain: 'domain', ip: 'ip' };

interface Recording {
  file: string;
  apiVersion: string;
  kind: string;
  ioc: string;
  positives: number | undefined;
  total: number | undefined;
  status: string;
}

describe('Recorded answers of VirusTotal (the corpus beside the checkout)', function () {
  if (!existsSync(join(CORPUS, 'INDEX.tsv'))) {
    it('are skipped without the corpus', function () {
      this.skip();
    });
    return;
  }

  for (const recording of recordings()) {
    const { file, apiVersion, kind, ioc, positives, total } = recording;
    const type = TYPES[kind] ?? analysisType(recording);
    if (type === undefined || file.includes('mitre')) continue;
    it(`give ${positives ?? 'no'} positives of ${total ?? 'no'} engines for ${file}`, () => {
      const body = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as unknown;
      const report = (apiVersion === 'v2' ? reportFromV2 : reportFromV3)({ type, value: ioc }, body);
      expect([report.positives, report.total]).to.deep.equal([positives, total]);
      expect(report.type).to.equal(type);
    });
  }
});

function recordings(): Recording[] {
  const [header = '', ...lines] = readFileSync(join(CORPUS, 'INDEX.tsv'), 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    // 0 of 0 is a scan that is still queued: a report says that by having neither.
    const verdict = cell('total') !== '' && cell('total') !== '0';
    return {
      file: cell('file'),
      apiVersion: cell('api_version'),
      kind: cell('kind'),
      ioc: cell('ioc'),
      positives: verdict ? Number(cell('positives')) : undefined,
      total: verdict ? Number(cell('total')) : undefined,
      status: cell('http_status'),
    };
  });
}

/** Analyses of v3 hold a verdict too; what a submission answers does not. */
function analysisType({ file, kind, total }: Recording): ReportType | undefined {
  if (kind !== 'analysis' || !(total !== undefined || file.includes('-queued-2025'))) return undefined;
  return file.includes('-url-') ? 'url' : 'file';
}
