import { expect } from 'chai';
import type { Subject } from '../../src/stix/subject';
import { v3DomainReport, v3FileReport } from '../support/reports';
import { relations, subject, validBundle } from './subjects';

const FILE = 'a1'.repeat(32);
const DROPPED = 'b2'.repeat(32);

/** An indicator as the related node sends it, without a report. */
function related(type: Subject['type'], value: string, relation: string, of: string): Subject {
  return { type, value, report: {}, origins: [{ value, relation, of }] };
}

describe('Related indicators in STIX', () => {
  it('are related to the indicator that led to them', () => {
    const bundle = validBundle([related('domain', 'c2.example.net', 'contacted_domains', FILE)]);
    expect(relations(bundle)).to.deep.equal(['file:a1a1 related-to domain-name:c2.example.net']);
    expect(bundle.objects.find(({ type }) => type === 'relationship')?.['description']).to.equal(
      'contacted_domains',
    );
  });

  it('resolve from the name to the address, whichever of them was asked', () => {
    const ofDomain = validBundle([related('ip', '203.0.113.7', 'resolutions', 'c2.example.net')]);
    const ofAddress = validBundle([related('domain', 'c2.example.net', 'resolutions', '203.0.113.7')]);
    expect(relations(ofDomain)).to.deep.equal([
      'domain-name:c2.example.net resolves-to ipv4-addr:203.0.113.7',
    ]);
    expect(relations(ofAddress)).to.deep.equal(relations(ofDomain));
  });

  it('of a file that the bundle calls malware are what it communicates with and drops', () => {
    const report = v3FileReport();
    const of = String(report.sha256 ?? report.resource);
    const bundle = validBundle([
      related('domain', 'c2.example.net', 'contacted_domains', of),
      related('url', 'http://c2.example.net/gate', 'contacted_urls', of),
      related('ip', '2001:db8::7', 'contacted_ips', of),
      related('file', DROPPED, 'dropped_files', of),
      subject(report),
    ]);
    const said = relations(bundle);
    const has = (relation: string, target: string): boolean =>
      said.some((one) => one.startsWith('malware:') && one.endsWith(` ${relation} ${target}`));
    expect(has('communicates-with', 'domain-name:c2.example.net')).to.equal(true);
    expect(has('communicates-with', 'url:http://c2.example.net/gate')).to.equal(true);
    expect(has('communicates-with', 'ipv6-addr:2001:db8::7')).to.equal(true);
    expect(has('drops', 'file:b2b2')).to.equal(true);
    // The file is there once, with all its hashes.
    expect(bundle.objects.filter(({ type }) => type === 'file')).to.have.length(2);
  });

  it('of a file without a verdict are not called what a malware does', () => {
    const said = relations(validBundle([related('file', DROPPED, 'dropped_files', FILE)]));
    expect(said).to.deep.equal(['file:a1a1 related-to file:b2b2']);
  });

  it('with a report have it and the relation', () => {
    const report = v3DomainReport(8, 97);
    const value = String(report.resource);
    const origins = [{ value, relation: 'communicating_files', of: 'http://a.example/x' }];
    const bundle = validBundle([{ ...subject(report), origins }]);
    expect(relations(bundle)).to.include(`url:http://a.example/x related-to domain-name:${value}`);
  });

  it('come from nothing that STIX cannot name, and not from themselves', () => {
    const odd = validBundle([
      related('domain', 'c2.example.net', 'subdomains', 'c2.example.net'),
      related('domain', 'c3.example.net', 'subdomains', '<not a name>'),
    ]);
    expect(relations(odd)).to.deep.equal([]);
  });

  it('are as many as the bundle may have of a kind', () => {
    const origins = Array.from({ length: 30 }, (_, n) => ({
      value: 'c2.example.net',
      relation: 'contacted_domains',
      of: `203.0.113.${n}`,
    }));
    const bundle = validBundle([{ type: 'domain', value: 'c2.example.net', report: {}, origins }], {
      maxRelated: 5,
    });
    expect(relations(bundle)).to.have.length(5);
  });
});
