import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';

const md5 = (file: string): string => createHash('md5').update(file).digest('hex');
const sha1 = (file: string): string => createHash('sha1').update(file).digest('hex');
const sha256 = (file: string): string => createHash('sha256').update(file).digest('hex');
const sha512 = (file: string): string => createHash('sha512').update(file).digest('hex');
const imphash = md5('imports');

/** A value, and of how many files it has hashes. */
const values: readonly [string, number, unknown][] = [
  [
    'wazuh syscheck',
    2,
    {
      full_log: `File '/etc/x' modified\nMode: scheduled\nChanged attributes: size,mtime,md5,sha1,sha256\nSize changed from '1' to '2'\nOld md5sum was: '${md5('a')}'\nNew md5sum is : '${md5('b')}'\nOld sha1sum was: '${sha1('a')}'\nNew sha1sum is : '${sha1('b')}'\nOld sha256sum was: '${sha256('a')}'\nNew sha256sum is : '${sha256('b')}'\n`,
      syscheck: {
        path: '/etc/x',
        md5_before: md5('a'),
        md5_after: md5('b'),
        sha1_before: sha1('a'),
        sha1_after: sha1('b'),
        sha256_before: sha256('a'),
        sha256_after: sha256('b'),
      },
    },
  ],
  [
    'wazuh full_log only',
    2,
    `File '/etc/x' modified\nOld md5sum was: '${md5('a')}'\nNew md5sum is : '${md5('b')}'\nOld sha1sum was: '${sha1('a')}'\nNew sha1sum is : '${sha1('b')}'\nOld sha256sum was: '${sha256('a')}'\nNew sha256sum is : '${sha256('b')}'\n`,
  ],
  ['wazuh added', 1, { syscheck: { md5_after: md5('b'), sha1_after: sha1('b'), sha256_after: sha256('b') } }],
  [
    'sysmon text',
    1,
    `Hashes=SHA1=${sha1('a').toUpperCase()},MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash}`,
  ],
  [
    'sysmon text: message form',
    1,
    `Process Create:\nImage: C:\\Windows\\x.exe\nHashes: SHA1=${sha1('a')},MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash}\nParentProcessId: 3\n`,
  ],
  [
    'sysmon json',
    2,
    {
      data: {
        win: {
          eventdata: {
            hashes: `SHA1=${sha1('a')},MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash}`,
            parentHashes: `MD5=${md5('p')},SHA256=${sha256('p')},IMPHASH=${imphash}`,
          },
        },
      },
    },
  ],
  [
    'sysmon flat json',
    1,
    { 'data.win.eventdata.hashes': `MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash}` },
  ],
  [
    'sysmon xml',
    1,
    `<Event><EventData><Data Name='Image'>C:\\a.exe</Data><Data Name='Hashes'>SHA1=${sha1('a')},MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash}</Data></EventData></Event>`,
  ],
  [
    'xml 2',
    2,
    `<Data Name='Hashes'>MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash}</Data><Data Name='ParentHashes'>MD5=${md5('p')},SHA256=${sha256('p')},IMPHASH=${imphash}</Data>`,
  ],
  [
    'text Hashes/ParentHashes one line',
    2,
    `Hashes="MD5=${md5('a')},SHA256=${sha256('a')}" ParentHashes="MD5=${md5('p')},SHA256=${sha256('p')}"`,
  ],
  ['imphash mid', 1, `MD5=${md5('a')},IMPHASH=${imphash},SHA256=${sha256('a')}`],
  [
    'xml elements',
    1,
    `<file><md5>${md5('a')}</md5><sha1>${sha1('a')}</sha1><sha256>${sha256('a')}</sha256></file>`,
  ],
  [
    'xml two files',
    2,
    `<file><md5>${md5('a')}</md5><sha1>${sha1('a')}</sha1></file><file><md5>${md5('b')}</md5><sha1>${sha1('b')}</sha1></file>`,
  ],
  [
    'xml hash type',
    1,
    `<hashes><hash type="md5">${md5('a')}</hash><hash type="sha256">${sha256('a')}</hash></hashes>`,
  ],
  [
    'html table',
    1,
    `<tr><td>MD5</td><td>${md5('a')}</td></tr>\n<tr><td>SHA1</td><td>${sha1('a')}</td></tr>\n<tr><td>SHA256</td><td>${sha256('a')}</td></tr>`,
  ],
  [
    'suricata',
    1,
    {
      event_type: 'fileinfo',
      fileinfo: {
        filename: '/x',
        md5: md5('a'),
        sha1: sha1('a'),
        sha256: sha256('a'),
        state: 'CLOSED',
        size: 3,
      },
    },
  ],
  [
    'suricata files',
    2,
    {
      files: [
        { filename: '/x', md5: md5('a'), sha256: sha256('a') },
        { filename: '/y', md5: md5('b'), sha256: sha256('b') },
      ],
    },
  ],
  [
    'ecs',
    2,
    {
      file: { hash: { md5: md5('a'), sha1: sha1('a'), sha256: sha256('a') } },
      process: { hash: { md5: md5('p'), sha256: sha256('p') } },
    },
  ],
  [
    'ecs flat',
    2,
    {
      'file.hash.md5': md5('a'),
      'file.hash.sha256': sha256('a'),
      'process.hash.md5': md5('p'),
      'process.hash.sha256': sha256('p'),
    },
  ],
  [
    'ecs process.parent',
    2,
    {
      process: {
        hash: { md5: md5('a'), sha256: sha256('a') },
        parent: { hash: { md5: md5('p'), sha256: sha256('p') } },
      },
    },
  ],
  ['es fields', 1, { fields: { 'file.hash.md5': [md5('a')], 'file.hash.sha256': [sha256('a')] } }],
  [
    'stix',
    1,
    {
      type: 'file',
      hashes: { MD5: md5('a'), 'SHA-1': sha1('a'), 'SHA-256': sha256('a'), 'SHA-512': sha512('a') },
      name: 'f',
    },
  ],
  ['stix pattern and', 1, `[file:hashes.MD5 = '${md5('a')}' AND file:hashes.'SHA-256' = '${sha256('a')}']`],
  [
    'misp object',
    1,
    {
      Object: [
        {
          name: 'file',
          'meta-category': 'file',
          Attribute: [
            { type: 'filename', value: 'x.exe', object_relation: 'filename' },
            { type: 'md5', value: md5('a'), object_relation: 'md5', uuid: 'u1' },
            { type: 'sha1', value: sha1('a'), object_relation: 'sha1' },
            { type: 'sha256', value: sha256('a'), object_relation: 'sha256' },
            { type: 'imphash', value: imphash, object_relation: 'imphash' },
            { type: 'ssdeep', value: '3:abc:def' },
          ],
        },
      ],
    },
  ],
  [
    'misp object pair',
    1,
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
  ],
  [
    'misp two objects',
    2,
    {
      Object: [
        {
          name: 'file',
          Attribute: [
            { type: 'md5', value: md5('a') },
            { type: 'sha256', value: sha256('a') },
          ],
        },
        {
          name: 'file',
          Attribute: [
            { type: 'md5', value: md5('b') },
            { type: 'sha256', value: sha256('b') },
          ],
        },
      ],
    },
  ],
  [
    'misp flat pair',
    2,
    {
      Event: {
        Attribute: [
          { type: 'md5', value: md5('a'), comment: 'd' },
          { type: 'sha256', value: sha256('b'), comment: 'e' },
        ],
      },
    },
  ],
  [
    'misp flat triple',
    1,
    {
      Event: {
        Attribute: [
          { type: 'md5', value: md5('a'), comment: 'd' },
          { type: 'sha1', value: sha1('a'), comment: 'd' },
          { type: 'sha256', value: sha256('a'), comment: 'd' },
        ],
      },
    },
  ],
  [
    'misp flat triple diff comments',
    3,
    {
      Event: {
        Attribute: [
          { type: 'md5', value: md5('a'), comment: 'd' },
          { type: 'sha1', value: sha1('b'), comment: 'e' },
          { type: 'sha256', value: sha256('c'), comment: 'f' },
        ],
      },
    },
  ],
  [
    'misp by kind',
    4,
    {
      Event: {
        Attribute: [
          { type: 'md5', value: md5('a') },
          { type: 'md5', value: md5('b') },
          { type: 'sha1', value: sha1('a') },
          { type: 'sha1', value: sha1('b') },
        ],
      },
    },
  ],
  [
    'defender FileHashes',
    1,
    {
      FileHashes: [
        { Algorithm: 'MD5', Value: md5('a') },
        { Algorithm: 'SHA256', Value: sha256('a') },
      ],
      Name: 'x',
    },
  ],
  [
    'defender HashType',
    1,
    {
      fileHashes: [
        { HashType: 'MD5', HashValue: md5('a') },
        { HashType: 'SHA256', HashValue: sha256('a') },
      ],
    },
  ],
  [
    'defender entities',
    2,
    {
      entities: [
        {
          type: 'file',
          fileHashes: [
            { $id: '1', algorithm: 'SHA1', value: sha1('a'), type: 'filehash' },
            { $id: '2', algorithm: 'SHA256', value: sha256('a'), type: 'filehash' },
          ],
        },
        {
          type: 'file',
          fileHashes: [
            { algorithm: 'SHA1', value: sha1('b') },
            { algorithm: 'SHA256', value: sha256('b') },
          ],
        },
      ],
    },
  ],
  [
    'defender evidence',
    1,
    { evidence: [{ entityType: 'File', sha1: sha1('a'), sha256: sha256('a'), fileName: 'a.exe' }] },
  ],
  [
    'device events',
    2,
    {
      SHA1: sha1('a'),
      SHA256: sha256('a'),
      MD5: md5('a'),
      InitiatingProcessSHA1: sha1('p'),
      InitiatingProcessSHA256: sha256('p'),
      InitiatingProcessMD5: md5('p'),
    },
  ],
  [
    'crowdstrike',
    2,
    {
      SHA256String: sha256('a'),
      MD5String: md5('a'),
      SHA1String: '0'.repeat(40),
      sha256: sha256('a'),
      ioc_type: 'hash_sha256',
      ioc_value: sha256('a'),
      parent_details: { parent_sha256: sha256('p'), parent_md5: md5('p') },
    },
  ],
  [
    'thehive attachment',
    1,
    {
      artifacts: [
        {
          dataType: 'file',
          attachment: {
            name: 'x.exe',
            hashes: [sha256('a'), sha1('a'), md5('a')],
            size: 33,
            contentType: 'application/x',
            id: sha256('a'),
          },
        },
      ],
    },
  ],
  [
    'thehive hashes',
    1,
    {
      artifacts: [
        { dataType: 'hash', data: md5('a'), message: 'x', tags: ['a'] },
        { dataType: 'hash', data: sha1('a'), message: 'x', tags: ['a'] },
        { dataType: 'hash', data: sha256('a'), message: 'x', tags: ['a'] },
      ],
    },
  ],
  [
    'thehive different',
    2,
    {
      artifacts: [
        { dataType: 'hash', data: md5('a'), message: 'x' },
        { dataType: 'hash', data: sha256('b'), message: 'y' },
      ],
    },
  ],
  ['ioc object by kind', 2, { iocs: { md5: [md5('a')], sha256: [sha256('b')] } }],
  ['ioc object by kind 2', 4, { md5: [md5('a'), md5('b')], sha256: [sha256('a'), sha256('b')] }],
  ['hashes list of rule', 2, { ips: ['8.8.8.8'], hashes: [md5('a'), sha256('b')] }],
  ['labelled list', 1, { hashes: [`MD5: ${md5('a')}`, `SHA1: ${sha1('a')}`, `SHA256: ${sha256('a')}`] }],
  ['lines', 1, `MD5: ${md5('a')}\nSHA1: ${sha1('a')}\nSHA256: ${sha256('a')}`],
  [
    'lines two',
    2,
    `MD5: ${md5('a')}\nSHA1: ${sha1('a')}\nSHA256: ${sha256('a')}\n\nMD5: ${md5('b')}\nSHA1: ${sha1('b')}\nSHA256: ${sha256('b')}`,
  ],
  ['lines two no blank', 2, `MD5: ${md5('a')}\nSHA1: ${sha1('a')}\nMD5: ${md5('b')}\nSHA1: ${sha1('b')}`],
  [
    'bullets',
    1,
    `- MD5: ${md5('a')}\n- SHA-1: \`${sha1('a')}\`\n- SHA-256: ${sha256('a')}\n- SHA-512: ${sha512('a')}\n`,
  ],
  [
    'sha512 between',
    1,
    `SHA512: ${sha512('a')}\nMD5: ${md5('a')}\nSHA512: ${sha512('a')}\nSSDEEP: 384:abcdEFG/hijk+lmn:abcXYZ\nSHA256: ${sha256('a')}`,
  ],
  ['by kind text', 4, `MD5: ${md5('a')}\nMD5: ${md5('b')}\nSHA1: ${sha1('a')}\nSHA1: ${sha1('b')}`],
  ['by kind lists', 4, `MD5\n${md5('a')}\n${md5('b')}\n\nSHA1\n${sha1('c')}\n${sha1('d')}`],
  ['by kind lists single', 2, `MD5\n${md5('a')}\n\nSHA1\n${sha1('c')}`],
  ['label above', 1, `MD5\n${md5('a')}\nSHA1\n${sha1('a')}\nSHA256\n${sha256('a')}`],
  ['md5s comma', 4, `md5: ${md5('a')}, ${md5('b')}\nsha1: ${sha1('a')}, ${sha1('b')}`],
  ['plain lines', 3, `${md5('a')}\n${sha1('b')}\n${sha256('c')}`],
  [
    'same line slash',
    2,
    `${md5('a')} / ${sha1('a')} / ${sha256('a')}\n${md5('b')} / ${sha1('b')} / ${sha256('b')}`,
  ],
  ['prose and', 2, `We saw the MD5 ${md5('a')} and the SHA256 ${sha256('b')}.`],
  ['lists by kind', 4, `MD5\n${md5('a')}\n${md5('b')}\nSHA1\n${sha1('c')}\n${sha1('d')}`],
  [
    'lists by kind with bullets and file names',
    4,
    `MD5:\n- ${md5('a')} a.exe\n- ${md5('b')} b.exe\nSHA-256:\n- ${sha256('c')}\n- ${sha256('d')}`,
  ],
  [
    'lists by kind in a sentence',
    4,
    `MD5s: ${md5('a')} and ${md5('b')}; SHA1s: ${sha1('c')} and ${sha1('d')}`,
  ],
  ['a list and one of another kind', 3, `MD5: ${md5('a')}, ${md5('b')}\nSHA1: ${sha1('c')}`],
  ['prose two files', 2, `dropper.exe MD5: ${md5('a')}\npayload.exe SHA1: ${sha1('b')}`],
  ['prose three', 2, `dropper.exe MD5: ${md5('a')}\npayload.exe SHA1: ${sha1('b')}\nSHA256: ${sha256('b')}`],
  [
    'csv',
    2,
    `name,md5,sha1,sha256\nx.exe,${md5('a')},${sha1('a')},${sha256('a')}\ny.exe,${md5('b')},,${sha256('b')}\n`,
  ],
  [
    'csv imphash',
    2,
    `name,md5,imphash,sha256\nx.exe,${md5('a')},${imphash},${sha256('a')}\ny.exe,,${imphash},${sha256('b')}\n`,
  ],
  [
    'csv parent',
    2,
    `process,md5,sha256,parent_md5,parent_sha256\nx.exe,${md5('a')},${sha256('a')},${md5('p')},${sha256('p')}\n`,
  ],
  ['csv no head', 2, `${md5('a')},${sha1('a')},${sha256('a')}\n${md5('b')},${sha1('b')},${sha256('b')}\n`],
  ['tsv', 2, `md5\tsha1\tsha256\n${md5('a')}\t${sha1('a')}\t${sha256('a')}\n${md5('b')}\t\t${sha256('b')}`],
  [
    'markdown',
    2,
    `| MD5 | SHA1 | SHA256 |\n|---|---|---|\n| ${md5('a')} | ${sha1('a')} | ${sha256('a')} |\n| ${md5('b')} | ${sha1('b')} | ${sha256('b')} |\n`,
  ],
  [
    'md vertical',
    1,
    `| Property | Value |\n|---|---|\n| File | x.exe |\n| MD5 | ${md5('a')} |\n| SHA1 | ${sha1('a')} |\n| SHA256 | ${sha256('a')} |\n`,
  ],
  ['type,value pair', 2, `type,value\nmd5,${md5('a')}\nsha256,${sha256('b')}\n`],
  [
    'zeek',
    1,
    `#separator \\x09\n#fields\tts\tfuid\tmd5\tsha1\tsha256\n1.1\tF1\t${md5('a')}\t${sha1('a')}\t-\n`,
  ],
  ['dup md5 alone', 1, `MD5: ${md5('a')}\nSHA256: ${sha256('a')}\n\nLater ${md5('a')} was seen.`],
  ['md5 alone first', 1, { note: `seen ${md5('a')}`, file: { md5: md5('a'), sha256: sha256('a') } }],
  [
    'json in text',
    1,
    { message: JSON.stringify({ file: { md5: md5('a'), sha1: sha1('a'), sha256: sha256('a') } }) },
  ],
  [
    'json in log line',
    1,
    `2024-01-01 host app: {"md5":"${md5('a')}","sha1":"${sha1('a')}","sha256":"${sha256('a')}"}`,
  ],
  [
    'json in log line two',
    2,
    `2024-01-01 host app: {"md5_before":"${md5('a')}","md5_after":"${md5('b')}","sha1_before":"${sha1('a')}","sha1_after":"${sha1('b')}"}`,
  ],
  ['kv', 2, `md5=${md5('a')} sha256=${sha256('a')} parent_md5=${md5('p')} parent_sha256=${sha256('p')}`],
  [
    'yaml sigma',
    1,
    `selection:\n  Hashes|contains:\n    - 'SHA1=${sha1('a')}'\n    - 'MD5=${md5('a')}'\n    - 'SHA256=${sha256('a')}'\n`,
  ],
  [
    'nested before/after',
    2,
    { before: { md5: md5('a'), sha1: sha1('a') }, after: { md5: md5('b'), sha1: sha1('b') } },
  ],
  [
    'md5:{before}',
    2,
    { md5: { before: md5('a'), after: md5('b') }, sha1: { before: sha1('a'), after: sha1('b') } },
  ],
  [
    'objs',
    2,
    [
      { name: 'a', md5: md5('a'), sha1: sha1('a') },
      { name: 'b', md5: md5('b'), sha1: sha1('b') },
    ],
  ],
  ['hash+md5', 1, { hash: sha256('a'), md5: md5('a') }],
  [
    'array hash+type',
    2,
    [
      { type: 'file', hash: sha256('a'), name: 'a' },
      { type: 'file', hash: md5('b'), name: 'b' },
    ],
  ],
  [
    'conflict',
    2,
    [
      { md5: md5('a'), sha256: sha256('a') },
      { md5: md5('a'), sha256: sha256('b') },
    ],
  ],
  ['empty file', 0, { md5: md5(''), sha1: sha1(''), sha256: sha256('') }],
  ['half empty', 1, { md5: md5(''), sha256: sha256('b') }],
  [
    'VT report',
    1,
    {
      md5: md5('a'),
      sha1: sha1('a'),
      sha256: sha256('a'),
      resource: sha256('a'),
      permalink: `https://www.virustotal.com/gui/file/${sha256('a')}/detection`,
    },
  ],
  [
    'parent key',
    2,
    {
      process: {
        name: 'a',
        md5: md5('a'),
        sha256: sha256('a'),
        parent_process: { md5: md5('p'), sha256: sha256('p') },
      },
    },
  ],
  [
    'sysmon one line msg',
    1,
    `EventID=1 Image=C:\\x.exe Hashes=MD5=${md5('a')},SHA256=${sha256('a')},IMPHASH=${imphash} ParentImage=C:\\y.exe`,
  ],
  [
    'report blocks',
    2,
    `Dropper\nMD5 ${md5('a')}\nSHA1 ${sha1('a')}\nSHA256 ${sha256('a')}\nPayload\nMD5 ${md5('b')}\nSHA1 ${sha1('b')}\nSHA256 ${sha256('b')}\n`,
  ],
  ['osquery', 1, { columns: { md5: md5('a'), sha1: sha1('a'), sha256: sha256('a'), path: '/x' } }],
  ['carbon', 2, { process_hash: [md5('a'), sha256('a')], parent_hash: [md5('p'), sha256('p')] }],
  [
    'wazuh virustotal integration',
    1,
    {
      virustotal: {
        source: { file: '/tmp/x', md5: md5('a'), sha1: sha1('a') },
        sha1: sha1('a'),
        permalink: `https://www.virustotal.com/gui/file/${sha256('a')}/detection/f-${sha256('a')}-1`,
      },
    },
  ],
  [
    'sentinel query',
    4,
    {
      tables: [
        {
          name: 'PrimaryResult',
          columns: [
            { name: 'Time' },
            { name: 'SHA1' },
            { name: 'SHA256' },
            { name: 'InitiatingProcessSHA1' },
          ],
          rows: [
            ['2026-01-01T00:00:00Z', sha1('a'), sha256('a'), sha1('p')],
            ['2026-01-01T00:00:00Z', sha1('b'), sha256('b'), sha1('d')],
          ],
        },
      ],
    },
  ],
  [
    'columns by name',
    2,
    {
      fields: ['md5', 'sha256'],
      rows: [
        [md5('a'), sha256('a')],
        [md5('b'), sha256('b')],
      ],
    },
  ],
  [
    'stix pattern or',
    1,
    `[file:hashes.MD5 = '${md5('a')}' OR file:hashes.'SHA-1' = '${sha1('a')}' OR file:hashes.'SHA-256' = '${sha256('a')}']`,
  ],
  [
    'stix pattern or of two',
    2,
    `[file:hashes.MD5 = '${md5('a')}' OR file:hashes.'SHA-256' = '${sha256('b')}']`,
  ],
  ['stix two patterns', 2, `[file:hashes.MD5 = '${md5('a')}'] OR [file:hashes.'SHA-256' = '${sha256('b')}']`],
  [
    'pulse of otx in any order',
    3,
    {
      indicators: [
        { type: 'FileHash-MD5', indicator: md5('a') },
        { type: 'FileHash-SHA256', indicator: sha256('b') },
        { type: 'FileHash-SHA1', indicator: sha1('c') },
      ],
    },
  ],
  [
    'type column in any order',
    3,
    `Indicator,Type\n${sha256('a')},SHA256\n${md5('b')},MD5\n${sha1('c')},SHA1\n`,
  ],
  [
    'trend vision one',
    3,
    {
      indicators: [
        { id: 1, type: 'file_sha1', field: 'objectFileHashSha1', value: sha1('a') },
        { id: 2, type: 'file_sha256', field: 'objectFileHashSha256', value: sha256('a') },
        { id: 3, type: 'file_sha256', field: 'processFileHashSha256', value: sha256('p') },
        { id: 4, type: 'file_sha1', field: 'parentFileHashSha1', value: sha1('d') },
      ],
    },
  ],
  [
    'cybereason',
    1,
    {
      simpleValues: {
        md5String: { totalValues: 1, values: [md5('a')] },
        sha1String: { totalValues: 1, values: [sha1('a')] },
      },
    },
  ],
  [
    'cybereason, several',
    4,
    { md5String: { values: [md5('a'), md5('b')] }, sha1String: { values: [sha1('c'), sha1('d')] } },
  ],
  [
    'bsd tags',
    1,
    `MD5 (a.exe) = ${md5('a')}\nSHA1 (a.exe) = ${sha1('a')}\nSHA256 (a.exe) = ${sha256('a')}\n`,
  ],
  ['bsd tags of two', 2, `MD5 (a.exe) = ${md5('a')}\nSHA256 (b.exe) = ${sha256('b')}\n`],
  [
    'html row',
    2,
    `<table><tr><td>a.exe</td><td>${md5('a')}</td><td>${sha1('a')}</td><td>${sha256('a')}</td></tr>\n<tr><td>b.exe</td>\n<td class="x"><code>${md5('b')}</code></td>\n<td><code>${sha1('b')}</code></td><td>${sha256('b')}</td></tr></table>`,
  ],
  [
    'osquery table',
    2,
    `+------+------+\n| md5 | sha256 |\n+------+------+\n| ${md5('a')} | ${sha256('a')} |\n| ${md5('b')} | ${sha256('b')} |\n+------+------+`,
  ],
  [
    'postgres table',
    2,
    ` md5 | sha256 \n-----+-----\n ${md5('a')} | ${sha256('a')}\n ${md5('b')} | ${sha256('b')}\n`,
  ],
  ['santa', 1, { file_sha256: sha256('a'), signing_chain: [{ cn: 'x', sha256: sha256('b') }] }],
  [
    'digest of an image',
    1,
    { 'proc.hash.sha256': sha256('a'), 'container.image.digest': `sha256:${sha256('b')}` },
  ],
  [
    'hash of an image in memory',
    1,
    { image: { md5: md5('a') }, imageSha256: sha256('a'), image_hash: md5('a') },
  ],
  [
    'limacharlie',
    2,
    {
      event: { HASH: sha256('a'), PARENT: { HASH: sha256('p') } },
      routing: { this: md5('x'), parent: md5('y') },
    },
  ],
];

