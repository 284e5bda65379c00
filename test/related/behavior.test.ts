import { expect } from 'chai';
import { BEHAVIOR_BYTES, type Behavior } from '../../src/related/behavior';
import { answering, FILE } from '../support/relation-bodies';
import { withRelated } from './with-related';

const SUBJECT = { type: 'file', value: FILE } as const;

describe('What sandboxes saw of a file', () => {
  const related = withRelated();

  async function behavior(data: unknown): Promise<Behavior> {
    await related.start();
    related.vt.script(answering({ '/behaviour_summary': { data } }));
    const { related: facts } = await related.ask(SUBJECT, 'file.behavior');
    return facts['behavior'] as Behavior;
  }

  it('is hosts, dropped files, processes, registry keys, mutexes and techniques of ATT&CK', async () => {
    const seen = await behavior({
      verdicts: ['MALWARE'],
      attack_techniques: { 'T1547.001': [{ description: 'Adds a Run key', severity: 'HIGH' }], T1082: [] },
      mitre_attack_techniques: [{ id: 'T1055', signature_description: 'Injects code' }, { id: 'T1082' }],
      dns_lookups: [{ hostname: 'c2.example.net', resolved_ips: ['203.0.113.7'] }],
      ip_traffic: [{ destination_ip: '203.0.113.7', destination_port: 443, transport_layer_protocol: 'TCP' }],
      http_conversations: [
        { url: 'http://c2.example.net/gate', request_method: 'POST', response_status_code: 200 },
      ],
      files_dropped: [{ path: 'C:\\a.dll', sha256: 'b2'.repeat(32) }],
      files_written: ['C:\\a.tmp'],
      processes_created: ['C:\\a.exe', 'C:\\a.exe'],
      command_executions: ['cmd.exe /c del a.exe'],
      registry_keys_set: [{ key: 'HKCU\\Run', value: 'a.exe' }],
      mutexes_created: ['Global\\a'],
      processes_tree: [{ name: 'a.exe' }],
    });
    expect(seen).to.deep.equal({
      verdicts: ['MALWARE'],
      attack: [
        { id: 'T1547.001', description: 'Adds a Run key', severity: 'HIGH' },
        { id: 'T1082' },
        { id: 'T1055', description: 'Injects code' },
      ],
      hosts: [{ host: 'c2.example.net', addresses: ['203.0.113.7'] }],
      traffic: [{ address: '203.0.113.7', port: '443', protocol: 'TCP' }],
      http: [{ url: 'http://c2.example.net/gate', method: 'POST', status: '200' }],
      dropped: [{ path: 'C:\\a.dll', sha256: 'b2'.repeat(32) }],
      processes: ['C:\\a.exe'],
      commands: ['cmd.exe /c del a.exe'],
      registry: [{ key: 'HKCU\\Run', value: 'a.exe' }],
      mutexes: ['Global\\a'],
      files: ['C:\\a.tmp'],
    });
  });

  it('takes at most 8 kB of megabytes, with something of each list and the number of all', async () => {
    const many = (name: string): string[] =>
      Array.from({ length: 1_200 }, (_, n) => `${name} ${n} ${'ü'.repeat(200)}`);
    const seen = await behavior({
      attack_techniques: Object.fromEntries(
        Array.from({ length: 999 }, (_, n) => [
          `T1${String(n).padStart(3, '0')}`,
          [{ description: 'd'.repeat(500), severity: 's'.repeat(500) }],
        ]),
      ),
      dns_lookups: many('host').map((hostname) => ({ hostname, resolved_ips: ['203.0.113.7'] })),
      files_dropped: many('path').map((path) => ({ path, sha256: path })),
      processes_created: many('process'),
      registry_keys_set: many('key').map((key) => ({ key, value: key })),
      mutexes_created: many('mutex'),
    });
    expect(Buffer.byteLength(JSON.stringify(seen))).to.be.at.most(BEHAVIOR_BYTES);
    expect(seen).to.include.all.keys('attack', 'hosts', 'dropped', 'processes', 'registry', 'mutexes');
    expect(seen.left).to.include({ attack: 999, processes: 1_000, mutexes: 1_000 });
  });

  it('is nothing where no sandbox has run the file: 404 and empty', async () => {
    await related.start();
    related.vt.script(
      answering({
        [`${FILE}/behaviour_summary`]: {
          status: 404,
          body: { error: { code: 'NotFoundError', message: 'none' } },
        },
        '/behaviour_summary': { data: {} },
      }),
    );
    for (const value of [FILE, 'b7'.repeat(32)]) {
      const found = await related.ask({ type: 'file', value }, 'file.behavior');
      expect(found.related).to.deep.equal({});
      expect([found.error, found.unanswered]).to.deep.equal([undefined, []]);
    }
  });
});
