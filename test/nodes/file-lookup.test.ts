import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withStandIn } from '../support/with-stand-in';

const md5 = (file: string): string => createHash('md5').update(file).digest('hex');
const sha1 = (file: string): string => createHash('sha1').update(file).digest('hex');
const sha256 = (file: string | Uint8Array): string => createHash('sha256').update(file).digest('hex');
const hashes = (file: string): { md5: string; sha1: string; sha256: string } => ({
  md5: md5(file),
  sha1: sha1(file),
  sha256: sha256(file),
});
const program = Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, ...new Array<number>(50).fill(0xff)]);
const sysmon = (file: string): string => `MD5=${md5(file)},SHA256=${sha256(file)},IMPHASH=${md5('imports')}`;

/** Alerts as the products write them, made up, and the files in each. */
const alerts: readonly [string, unknown, string[]][] = [
  [
    'Wazuh, a new file',
    { syscheck: { path: '/tmp/a', md5_after: md5('a'), sha1_after: sha1('a'), sha256_after: sha256('a') } },
    ['a'],
  ],
  [
    'Wazuh, a changed file, which is two',
    {
      full_log: `File '/tmp/a' modified\nOld md5sum was: '${md5('a')}'\nNew md5sum is : '${md5('b')}'\nOld sha256sum was: '${sha256('a')}'\nNew sha256sum is : '${sha256('b')}'\n`,
      syscheck: {
        md5_before: md5('a'),
        md5_after: md5('b'),
        sha256_before: sha256('a'),
        sha256_after: sha256('b'),
      },
    },
    ['a', 'b'],
  ],
  ['Sysmon as Wazuh has it', { data: { win: { eventdata: { hashes: sysmon('a') } } } }, ['a']],
  [
    'Sysmon in XML, with the parent',
    `<EventData><Data Name='Hashes'>${sysmon('a')}</Data><Data Name='ParentHashes'>${sysmon('p')}</Data></EventData>`,
    ['a', 'p'],
  ],
  ['Suricata', { event_type: 'fileinfo', fileinfo: { filename: '/a', size: 4, ...hashes('a') } }, ['a']],
  [
    'Defender',
    {
      entities: [
        {
          type: 'file',
          fileHashes: [
            { algorithm: 'SHA1', value: sha1('a') },
            { algorithm: 'SHA256', value: sha256('a') },
          ],
        },
      ],
    },
    ['a'],
  ],
  [
    'CrowdStrike',
    {
      SHA256String: sha256('a'),
      MD5String: md5('a'),
      ParentDetails: { parent_md5: md5('p'), parent_sha256: sha256('p') },
    },
    ['a', 'p'],
  ],
  [
    'MISP',
    {
      Object: [
        {
          name: 'file',
          Attribute: [
            { type: 'md5', value: md5('a') },
            { type: 'sha256', value: sha256('a') },
          ],
        },
      ],
    },
    ['a'],
  ],
  [
    'TheHive',
    {
      artifacts: [
        { dataType: 'file', attachment: { name: 'a', size: 4, hashes: [sha256('a'), sha1('a'), md5('a')] } },
      ],
    },
    ['a'],
  ],
  ['ECS', { file: { hash: hashes('a') }, process: { hash: hashes('p') } }, ['a', 'p']],
];

describe('An alert with the hashes of a file', () => {
  const fixture = withStandIn();

  for (const [name, payload, files] of alerts)
    it(`costs as many requests and messages as it has files: ${name}`, async () => {
      const flow = await fixture.deploy();
      flow.send({ payload });
      await flow.ended(files.length);
      expect(fixture.asked()).to.have.members(files.map((file) => sha256(file)));
      expect(flow.out.map((msg) => (msg['virustotal'] as { resource: string }).resource)).to.have.members(
        files.map((file) => sha256(file)),
      );
      for (const { virustotal } of flow.out) {
        const { resource, hashes: all } = virustotal as {
          resource: string;
          hashes: { sha256: string; md5?: string };
        };
        expect(all).to.include({ sha256: resource });
      }
    });

  it('has them all in the message, and in an array one element for each report', async () => {
    const payload = { file: hashes('a'), url: 'http://qorlane.com/a' };
    const flow = await fixture.deploy({ node: { emit: 'array' } });
    flow.send({ payload });
    await flow.ended(1);
    expect(flow.out[0])
      .to.have.nested.property('virustotal.hashes')
      .that.deep.equals([hashes('a'), {}]);
    expect(flow.out[0]?.payload).to.have.length(2);
  });
});

