import { expect } from 'chai';
import fc from 'fast-check';
import { VirusTotalError } from '../../src/errors';
import { OPTIONS } from '../../src/options';
import { bundleSubjects } from '../../src/stix/bundle';
import type { StixObject } from '../../src/stix/stix';
import { mitreTrees, v3DomainReport, v3FileReport } from '../support/reports';
import { stixProblems } from '../support/stix-check';
import { isStixPattern } from '../support/stix-pattern';
import { subject } from './subjects';

const STIX = OPTIONS['virustotal-stix'];

describe('A report of any content', () => {
  it('gives a valid STIX bundle or is refused with VT_INVALID_IOC', () => {
    const odd = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.constantFrom('', '__proto__', NaN, -1, 1e300, 'http://bad.example/[x]|%', "'] OR ["),
    );
    const listed = fc.array(
      fc.record(
        {
          url: odd,
          sha256: fc.oneof(odd, fc.constant('a'.repeat(64))),
          ip_address: odd,
          hostname: odd,
          type: fc.constantFrom('A', 'AAAA', 'CNAME', 'MX'),
          value: fc.oneof(odd, fc.ipV4(), fc.ipV6(), fc.domain()),
          last_resolved: odd,
          scan_date: odd,
          positives: odd,
          total: odd,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    );
    const lists = fc.oneof(odd, listed);
    const report = fc.record(
      {
        response_code: fc.constant(1),
        scan_date: odd,
        permalink: fc.oneof(odd, fc.webUrl()),
        tags: odd,
        categories: odd,
        'Some category': odd,
        threat_label: odd,
        popular_threat_classification: odd,
        first_submission_date: fc.oneof(odd, fc.integer()),
        last_modification_date: fc.oneof(odd, fc.integer()),
        names: fc.oneof(odd, fc.array(fc.string(), { maxLength: 3 })),
        meaningful_name: odd,
        size: odd,
        ssdeep: odd,
        tlsh: odd,
        md5: odd,
        sha256: odd,
        url: fc.oneof(odd, fc.webUrl()),
        last_final_url: fc.oneof(odd, fc.webUrl()),
        asn: odd,
        as_owner: odd,
        resolutions: lists,
        last_dns_records: lists,
        detected_urls: lists,
        detected_downloaded_samples: lists,
        ITW_urls: fc.oneof(odd, fc.array(fc.webUrl(), { maxLength: 2 })),
      },
      { requiredKeys: ['response_code'] },
    );
    const figure = fc.option(fc.nat(100));
    const anySubject = fc.record({
      type: fc.constantFrom('domain', 'ip', 'url', 'file'),
      value: fc.oneof(
        fc.string(),
        fc.domain(),
        fc.ipV4(),
        fc.ipV6(),
        fc.webUrl(),
        fc.constant('A'.repeat(64)),
      ),
      report,
      assessment: fc.record({
        verdict: fc.constantFrom('malicious', 'trusted', 'no-match'),
        positives: figure,
        total: figure,
        rate: figure,
        confidence: fc.constantFrom('low', 'medium', 'high', null, 'constructor' as never),
      }),
      mitreTrees: fc.oneof(odd, fc.constant(mitreTrees())),
    });
    const anyOptions = fc.record({
      indicatorFor: fc.constantFrom(...STIX.indicatorFor.choices),
      platform: fc.constantFrom(...STIX.platform.choices),
      validDays: fc.constantFrom(0, 1, 3650),
    });
    let made = 0;
    fc.assert(
      fc.property(anySubject, anyOptions, (one, options) => {
        try {
          const missing = options.platform === 'sentinel' ? ['marking-definition'] : [];
          expect(stixProblems(bundleSubjects([one], options), missing)).to.deep.equal([]);
          made += 1;
        } catch (error) {
          if (!(error instanceof VirusTotalError)) throw error;
          expect(error.code).to.equal('VT_INVALID_IOC');
        }
      }),
      { numRuns: 200 },
    );
    expect(made).to.be.above(20);
  });
});

describe('The validation of bundles in these tests', () => {
  const broken = (change: (object: StixObject) => void, type = 'indicator') => {
    const bundle = structuredClone(
      bundleSubjects([subject(v3DomainReport(50, 90)), subject(v3FileReport())]),
    );
    change(bundle.objects.find((object) => object.type === type)!);
    return stixProblems(bundle);
  };

  it('finds no problem in a valid bundle', () => {
    expect(broken(() => undefined)).to.deep.equal([]);
  });

  const harm: [string, (object: StixObject) => void, string?][] = [
    ['a missing property', (object) => delete object.pattern],
    ['a property that the type does not have', (object) => (object.x_made_up = 1)],
    ['an empty list', (object) => (object.labels = [])],
    ['null', (object) => (object.description = null)],
    ['a date without milliseconds', (object) => (object.valid_from = '2026-03-01T12:00:00Z')],
    ['a pattern that does not parse', (object) => (object.pattern = "[domain-name:value = 'x]")],
    ['an id of another type', (object) => (object.id = object.id.replace('indicator', 'malware'))],
    [
      'a reference to nowhere',
      (object) => (object.created_by_ref = `identity--${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`),
    ],
    ['a confidence above 100', (object) => (object.confidence = 101)],
    ['a family without a name', (object) => Object.assign(object, { is_family: true, name: '' }), 'malware'],
    ['a hash that is none', (object) => (object.hashes = { MD5: 'x' }), 'file'],
    ['a type of malware that STIX has no word for', (object) => (object.malware_types = ['bad']), 'malware'],
    ['a marking that is none of TLP 2.0', (object) => (object.name = 'TLP:WHITE'), 'marking-definition'],
    [
      'a level that is not that of the marking',
      (object) =>
        (object.extensions = {
          'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': {
            extension_type: 'property-extension',
            tlp_2_0: 'red',
          },
        }),
      'marking-definition',
    ],
    [
      'a relationship that its types do not have',
      (object) => (object.relationship_type = 'targets'),
      'relationship',
    ],
    ['a change before its making', (object) => (object.created = '2027-01-01T00:00:00.000Z')],
  ];
  for (const [what, change, type] of harm) {
    it(`finds ${what}`, () => {
      expect(broken(change, type)).not.to.be.empty;
    });
  }

  it('parses patterns as STIX does', () => {
    for (const good of [
      "[domain-name:value = 'bad.example']",
      "[file:hashes.MD5 = 'd' OR file:hashes.'SHA-256' = 'f']",
      String.raw`[url:value = 'it\'s \\ here']`,
    ]) {
      expect(isStixPattern(good), good).to.be.true;
    }
    for (const bad of [
      "domain-name:value = 'x'",
      "[domain-name:value = 'x'",
      "[file:hashes.SHA-256 = 'f']",
      "[url:value = 'it's']",
      String.raw`[url:value = 'x\']`,
      '[url:value = "x"]',
      "[url:value = 'a'] OR [",
      '[]',
    ]) {
      expect(isStixPattern(bad), bad).to.be.false;
    }
  });
});