describe('The hashes of one file', () => {
  for (const [name, files, value] of values) {
    it(`are ${files} ${files === 1 ? 'file' : 'files'}: ${name}`, () => {
      const found = extractIocs(value).iocs.filter(({ type }) => type === 'file');
      expect(found.map(({ hashes }) => hashes)).to.have.length(files);
      for (const { value: asked, hashes = {} } of found) {
        expect(asked).to.equal(hashes.sha256 ?? hashes.sha1 ?? hashes.md5);
        // The made-up files are named by a letter: all hashes of one are of the same letter.
        const names = ['a', 'b', 'c', 'd', 'p'].filter((file) =>
          Object.entries(hashes).every(
            ([kind, hash]) => hash === createHash(kind).update(file).digest('hex'),
          ),
        );
        expect(names, JSON.stringify(hashes)).to.have.length(1);
      }
    });
  }

  it('are asked where the first stands, by the strongest, which says where it stood', () => {
    const [first, second] = extractIocs(
      `x ${md5('a')}\nbad.example.com\n\nMD5: ${md5('a')}\nSHA256: ${sha256('a').toUpperCase()}`,
    ).iocs;
    expect(first).to.deep.equal({
      type: 'file',
      value: sha256('a'),
      text: sha256('a').toUpperCase(),
      path: '',
      hashes: { md5: md5('a'), sha256: sha256('a') },
    });
    expect(second?.value).to.equal('bad.example.com');
  });

  it('stay all when one of them is on the allow list', () => {
    const value = { file: { md5: md5('a'), sha256: sha256('a') }, other: { sha256: sha256('b') } };
    const { iocs, skipped } = extractIocs(value, { allowList: [md5('a')] });
    expect(iocs.map((ioc) => ioc.value)).to.deep.equal([sha256('b')]);
    expect(skipped).to.deep.equal([
      { type: 'file', value: md5('a'), reason: 'on the allow list' },
      { type: 'file', value: sha256('a'), reason: 'of a file that is on the allow list' },
    ]);
  });

  it('count once for the limit of indicators', () => {
    const files = Array.from({ length: 5000 }, (_, file) => ({ md5: md5(`${file}`), sha1: sha1(`${file}`) }));
    expect(extractIocs(files).iocs).to.have.length(5000);
    expect(() => extractIocs([...files, { md5: md5('a') }])).to.throw('more than 5000 indicators');
  });

  it('are joined in text of any length', () => {
    const filler = 'nothing to see here. '.repeat(4000);
    const text = `${filler}\nMD5: ${md5('a')}\nSHA256: ${sha256('a')}\n${filler}`;
    expect(extractIocs(text).iocs.map(({ hashes }) => hashes)).to.deep.equal([
      { md5: md5('a'), sha256: sha256('a') },
    ]);
  });
});
