import { expect } from 'chai';
import { VirusTotalError } from '../../src/errors';
import { reportFromV2 } from '../../src/report/from-v2';
import type { Report } from '../../src/report/report';
import { stixBundle } from '../../src/stix-bundle';
import { TLP_LEVELS } from '../../src/stix/tlp';
import { fileReport, v2DomainBody, v2IpBody, v3DomainReport } from '../support/reports';
import { stixProblems } from '../support/stix-check';
import { bundleOf, objectsOf, only, relations, subject, validBundle } from './subjects';

const urlReport = (more: Partial<Report> = {}): Report => ({
  type: 'url',
  resource: 'http://bad.example/path?q=1',
  url: 'http://bad.example/path?q=1',
  response_code: 1,
  verbose_msg: 'found',
  positives: 35,
  total: 70,
  scan_date: '2026-03-01 12:00:00',
  ...more,
});

describe('The bundle of a domain', () => {
  const bundle = bundleOf(v3DomainReport(50, 90));

  it('is a valid bundle', () => {
    expect(stixProblems(bundle)).to.deep.equal([]);
  });

  it('has an indicator with name, pattern, verdict and confidence', () => {
    expect(only(bundle, 'indicator')).to.deep.include({
      name: 'Indicator of domain: bad.example',
      description: '50 of 90 engines on VirusTotal detect it (56 %). Scanned 2026-03-01 12:00:00 UTC.',
      pattern: "[domain-name:value = 'bad.example']",
      pattern_type: 'stix',
      valid_from: '2026-03-01T12:00:00.000Z',
      indicator_types: ['malicious-activity'],
      confidence: 85,
      labels: ['dga'],
      external_references: [
        { source_name: 'VirusTotal', url: 'https://www.virustotal.com/gui/domain/bad.example' },
      ],
    });
  });

  it('has the domain as an observable, with the addresses that it resolves to', () => {
    expect(relations(bundle)).to.have.members([
      'indicator based-on domain-name:bad.example',
      'domain-name:bad.example resolves-to ipv4-addr:192.0.2.7',
      'domain-name:bad.example resolves-to ipv6-addr:2001:db8::7',
      'domain-name:bad.example resolves-to domain-name:other.example',
    ]);
  });

  it('has a note with what vendors call it, said by VirusTotal and marked TLP:CLEAR', () => {
    const [identity, marking] = [only(bundle, 'identity'), only(bundle, 'marking-definition')];
    expect(only(bundle, 'note')).to.deep.include({
      abstract: 'VirusTotal: malicious',
      content:
        'domain: bad.example (malicious): 50 of 90 engines on VirusTotal detect it (56 %). ' +
        'Scanned 2026-03-01 12:00:00 UTC. Categories: Malware, newly registered.',
      object_refs: [objectsOf(bundle, 'domain-name')[0]?.id],
      created_by_ref: identity.id,
    });
    expect(identity.name).to.equal('VirusTotal');
    expect(marking.name).to.equal('TLP:CLEAR');
    const others = bundle.objects.filter((object) => object !== identity && object !== marking);
    for (const object of others) expect(object.object_marking_refs).to.deep.equal([marking.id]);
  });

  it('has no malware analysis: STIX has a place for files only', () => {
    expect(objectsOf(bundle, 'malware-analysis')).to.be.empty;
  });

  it('is identical for the same report, and keeps its ids for a later scan', () => {
    expect(bundleOf(v3DomainReport(50, 90))).to.deep.equal(bundle);
    const later = bundleOf(v3DomainReport(51, 90, { scan_date: '2026-04-01 12:00:00' }));
    expect(later.id).not.to.equal(bundle.id);
    expect(only(later, 'indicator').id).to.equal(only(bundle, 'indicator').id);
    expect(only(later, 'indicator').created).to.equal(only(bundle, 'indicator').created);
    expect(only(later, 'indicator').modified).to.match(/^2026-04-01T12:00:00/);
  });
});

