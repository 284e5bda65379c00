import { MD5, MD5_2, type Row, SHA1, SHA256 } from './case';

/** A second SHA-256, and a SHA-1 that is no commit. */
const SHA256_2 = 'dff91368477f1bde83c12e56ae2806670868bc74c0426c83b4ce481ace7470f5';
const FILE = 'file ' + SHA256;

/** Hex digits of a hash's length that are the id of something, as products write them, with a real hash beside it. */
export const hexIds: Row[] = [
  // CrowdStrike
  [{ aid: MD5, cid: MD5_2, SHA256HashData: SHA256 }, FILE],
  [
    {
      metadata: { customerIDString: MD5 },
      event: { DetectId: 'ldt:' + MD5 + ':68420104369', SHA256String: SHA256 },
    },
    FILE,
  ],
  ['detection ldt:' + MD5 + ':68420104369 on host web01'],
  [{ composite_id: MD5 + ':ind:' + MD5_2 + ':1700-10303-4455', sha256: SHA256 }, FILE],
  ['link to ' + MD5 + ':ind:' + MD5_2 + ':1700-10303-4455'],
  [{ falcon_host_link: '/activity/detections/detail/' + MD5 + '/684', aid: MD5 }],
  [{ device: { device_id: MD5, cid: MD5_2 }, md5: MD5 }, 'file ' + MD5],
  [
    'CEF:0|CrowdStrike|FalconHost|1.0|X|Y|4|externalId=' +
      MD5 +
      ' fileHash=' +
      SHA256 +
      ' cs1Label=cid cs1=' +
      MD5_2,
    FILE,
  ],
  ['CEF:0|A|B|1|X|Y|4|cs2=' + MD5 + ' cs2Label=Detection ID cs3=' + SHA256 + ' cs3Label=SHA256', FILE],
  ['{"aid":"' + MD5 + '","cid":"' + MD5_2 + '","event":"x","ImageHash":"' + SHA256 + '"} trailing', FILE],
  ['aid=' + MD5 + ' cid=' + MD5_2 + ' md5=' + MD5, 'file ' + MD5],
  // names of resources
  ['arn:aws:guardduty:eu-west-2:111122223333:detector/' + MD5 + '/finding/' + MD5_2],
  [{ resourceArn: 'arn:aws:iam::111122223333:saml/' + SHA1 + '/x' }],
  ['acted on "arn:aws:sagemaker:us-east-1:1:model/' + MD5 + '", file ' + SHA256, FILE],
  ['urn:oasis:names:' + MD5 + ':x and urn:uuid:' + MD5],
  ['urn:sha256:' + SHA256, FILE],
  ['ocid1.instance.oc1..' + SHA256],
  ['crn:v1:bluemix:public:x:us-south:a/' + MD5 + '::'],
  // keys that end in an id
  [{ requestUid: MD5, tunnelUid: MD5_2 }],
  [{ detection_identifier: SHA256, message_identifier: MD5 }],
  [{ agentUuid: MD5, siteId: MD5, threatInfo: { sha256: SHA256, sha1: SHA1 } }, FILE, 'file ' + SHA1],
  [{ parentProcessUniqueKey: MD5, ProcessUniqueId: MD5_2, processImageSha256: SHA256 }, FILE],
  [{ 'tgt.process.uid': MD5, 'tgt.file.sha256': SHA256 }, FILE],
  [{ event: { id: MD5 }, transaction: { id: MD5 }, 'session.uid': MD5 }],
  [{ sessionIds: [MD5, MD5_2], device_ids: [SHA1] }],
  [{ dtHash: SHA256, deviceFingerprint: MD5, rootSessionId: MD5 }],
  [{ machine_id: MD5, boot_id: MD5_2, _SYSTEMD_INVOCATION_ID: MD5 }],
  [{ valid: MD5 }, 'file ' + MD5],
  [{ android: SHA256 }, FILE],
  ['Android: ' + SHA256, FILE],
  [{ sample_id: SHA256, malware_id: SHA256_2 }, FILE, 'file ' + SHA256_2],
  [{ token: { value: MD5 }, apiKey: { raw: MD5_2 } }],
  [{ name: 'aid', value: MD5 }],
  [{ hash_type: 'imphash', hash: MD5 }],
  // traces and requests
  ['trace=' + MD5 + ' span=00f067aa0ba902b7 correlation_id=' + MD5_2],
  ['X-B3-TraceId: ' + MD5 + '\nX-Request-Id: ' + MD5_2],
  [{ trace: 'projects/demo-1/traces/' + MD5 }],
  [{ operation_Id: MD5, operation_ParentId: MD5_2 }],
  ['uber-trace-id: ' + MD5 + ':0:0:1'],
  // containers
  [
    { container: { id: SHA256, image: { name: 'x' } }, file: { hash: { sha256: SHA256_2 } } },
    'file ' + SHA256_2,
  ],
  ['/kubepods/burstable/pod1/' + 'docker-' + SHA256 + '.scope'],
  ['/sys/fs/cgroup/system.slice/cri-containerd-' + SHA256 + '.scope'],
  ['0::/docker/' + SHA256],
  ['overlay on /var/lib/docker/overlay2/' + SHA256 + '/merged'],
  ['containerd://' + SHA256 + ' and docker://' + SHA256_2],
  ['docker rm -f ' + SHA256],
  ['container ' + SHA256 + ' was killed'],
  ['GET /v1.43/containers/' + SHA256 + '/json HTTP/1.1'],
  // Windows and Linux
  ['C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\' + MD5],
  [
    'C:\\\\ProgramData\\\\Microsoft\\\\Crypto\\\\RSA\\\\MachineKeys\\\\' +
      MD5 +
      '_f67648d5-9dc6-457b-b947-f44a1b2c3d4e',
  ],
  ['C:\\ProgramData\\x\\f67648d5-9dc6-457b-b947-f44a1b2c3d4e_' + MD5],
  ['HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\X_' + MD5.toUpperCase()],
  ['\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\Installer\\Products\\' + MD5.toUpperCase()],
  ['HKCU\\Software\\Run\\x = C:\\Users\\j\\' + MD5 + '.exe', 'file ' + MD5],
  ['C:\\Windows\\assembly\\NativeImages_v4.0.30319_64\\System\\' + MD5 + '\\System.ni.dll'],
  ['/var/log/journal/' + MD5 + '/system.journal'],
  ['/var/lib/php/sessions/sess_' + MD5],
  ['C:\\Users\\j\\AppData\\Local\\Temp\\' + MD5 + '.exe', 'file ' + MD5],
  // the web
  ['Set-Cookie: a=' + MD5 + '; path=/; HttpOnly'],
  ['Cookie: theme=dark; u=' + MD5 + '; v=' + MD5_2],
  ['If-Match: "' + SHA1 + '"\nETag: W/"' + MD5 + '"'],
  ['Authorization: Digest username="j", nonce="' + MD5 + '", response="' + MD5_2 + '", opaque="' + MD5 + '"'],
  ['x-amz-content-sha256: ' + SHA256],
  ['GET /static/js/app.' + MD5 + '.js HTTP/1.1'],
  ['api_key=' + MD5 + '&license=' + MD5_2 + '&hwid=' + MD5],
  ['License key: ' + MD5 + ', activation: ' + MD5_2],
  // known as an id, seen again without a label
  [{ aid: MD5, note: 'seen by ' + MD5 + ' and ' + MD5_2 }, 'file ' + MD5_2],
  [{ id: 'MD5 ' + MD5 }, 'file ' + MD5],
  [{ evidence: MD5, aid: MD5, md5: MD5 }, 'file ' + MD5],
  ['Sample ID: ' + SHA256, FILE],
];

/** Hashes of something else than a file, and of what has a file though its name is among these. */
export const hashesOfOtherThings: Row[] = [
  ['Dropper import hash: ' + MD5 + ', dropper hash: ' + MD5_2, 'file ' + MD5_2],
  ['import table hash ' + MD5 + ', section hash ' + MD5 + ', rich header hash ' + MD5_2],
  ['TypeRefHash ' + SHA256 + '\nTypeRef hash: ' + SHA256 + '\ntelfhash ' + SHA256 + '\nsymhash: ' + MD5],
  ['HASSH: ' + MD5 + ', hasshServer ' + MD5 + ', HASSH hash ' + MD5],
  ['JA3=' + MD5 + ' JA3S=' + MD5_2 + ' MD5=' + MD5, 'file ' + MD5],
  ['JA3 fingerprints:\n- ' + MD5 + '\n- ' + MD5_2],
  ['imphash: ' + MD5 + ', ' + MD5_2 + ', sha256: ' + SHA256, FILE],
  ['Imphash: ' + MD5 + '\n' + MD5_2, 'file ' + MD5_2],
  ['JA4: t13d1516h2_8daaf6152771_e5627efa2ab1, ja4_hash ' + MD5],
  [{ AuthenticodeHashData: SHA256, SHA256HashData: SHA256_2 }, 'file ' + SHA256_2],
  ['Authenticode SHA256: ' + SHA256 + ', PEhash ' + SHA1 + ', cdhash ' + SHA1],
  [{ type: 'citadel', aes_xor: MD5 }],
  [
    { config: { rc4key: MD5, aes_key: SHA256, xorKey: MD5_2, salt: MD5, iv: MD5, c2: 'baddomain.com' } },
    'domain baddomain.com',
  ],
  ['RC4 key: ' + MD5 + '\nRC4: ' + MD5_2 + '\nAES-256 key = ' + SHA256],
  ['Serial Number: ' + MD5 + ' SERIAL NO: ' + MD5_2],
  ['Serial number: ' + MD5 + ', SerialNumber=' + MD5_2 + ', serial no ' + SHA1],
  ['Thumbprint                 : ' + SHA1 + '\nSubject                    : CN=x'],
  ['Certificate fingerprint (SHA-1): ' + SHA1 + ', signer hash ' + SHA1],
  [{ x5t: SHA1, certificate: { sha256: SHA256 }, signer: { fingerprint: SHA1 } }],
  [
    'RIPEMD-160: ' +
      SHA1 +
      ', SHA3-256: ' +
      SHA256 +
      ', BLAKE2s ' +
      SHA256 +
      ', MD4 ' +
      MD5 +
      ', ed2k: ' +
      MD5,
  ],
  ['BLAKE3 = ' + SHA256 + '\nSHA256 = ' + SHA256_2, 'file ' + SHA256_2],
  ['magnet:?xt=urn:btih:' + SHA1 + '&dn=x'],
  ['info hash ' + SHA1 + ', infohash=' + SHA1],
  [{ main_icon: { raw_md5: MD5, dhash: '2f' }, sections: [{ name: '.text', md5: MD5_2 }] }],
  [
    'cherry picked from commit ' +
      SHA1 +
      '\ngit revert ' +
      SHA1 +
      '\nindex ' +
      SHA1 +
      '..' +
      '1424' +
      SHA1.slice(4),
  ],
  ['changeset ' + SHA1 + ', see /commit/' + SHA1 + ' and /tree/' + SHA1],
  ['url_hash=' + SHA256 + ' domain_md5=' + MD5 + ' query hash ' + MD5 + ' event_hash:' + SHA1],
  ['mutex: ' + MD5 + ', bot id ' + MD5_2 + ', campaign id: ' + SHA1],
  // of a file all the same
  ['Phishing Email SHA256\n- ' + SHA256, FILE],
  ['Email hash: ' + MD5],
  ['Mail SHA256: ' + SHA256 + ', message sha256 ' + SHA256_2, FILE, 'file ' + SHA256_2],
  [{ email_sha256: SHA256, email_md5: MD5 }, FILE],
  ['Block SHA256 ' + SHA256 + ' and block MD5 ' + MD5, FILE, 'file ' + MD5],
  ['Block hash ' + MD5, 'file ' + MD5],
  ['block hash ' + SHA256],
  ['Loader MD5: ' + MD5 + '\nBackdoor SHA1 = ' + SHA1, 'file ' + MD5, 'file ' + SHA1],
  ['The file hashes to ' + SHA256, FILE],
  [{ block_sha256: SHA256, sha256_to_hunt: SHA256_2 }, FILE, 'file ' + SHA256_2],
  [{ stage2: SHA256, dropped: [SHA256_2], evidence: MD5 }, FILE, 'file ' + SHA256_2, 'file ' + MD5],
  // of nothing
  [
    { md5: 'd41d8cd98f00b204e9800998ecf8427e', sha256: SHA256 },
    FILE,
    'skipped file d41d8cd98f00b204e9800998ecf8427e',
  ],
  [
    'da39a3ee5e6b4b0d3255bfef95601890afd80709 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'skipped file da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'skipped file e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ],
];

/** A word at the end of a line is the label of the next when it is alone there. */
export const labelLines: Row[] = [
  ['Drops a second stage script\nbad-drop.xyz\nbad-two.xyz', 'domain bad-drop.xyz', 'domain bad-two.xyz'],
  ['It runs this command\n- bad-drop.xyz', 'domain bad-drop.xyz'],
  ['see the table\n45.77.12.34', 'ip 45.77.12.34'],
  ['C2 of the latest firmware\r\n45.77.12.34\r\n45.77.12.35', 'ip 45.77.12.34', 'ip 45.77.12.35'],
  ['This is the package\n\nbaddomain.info', 'domain baddomain.info'],
  ['Version\n1.2.3.4'],
  ['The new version:\n1.2.3.4'],
  ['it was fixed with version\n1.2.3.4 of the agent'],
  ['## Version\n\n- 1.2.3.4'],
  ['Attachment\nevil.zip'],
  ['Import hash\n' + MD5],
  ['After that he used the stolen password\n' + MD5, 'file ' + MD5],
  ['SHA256 of the second session\n' + SHA256, FILE],
];
