import { expect } from 'chai';
import { canonicalJson } from '../../src/stix/canonical-json';
import { StixGraph } from '../../src/stix/graph';
import { objectId, observableId } from '../../src/stix/ids';

describe('The id of an observable', () => {
  it('equals the id that every STIX producer gives it', () => {
    expect(observableId('domain-name', { value: 'example.com' })).to.equal(
      'domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7',
    );
    expect(observableId('ipv4-addr', { value: '198.51.100.3' })).to.equal(
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    );
    expect(observableId('ipv6-addr', { value: '2001:db8::1' })).to.equal(
      'ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26',
    );
    expect(observableId('autonomous-system', { number: 15139 })).to.equal(
      'autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff',
    );
  });

  it('of a file depends on its MD5, if known, and its name, and on no other hash', () => {
    const graph = new StixGraph('clear');
    const [md5, sha1, sha256] = ['d'.repeat(32), 'e'.repeat(40), 'f'.repeat(64)];
    const file = (hashes: object, name?: string) =>
      graph.observable('file', { hashes, ...(name && { name }) });
    const byMd5 = observableId('file', { hashes: { MD5: md5 } });
    expect(file({ 'SHA-256': sha256, 'SHA-1': sha1, MD5: md5 })).to.equal(byMd5);
    expect(file({ 'SHA-256': sha256, 'SHA-1': sha1 })).to.equal(
      observableId('file', { hashes: { 'SHA-1': sha1 } }),
    );
    expect(file({ 'SHA-256': sha256 })).to.equal(observableId('file', { hashes: { 'SHA-256': sha256 } }));
    expect(file({ MD5: md5 }, 'a.exe')).to.equal(
      observableId('file', { hashes: { MD5: md5 }, name: 'a.exe' }),
    );
  });
});

describe('The id of any other object', () => {
  it('depends on its type and its key alone', () => {
    expect(objectId('indicator', ['a'])).to.equal(objectId('indicator', ['a']));
    expect(objectId('indicator', ['a'])).not.to.equal(objectId('indicator', ['b']));
    const uuid = (id: string) => id.split('--')[1];
    expect(uuid(objectId('indicator', ['a']))).not.to.equal(uuid(objectId('malware', ['a'])));
    expect(objectId('indicator', ['a'])).to.match(/^indicator--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/);
  });

  it('stays the same between versions, because platforms recognize objects by it', () => {
    expect(objectId('identity', ['VirusTotal'])).to.equal('identity--2c9dd311-424f-5242-afc2-9cc46cbf17d7');
  });
});

describe('Canonical JSON', () => {
  it('has sorted keys, no whitespace and the escapes of JSON', () => {
    const value = { b: [1, 'ü"\n', null], a: { d: true, c: 1e21, gone: undefined }, é: '\u0001' };
    expect(canonicalJson(value)).to.equal('{"a":{"c":1e+21,"d":true},"b":[1,"ü\\"\\n",null],"é":"\\u0001"}');
  });
});