describe('Bytes', () => {
  const fixture = withStandIn();

  it('are looked up by their SHA-256, with the name that the message has', async () => {
    const flow = await fixture.deploy({ node: { action: 'file' } });
    flow.send({ payload: program, filename: '/var/in/invoice.exe' });
    await flow.ended(1);
    expect(fixture.asked()).to.deep.equal([sha256(program)]);
    expect(flow.out[0]?.['virustotal']).to.deep.include({
      action: 'file',
      resource: sha256(program),
      name: 'invoice.exe',
      hashes: { sha256: sha256(program) },
    });
    await flow.redeploy({ n: { action: 'search' } });
    flow.send({ payload: program, filename: '/var/in/invoice.exe' });
    await flow.ended(2);
    expect(flow.out[1]?.['virustotal']).to.deep.include({ resource: sha256(program), name: 'invoice.exe' });
  });

  it('of text are a file for the action File, and a text for a search', async () => {
    const script = Buffer.from('curl qorlane.com');
    const flow = await fixture.deploy({ node: { action: 'file' } });
    flow.send({ payload: script });
    await flow.ended(1);
    await flow.redeploy({ n: { action: 'search' } });
    flow.send({ payload: script });
    await flow.ended(2);
    expect(fixture.asked()).to.deep.equal([sha256(script), 'qorlane.com']);
  });

  it('that are a hash written out are that hash', async () => {
    const flow = await fixture.deploy({ node: { action: 'file' } });
    flow.send({ payload: Buffer.from(`${md5('a')}\n`).toString() });
    flow.send({ payload: md5('a') });
    await flow.ended(2);
    expect(fixture.asked()).to.deep.equal([md5('a')]);
  });

  it('of attachments are looked up one by one by a search, and one alone by the action File', async () => {
    const attachments = [
      { filename: 'a.exe', content: program },
      { filename: 'b.exe', content: Buffer.concat([program, program]) },
    ];
    const flow = await fixture.deploy({ node: { source: 'attachments' } });
    flow.send({ attachments });
    await flow.ended(2);
    expect(flow.out.map(({ virustotal }) => (virustotal as { name: string }).name)).to.have.members([
      'a.exe',
      'b.exe',
    ]);
    await flow.redeploy({ n: { action: 'file' } });
    flow.send({ attachments });
    flow.send({ attachments: attachments.slice(0, 1) });
    await flow.ended(4);
    expect(flow.caught.map(({ error }) => error.code)).to.deep.equal(['VT_INVALID_IOC']);
    expect(flow.caught[0]?.error.message).to.match(/^Several files: msg\.attachments has 2\. /);
    expect(flow.out[2]?.['virustotal']).to.include({ name: 'a.exe', cached: true });
  });

  it('that are none end with an error that says so', async () => {
    const flow = await fixture.deploy({ node: { action: 'file' } });
    flow.send({ payload: Buffer.alloc(0) });
    await flow.ended(1);
    expect(flow.caught[0]?.error).to.include({
      code: 'VT_INVALID_IOC',
      message: 'Empty file: msg.payload has no bytes, so there is nothing to look up',
    });
  });
});

