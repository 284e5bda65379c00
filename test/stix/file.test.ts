import { expect } from 'chai';
import { fileReport, mitreTrees, v3FileReport } from '../support/reports';
import { stixProblems } from '../support/stix-check';
import { bundleOf, objectsOf, only, relations, subject, validBundle } from './subjects';

describe('The bundle of a malicious file', () => {
  const bundle = bundleOf(v3FileReport());

  it('is a valid bundle', () => {
    expect(stixProblems(bundle)).to.deep.equal([]);
  });

  it('has all hashes and no name, which would be part of its id', () => {
    expect(only(bundle, 'file')).to.deep.include({
      hashes: {
        MD5: 'd'.repeat(32),
        'SHA-1': 'e'.repeat(40),
        'SHA-256': 'f'.repeat(64),
        SSDEEP: '96:abc/DEF+ghi:jkl',
        TLSH: 'A0'.repeat(35),
      },
      size: 4096,
    });
    expect(only(bundle, 'file')).not.to.have.property('name');
  });

  it('has its names in the description', () => {
    const text = '. Names: invoice.exe, a.exe, b.exe.';
    for (const type of ['indicator', 'note'])
      expect(only(bundle, type)[type === 'note' ? 'content' : 'description']).to.contain(text);
  });

  it('has the same ids when VirusTotal lists the names in another order', () => {
    const other = bundleOf(v3FileReport(60, 70, { names: ['b.exe', 'a.exe'], meaningful_name: 'b.exe' }));
    expect(other.objects.map(({ id }) => id)).to.deep.equal(bundle.objects.map(({ id }) => id));
  });

  it('has an indicator that matches each of its hashes', () => {
    expect(only(bundle, 'indicator')).to.deep.include({
      name: `Indicator of file: ${'f'.repeat(64)}`,
      pattern: `[file:hashes.MD5 = '${'d'.repeat(32)}' OR file:hashes.'SHA-1' = '${'e'.repeat(40)}' OR file:hashes.'SHA-256' = '${'f'.repeat(64)}']`,
      created: '2026-01-01T00:00:00.000Z',
      valid_from: '2026-03-01T12:00:00.000Z',
      confidence: 85,
    });
  });

  it('has the malware that it is, and the family that engines name', () => {
    const [sample, ...families] = objectsOf(bundle, 'malware');
    expect(sample).to.deep.include({
      name: `trojan.madeup/fancied (${'f'.repeat(64)})`,
      is_family: false,
      malware_types: ['trojan', 'dropper'],
      sample_refs: [objectsOf(bundle, 'file')[0]?.id],
    });
    expect(families.map(({ name, is_family }) => [name, is_family])).to.deep.equal([['madeup', true]]);
    const named = `malware:${String(sample?.name)}`;
    expect(relations(bundle)).to.include.members([
      'indicator based-on file:ffff',
      `indicator indicates ${named}`,
      'indicator indicates malware:madeup',
      `malware-analysis analysis-of ${named}`,
      `${named} variant-of malware:madeup`,
    ]);
  });

  it('has a malware analysis with the file as its sample and when it was first submitted', () => {
    expect(only(bundle, 'malware-analysis')).to.deep.include({
      result: 'malicious',
      result_name: `trojan.madeup/fancied (${'f'.repeat(64)})`,
      sample_ref: objectsOf(bundle, 'file')[0]?.id,
      submitted: '2026-01-01T00:00:00.000Z',
      analysis_ended: '2026-03-01T12:00:00.000Z',
    });
  });

  it('has no attack patterns unless they were asked for', () => {
    expect(objectsOf(bundle, 'attack-pattern')).to.be.empty;
  });

  it('has a malware object without a family when VirusTotal suggests none, as in API v2', () => {
    const plain = bundleOf(fileReport(60, 70));
    expect(stixProblems(plain)).to.deep.equal([]);
    expect(only(plain, 'malware')).to.deep.include({ name: `file (${'f'.repeat(64)})`, is_family: false });
  });
});

describe('The techniques of a file in a bundle', () => {
  it('are attack patterns by their ATT&CK ids, each once, and the malware uses them', () => {
    const bundle = validBundle([{ ...subject(v3FileReport()), mitreTrees: mitreTrees() }]);
    expect(stixProblems(bundle)).to.deep.equal([]);
    const [discovery, deletion, ...others] = objectsOf(bundle, 'attack-pattern');
    expect(others).to.be.empty;
    expect(discovery).to.deep.include({
      name: 'System Information Discovery',
      external_references: [
        {
          source_name: 'mitre-attack',
          external_id: 'T1082',
          url: 'https://attack.mitre.org/techniques/T1082/',
        },
      ],
      kill_chain_phases: [
        { kill_chain_name: 'mitre-attack', phase_name: 'discovery' },
        { kill_chain_name: 'mitre-attack', phase_name: 'command-and-control' },
      ],
    });
    expect(deletion?.name).to.equal('File Deletion');
    expect(relations(bundle)).to.include.members([
      `malware:trojan.madeup/fancied (${'f'.repeat(64)}) uses attack-pattern:System Information Discovery`,
      `malware:trojan.madeup/fancied (${'f'.repeat(64)}) uses attack-pattern:File Deletion`,
    ]);
    const said = objectsOf(bundle, 'relationship').map(({ description }) => description);
    expect(said).to.include('Seen in First Box, Second Box');
  });

  it('are related to the file itself when it is not malicious', () => {
    const bundle = validBundle([{ ...subject(v3FileReport(0)), mitreTrees: mitreTrees() }]);
    expect(stixProblems(bundle)).to.deep.equal([]);
    expect(objectsOf(bundle, 'malware')).to.be.empty;
    expect(relations(bundle)).to.include('file:ffff related-to attack-pattern:File Deletion');
  });

  it('are left out when VirusTotal has none, or sends something else', () => {
    for (const trees of [
      undefined,
      null,
      {},
      { data: [] },
      { data: { Box: { tactics: [{ techniques: [null, {}] }] } } },
    ]) {
      const bundle = validBundle([{ ...subject(v3FileReport()), mitreTrees: trees }]);
      expect(objectsOf(bundle, 'attack-pattern')).to.be.empty;
    }
  });
});
