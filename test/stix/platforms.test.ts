import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { reportFromV3 } from '../../src/report/from-v3';
import type { Report, ReportType } from '../../src/report/report';
import { bundleSubjects } from '../../src/stix/bundle';
import type { StixBundle } from '../../src/stix/stix';
import { fileReport, mitreTrees, v3DomainReport, v3FileReport } from '../support/reports';
import { stixProblems } from '../support/stix-check';
import { importProblems, PLATFORM_RULES } from '../support/stix-platforms';
import { bundleOf, objectsOf, only, subject } from './subjects';

type Importer = keyof typeof PLATFORM_RULES;

const IMPORTERS = Object.keys(PLATFORM_RULES) as Importer[];
const LABELLED = join(__dirname, '../../../shared/labelled');

/** Three files with one label, as three EICAR files have: nothing but their hashes tells them apart. */
const alike = ['1', '2', '3'].map((digit): Report => {
  const hashes = { md5: digit.repeat(32), sha1: digit.repeat(40), sha256: digit.repeat(64) };
  return v3FileReport(60, 70, { ...hashes, resource: hashes.sha256 });
});

function withoutProblems(platform: Importer, reports: readonly Report[]): StixBundle {
  const subjects = reports.map((report) => ({ ...subject(report), mitreTrees: mitreTrees() }));
  const bundle = bundleSubjects(subjects, { platform });
  const missing = platform === 'sentinel' ? ['marking-definition'] : [];
  expect(stixProblems(bundle, missing)).to.deep.equal([]);
  expect(importProblems(platform, bundle)).to.deep.equal([]);
  return bundle;
}

describe('A bundle for a platform', () => {
  for (const platform of IMPORTERS) {
    it(`is taken in whole by ${platform}: domains, files that share a label, and files that nothing detects`, () => {
      withoutProblems(platform, [v3DomainReport(50, 90), ...alike, fileReport(0, 70), v3DomainReport(0, 90)]);
    });
  }

  it('for OpenCTI has its score, the type of the observable, and the names of a file', () => {
    const bundle = bundleOf(v3FileReport(), { platform: 'opencti' });
    expect(only(bundle, 'indicator')).to.deep.include({
      x_opencti_score: 86,
      x_opencti_main_observable_type: 'StixFile',
    });
    const names = ['invoice.exe', 'a.exe', 'b.exe'];
    expect(only(bundle, 'file')).to.deep.include({ x_opencti_additional_names: names, x_opencti_score: 86 });
  });

  it('for any other has none of the properties of OpenCTI', () => {
    for (const platform of ['generic', 'misp', 'sentinel'] as const)
      expect(JSON.stringify(bundleSubjects([subject(v3FileReport())], { platform }))).not.to.contain(
        'x_opencti',
      );
  });

  it('for MISP has a report, which names the event', () => {
    const one = only(withoutProblems('misp', [v3DomainReport(50, 90)]), 'report');
    expect(one.name).to.equal('VirusTotal: bad.example');
    expect(one.object_refs).to.include(objectsOf(bundleOf(v3DomainReport(50, 90)), 'indicator')[0]?.id);
    expect(only(withoutProblems('misp', alike), 'report').name).to.equal('VirusTotal: 3 indicators');
  });

  it('for Sentinel ties the techniques to the indicator, as it takes no malware', () => {
    const bundle = withoutProblems('sentinel', [v3FileReport()]);
    const [indicator] = objectsOf(bundle, 'indicator');
    const ties = objectsOf(bundle, 'relationship').map((one) => [one.source_ref, one.relationship_type]);
    expect(ties).to.deep.equal([
      [indicator?.id, 'indicates'],
      [indicator?.id, 'indicates'],
    ]);
  });

  it('of every recorded report is taken in whole by each', function () {
    if (!existsSync(LABELLED)) this.skip();
    const files = readdirSync(LABELLED).filter((file) => file.endsWith('.json'));
    expect(files).not.to.be.empty;
    for (const platform of IMPORTERS) {
      const reports = files.map((file) => {
        const [, kind = ''] = /-(domain|file|ip_address|url)-/.exec(file) ?? [];
        const type = kind.replace('ip_address', 'ip') as ReportType;
        const body = JSON.parse(readFileSync(join(LABELLED, file), 'utf8')) as Body;
        return reportFromV3({ type, value: valueOf(type, body) }, body);
      });
      for (const report of reports) withoutProblems(platform, [report]);
      withoutProblems(platform, reports);
    }
  });
});

interface Body {
  data: { id: string; attributes: { url?: string } };
}

function valueOf(type: ReportType, { data: { id, attributes } }: Body): string {
  return type === 'url' ? (attributes.url ?? id) : id;
}

describe('The rules that bundles are held to', () => {
  it('find what the importers fail on', () => {
    const broken = (platform: Importer, change: (bundle: StixBundle) => void): string[] => {
      const bundle = structuredClone(
        bundleSubjects(
          alike.map((report) => ({ ...subject(report), mitreTrees: mitreTrees() })),
          { platform },
        ),
      );
      change(bundle);
      return importProblems(platform, bundle);
    };
    const each = (type: string, change: object) => (bundle: StixBundle) =>
      objectsOf(bundle, type).forEach((object) => Object.assign(object, change));
    expect(broken('opencti', each('malware-analysis', { result_name: 'same' }))).to.have.lengthOf(3);
    expect(broken('opencti', each('malware-analysis', { submitted: undefined }))).to.have.lengthOf(3);
    expect(broken('opencti', each('malware', { name: 'same' }))).not.to.be.empty;
    expect(broken('opencti', each('indicator', { x_opencti_main_observable_type: undefined }))).not.to.be
      .empty;
    expect(broken('opencti', each('relationship', { relationship_type: 'duplicate-of' }))).not.to.be.empty;
    expect(broken('misp', each('malware-analysis', { analysis_sco_refs: ['domain-name--1'] }))).not.to.be
      .empty;
    expect(broken('misp', each('indicator', { indicator_types: ['benign'] }))).not.to.be.empty;
    expect(broken('misp', each('report', { type: 'note' }))).not.to.be.empty;
    expect(broken('sentinel', each('identity', { type: 'note' }))).not.to.be.empty;
    expect(broken('sentinel', each('relationship', { target_ref: 'malware--1' }))).not.to.be.empty;
  });
});
