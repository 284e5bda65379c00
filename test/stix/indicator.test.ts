import { expect } from 'chai';
import { fileReport, v3DomainReport, v3FileReport } from '../support/reports';
import { bundleOf, objectsOf, only } from './subjects';

const DAY = Date.UTC(2026, 5, 1);

describe('An indicator in STIX', () => {
  const made = (positives: number, indicatorFor?: 'malicious' | 'suspicious' | 'all') =>
    objectsOf(bundleOf(v3DomainReport(positives, 90), indicatorFor && { indicatorFor }), 'indicator').length;

  it('is made of what is malicious, unless suspicious or all reports are wanted', () => {
    const [malicious, suspicious, benign] = [50, 3, 0];
    expect([malicious, suspicious, benign].map((n) => made(n))).to.deep.equal([1, 0, 0]);
    expect([malicious, suspicious, benign].map((n) => made(n, 'suspicious'))).to.deep.equal([1, 1, 0]);
    expect([malicious, suspicious, benign].map((n) => made(n, 'all'))).to.deep.equal([1, 1, 1]);
  });

  it('is missing where nothing is detected, and the observable, its relations and the note are there', () => {
    const bundle = bundleOf(v3DomainReport(0, 90));
    expect([...new Set(bundle.objects.map(({ type }) => type))]).to.have.members([
      'marking-definition',
      'identity',
      'domain-name',
      'ipv4-addr',
      'ipv6-addr',
      'relationship',
      'note',
    ]);
  });

  it('has the confidence of the analysis as a number, and none where it is benign', () => {
    const confidence = (positives: number) =>
      only(bundleOf(fileReport(positives, 100), { indicatorFor: 'all' }), 'indicator').confidence;
    expect([1, 50, 90].map(confidence)).to.deep.equal([15, 50, 85]);
    expect(confidence(0)).to.equal(undefined);
  });

  it('has no end unless it is valid for some days, which count from the day it is made', () => {
    const report = v3DomainReport(50, 90, { scan_date: '2024-03-01 12:00:00' });
    expect(only(bundleOf(report), 'indicator')).not.to.have.property('valid_until');
    const later = only(bundleOf(report, { validDays: 30, now: DAY + 3_600_000 }), 'indicator');
    expect([later.valid_from, later.valid_until]).to.deep.equal([
      '2026-06-01T00:00:00.000Z',
      '2026-07-01T00:00:00.000Z',
    ]);
    const again = only(bundleOf(report, { validDays: 30, now: DAY + 86_400_000 }), 'indicator');
    expect(again.id).to.equal(later.id);
    expect(String(again.modified) > String(later.modified)).to.equal(true);
  });
});

describe('The version of an object in STIX', () => {
  it('never has other content: another marking or judgment of the same scan has another date', () => {
    const report = v3DomainReport(50, 90);
    const clear = bundleOf(report);
    for (const options of [{ tlp: 'amber' }, { platform: 'opencti' }, { tlp: 'red' }] as const) {
      const other = bundleOf(report, options);
      for (const object of other.objects) {
        const before = clear.objects.find(({ id }) => id === object.id);
        if (before && object.modified !== undefined && before.modified === object.modified)
          expect(object).to.deep.equal(before);
      }
      expect(only(other, 'indicator').id).to.equal(only(clear, 'indicator').id);
    }
  });

  it('is of the day on which the bundle is made where the report has no date', () => {
    for (const scan_date of [
      undefined,
      '0000-00-00 00:00:00',
      '0000-01-01 00:00:00',
      '1970-01-01 00:00:00',
    ]) {
      const report = { ...v3DomainReport(50, 90), scan_date } as never;
      const bundle = bundleOf(report, { now: DAY + 5 });
      expect(only(bundle, 'indicator').valid_from).to.equal('2026-06-01T00:00:00.000Z');
      expect(only(bundle, 'indicator').modified).to.match(/^2026-06-01T00:00:00/);
    }
  });

  it('was created at the same time in every report that says so', () => {
    const [early, late] = ['2025-01-01 00:00:00', '2026-01-01 00:00:00'].map((scan_date) =>
      bundleOf(v3DomainReport(50, 90, { scan_date })),
    );
    const created = (bundle: typeof early) => bundle?.objects.map((object) => [object.id, object.created]);
    expect(created(early)).to.deep.equal(created(late));
  });
});

describe('The families of a malicious file in STIX', () => {
  const familiesOf = (names: [string, number][], more = {}) => {
    const popular_threat_name = names.map(([value, count]) => ({ value, count }));
    const report = v3FileReport(60, 70, { popular_threat_classification: { popular_threat_name, ...more } });
    return objectsOf(bundleOf(report), 'malware')
      .filter(({ is_family }) => is_family)
      .map(({ name, aliases }) => [name, aliases]);
  };

  it('are one, with the other names that enough engines use as its aliases', () => {
    expect(
      familiesOf([
        ['zegost', 14],
        ['bjlog', 13],
        ['other', 4],
      ]),
    ).to.deep.equal([['zegost', ['bjlog']]]);
  });

  it('need five engines, and a third of the first name', () => {
    expect(familiesOf([['agenttesla', 4]])).to.deep.equal([]);
    expect(
      familiesOf([
        ['emotet', 30],
        ['heodo', 9],
      ]),
    ).to.deep.equal([['emotet', undefined]]);
  });

  it('are no platforms, file types or generic words', () => {
    const generic = [
      'eicar',
      'test',
      'file',
      'msil',
      'msword',
      'powershell',
      'hosts',
      'heur',
      'hosts2',
      'agent',
    ];
    for (const word of generic) expect(familiesOf([[word, 40]]), word).to.deep.equal([]);
    expect(
      familiesOf([
        ['msil', 12],
        ['orcusrat', 10],
      ]),
    ).to.deep.equal([['orcusrat', undefined]]);
  });

  it('are none of the words that every object has', () => {
    const popular_threat_category = ['constructor', 'toString', '__proto__'].map((value) => ({
      value,
      count: 9,
    }));
    familiesOf([['constructor', 9]], { popular_threat_category });
    const report = v3FileReport(60, 70, {
      threat_label: 'constructor.x',
      popular_threat_classification: { popular_threat_category },
    });
    const [sample] = objectsOf(bundleOf(report), 'malware');
    expect(sample).not.to.have.property('malware_types');
  });
});

describe('Texts from a report in STIX', () => {
  it('have no NUL, no other control character and no lone surrogate', () => {
    const names = ['bad\u0000name.exe', 'half\ud800.exe', 'line\u0085.exe'];
    const bundle = bundleOf(fileReport(60, 70, { names, meaningful_name: names[0], tags: ['a\u0000b'] }), {
      platform: 'opencti',
    });
    expect(only(bundle, 'file').x_opencti_additional_names).to.deep.equal([
      'badname.exe',
      'half\ufffd.exe',
      'line.exe',
    ]);
    expect(only(bundle, 'indicator').labels).to.deep.equal(['ab']);
  });

  it('name no related host with an underscore, and the subject itself as it is', () => {
    const last_dns_records = [
      { type: 'CNAME', value: '_dmarc.bad.example' },
      { type: 'CNAME', value: 'good.bad.example' },
    ];
    const report = v3DomainReport(50, 90, { resource: '_sub.bad.example', last_dns_records });
    const domains = objectsOf(bundleOf(report), 'domain-name').map(({ value }) => value);
    expect(domains).to.deep.equal(['_sub.bad.example', 'good.bad.example']);
  });
});