describe('The bundle of a domain or IP address of API v2', () => {
  it('has its resolutions, detected URLs and samples', () => {
    const report = reportFromV2({ type: 'domain', value: 'bad.example' }, v2DomainBody());
    const bundle = bundleOf(report, { indicatorFor: 'all' });
    expect(stixProblems(bundle)).to.deep.equal([]);
    expect(relations(bundle)).to.have.members([
      'indicator based-on domain-name:bad.example',
      'domain-name:bad.example resolves-to ipv4-addr:192.0.2.7',
      'url:http://bad.example/a related-to domain-name:bad.example',
      'url:http://bad.example/b related-to domain-name:bad.example',
      'file:aaaa related-to domain-name:bad.example',
      'file:bbbb related-to domain-name:bad.example',
      'file:cccc related-to domain-name:bad.example',
    ]);
    const said = objectsOf(bundle, 'relationship').map(({ description }) => description);
    expect(said).to.include.members([
      'Last resolved 2026-01-05 00:00:00',
      'URL of it; detected by 9 of 90 engines',
      'Downloaded from it; detected by 7 of 60 engines',
      'Refers to it',
    ]);
  });

  it('has no confidence without a rate, and the newest date of its lists', () => {
    const report = reportFromV2({ type: 'domain', value: 'bad.example' }, v2DomainBody());
    const indicator = only(bundleOf(report, { indicatorFor: 'all' }), 'indicator');
    expect(indicator).not.to.have.any.keys('confidence', 'labels', 'external_references');
    expect(indicator.description).to.equal('VirusTotal gives no number of detections.');
    expect(indicator.indicator_types).to.deep.equal(['unknown']);
    expect(indicator.modified).to.match(/^2026-01-05T00:00:00/);
  });

  it('has the autonomous system of an address as a number, in whatever form VirusTotal sent it', () => {
    for (const asn of [64500, '64500']) {
      const bundle = bundleOf(reportFromV2({ type: 'ip', value: '198.51.100.3' }, v2IpBody({ asn })));
      expect(stixProblems(bundle)).to.deep.equal([]);
      expect(only(bundle, 'autonomous-system')).to.deep.include({ number: 64500, name: 'Example Networks' });
      expect(relations(bundle)).to.include.members([
        'ipv4-addr:198.51.100.3 belongs-to autonomous-system:64500',
        'domain-name:bad.example resolves-to ipv4-addr:198.51.100.3',
      ]);
    }
  });

  it('leaves out invalid host names, addresses, URLs and hashes', () => {
    const body = v2IpBody({
      asn: 'AS64500',
      resolutions: [{ hostname: '%E2%80%A2bad.example' }, { hostname: 'localhost' }, {}, null, 'x'],
      detected_urls: [{ url: 'not a url' }, { url: 7 }, []],
      detected_downloaded_samples: [{ sha256: 'short' }, {}],
      detected_communicating_samples: 'none',
      detected_referrer_samples: [],
    });
    const bundle = bundleOf(reportFromV2({ type: 'ip', value: '198.51.100.3' }, body));
    expect(stixProblems(bundle)).to.deep.equal([]);
    expect(relations(bundle)).to.deep.equal([]);
  });

  it('keeps to the limit of related objects, for each kind', () => {
    const urls = Array.from({ length: 50 }, (_, n) => ({ url: `http://bad.example/${n}` }));
    const report = reportFromV2(
      { type: 'domain', value: 'bad.example' },
      v2DomainBody({ detected_urls: urls }),
    );
    expect(objectsOf(bundleOf(report), 'url')).to.have.lengthOf(20);
    expect(objectsOf(bundleOf(report, { maxRelated: 3 }), 'url')).to.have.lengthOf(3);
    expect(relations(bundleOf(report, { maxRelated: 0 }))).to.deep.equal([]);
  });
});

describe('The bundle of an IPv6 address', () => {
  it('names the address as ipv6-addr, in canonical form', () => {
    const report: Report = { ...v3DomainReport(0, 90), type: 'ip', resource: '2001:DB8:0::0007' };
    const indicator = only(bundleOf(report, { indicatorFor: 'all' }), 'indicator');
    expect(indicator).to.deep.include({
      name: 'Indicator of ipv6: 2001:db8::7',
      pattern: "[ipv6-addr:value = '2001:db8::7']",
      indicator_types: ['benign'],
    });
    expect(indicator).not.to.have.property('confidence');
  });
});