describe('A path', () => {
  const fixture = withStandIn();
  let folder = '';
  let roots = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'vt-files-')));
    roots = join(folder, 'in');
    mkdirSync(join(roots, 'deep'), { recursive: true });
    writeFileSync(join(roots, 'deep', 'a.exe'), program);
    writeFileSync(join(folder, 'secret'), 'secret');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const errorOf = async (path: unknown, fileRoots = roots): Promise<string> => {
    const flow = await fixture.deploy({
      config: { fileRoots },
      node: { sourceType: 'path', source: 'filename' },
    });
    flow.send({ filename: path });
    await flow.ended(1);
    const { error } = flow.caught[0] ?? {};
    await fixture.undeploy();
    expect(fixture.asked()).to.deep.equal([]);
    return `${error?.code} ${error?.message}`.replaceAll(folder, '');
  };

  for (const action of ['file', 'search'])
    it(`below a folder of the config is read and hashed by the action ${action}`, async () => {
      const node = { action, sourceType: 'path', source: 'filename' };
      const flow = await fixture.deploy({ config: { fileRoots: `/nowhere\n${roots}/\n` }, node });
      symlinkSync(join(roots, 'deep', 'a.exe'), join(roots, 'link.exe'));
      flow.send({ filename: join(roots, 'link.exe') });
      await flow.ended(1);
      expect(flow.caught).to.deep.equal([]);
      expect(fixture.asked()).to.deep.equal([sha256(program)]);
      expect(flow.out[0]?.['virustotal']).to.deep.include({
        resource: sha256(program),
        name: 'link.exe',
        hashes: { sha256: sha256(program) },
      });
    });

  it('is not read unless the config names a folder', async () => {
    expect(await errorOf(join(roots, 'deep', 'a.exe'), '')).to.match(/^VT_CONFIG No folder to read from: /);
  });

  it('is not read outside of them, also not by dots or a name that begins alike', async () => {
    mkdirSync(`${roots}-2`);
    writeFileSync(join(`${roots}-2`, 'x'), 'x');
    for (const path of [
      join(folder, 'secret'),
      join(folder, 'missing'),
      `${roots}/../secret`,
      join(`${roots}-2`, 'x'),
      roots,
    ])
      expect(await errorOf(path), path).to.match(/^VT_INVALID_IOC File not allowed: /);
  });

  it('has one answer for what is missing and for what a link leads to outside of them', async () => {
    symlinkSync(folder, join(roots, 'up'));
    const names = ['missing', 'to-file', 'to-folder', 'to-nothing', 'up/secret', 'up/missing', 'up/secret/x'];
    symlinkSync(join(folder, 'secret'), join(roots, 'to-file'));
    symlinkSync(folder, join(roots, 'to-folder'));
    symlinkSync(join(folder, 'missing'), join(roots, 'to-nothing'));
    const errors = new Set<string>();
    for (const name of names) errors.add((await errorOf(join(roots, name))).replace(`/in/${name}`, 'PATH'));
    expect([...errors]).to.deep.equal([
      'VT_INVALID_IOC No such file: "PATH" is not there, or a link leads out of the folders that the VirusTotal config names under "Folders with files"',
    ]);
  });

  it('that is no file, empty or too large ends with an error that says so', async () => {
    writeFileSync(join(roots, 'empty'), '');
    writeFileSync(join(roots, 'large'), 'x');
    truncateSync(join(roots, 'large'), 650 * 1024 * 1024 + 1);
    const errors = [];
    for (const name of ['deep', 'empty', 'large']) errors.push(await errorOf(join(roots, name)));
    expect(errors).to.deep.equal([
      'VT_INVALID_IOC Not a file: "/in/deep"',
      'VT_INVALID_IOC Empty file: "/in/empty" has no bytes, so there is nothing to look up',
      'VT_INVALID_IOC File too large: it has 681574401 bytes, and files of up to 681574400 bytes (650 MiB) are hashed',
    ]);
    expect(await errorOf(undefined)).to.match(/^VT_INVALID_IOC No path: /);
  });
});