describe('The bundle of a URL', () => {
  it('has the host and the target of its redirect', () => {
    const bundle = bundleOf(urlReport({ last_final_url: 'https://worse.example/' }));
    expect(stixProblems(bundle)).to.deep.equal([]);
    expect(only(bundle, 'indicator')).to.deep.include({
      name: 'Indicator of uri: http://bad.example/path?q=1',
      pattern: "[url:value = 'http://bad.example/path?q=1']",
      confidence: 85,
    });
    expect(relations(bundle)).to.have.members([
      'indicator based-on url:http://bad.example/path?q=1',
      'url:http://bad.example/path?q=1 related-to domain-name:bad.example',
      'url:http://bad.example/path?q=1 related-to url:https://worse.example/',
    ]);
  });

  it('escapes a URL that would break out of the pattern', () => {
    const resource = String.raw`http://bad.example/'] OR [url:value = 'x\'`;
    const bundle = bundleOf(urlReport({ resource, url: resource }));
    expect(stixProblems(bundle)).to.deep.equal([]);
    expect(only(bundle, 'indicator').pattern).to.equal(
      String.raw`[url:value = 'http://bad.example/\'%5D%20OR%20%5Burl:value%20=%20\'x/\'']`,
    );
  });

  it('percent-encodes characters that a URI cannot hold', () => {
    const values = (resource: string) => {
      const bundle = bundleOf(urlReport({ resource, url: resource }));
      expect(stixProblems(bundle)).to.deep.equal([]);
      return objectsOf(bundle, 'url').map(({ value }) => value);
    };
    expect(values('http://bad.example/a b|c%zz"<ü>')).to.deep.equal([
      'http://bad.example/a%20b%7Cc%25zz%22%3C%C3%BC%3E',
    ]);
    expect(values('http://[2001:db8::7]/a[1]')).to.deep.equal(['http://[2001:db8::7]/a%5B1%5D']);
  });
});

describe('The bundle of a report without a result', () => {
  it('has the observable alone', () => {
    for (const response_code of [0, -2] as const) {
      const bundle = bundleOf({
        ...fileReport(0, 0),
        response_code,
        md5: undefined,
        sha1: undefined,
      } as never);
      expect(stixProblems(bundle)).to.deep.equal([]);
      expect(bundle.objects.map(({ type }) => type)).to.deep.equal([
        'marking-definition',
        'identity',
        'file',
      ]);
    }
  });

  it('says unknown, not clean, while no engine has scanned it', () => {
    const { positives: _, total: __, ...report } = urlReport();
    const bundle = bundleOf(report, { indicatorFor: 'all' });
    expect(only(bundle, 'indicator').indicator_types).to.deep.equal(['unknown']);
    expect(only(bundle, 'note').abstract).to.equal('VirusTotal: no-match');
  });
});

describe('A bundle', () => {
  it('of several reports has each object once, as of the newest scan', () => {
    const [old, recent] = [
      v3DomainReport(1, 90, { scan_date: '2026-01-01 00:00:00' }),
      v3DomainReport(50, 90),
    ];
    for (const reports of [
      [old, recent],
      [recent, old],
    ]) {
      const bundle = validBundle([...reports.map((report) => subject(report)), subject(urlReport())]);
      expect(stixProblems(bundle)).to.deep.equal([]);
      expect(objectsOf(bundle, 'domain-name').map(({ value }) => value)).to.have.members([
        'bad.example',
        'other.example',
      ]);
      const [indicator] = objectsOf(bundle, 'indicator');
      expect(indicator?.description).to.contain('50 of 90');
    }
  });

  for (const tlp of TLP_LEVELS) {
    it(`may be marked TLP:${tlp.toUpperCase()}`, () => {
      const bundle = bundleOf(v3DomainReport(50, 90), { tlp });
      expect(stixProblems(bundle)).to.deep.equal([]);
      const marking = only(bundle, 'marking-definition');
      expect(marking.name).to.equal(`TLP:${tlp.toUpperCase()}`);
      expect(Object.values(marking.extensions as object)).to.deep.equal([
        { extension_type: 'property-extension', tlp_2_0: tlp },
      ]);
      expect(only(bundle, 'indicator').object_marking_refs).to.deep.equal([marking.id]);
    });
  }

  it('calls an indicator with detections that is not judged malicious anomalous', () => {
    const bundle = bundleOf(v3DomainReport(3, 90), { indicatorFor: 'suspicious' });
    expect(only(bundle, 'indicator').indicator_types).to.deep.equal(['anomalous-activity']);
    const file = bundleOf(fileReport(3, 90));
    expect(only(file, 'malware-analysis').result).to.equal('suspicious');
  });

  it('is refused for an indicator that STIX has no type for', () => {
    for (const [type, value] of [
      ['domain', 'not a domain'],
      ['domain', '192.0.2.7'],
      ['ip', 'bad.example'],
      ['ip', 'fe80::1%eth0'],
      ['url', 'bad.example'],
      ['url', 'javascript:alert(1)'],
      ['file', 'abc'],
    ] as const) {
      const report = { type, resource: value, response_code: 1 };
      expect(() => stixBundle([{ type, value, report }]), value)
        .to.throw(VirusTotalError)
        .with.property('code', 'VT_INVALID_IOC');
    }
  });
});
