import { MD5, MD5_2, type Row, SHA1, SHA1_2, SHA256, SHA256_2 } from '../../tools/ioc-corpus/case';

/** Made-up log lines and alerts in the shape of those of products, whose ids have the length of a hash. */
export const logs: readonly Row[] = [
  [
    {
      metadata: { customerIDString: MD5, eventType: 'DetectionSummaryEvent' },
      event: { DetectId: `ldt:${MD5_2}:6842010436`, SHA256String: SHA256, MD5String: MD5, SensorId: MD5_2 },
    },
    `file ${SHA256}`,
    `file ${MD5}`,
  ],
  [{ aid: MD5, cid: MD5_2, event_simpleName: 'ProcessRollup2', SHA256HashData: SHA256 }, `file ${SHA256}`],
  [
    `CEF:0|CrowdStrike|FalconHost|1.0|X|Y|4|externalId=${MD5} cs1Label=cid cs1=${MD5_2} fileHash=${SHA256}`,
    `file ${SHA256}`,
  ],
  [
    {
      id: MD5,
      arn: `arn:aws:guardduty:eu-west-2:111122223333:detector/${MD5_2}/finding/${MD5}`,
      service: { count: 3 },
    },
  ],
  [
    {
      eventSource: 's3.amazonaws.com',
      requestParameters: { key: 'x' },
      additionalEventData: { 'x-amz-id-2': MD5 },
    },
  ],
  [
    { agentUuid: MD5, siteId: MD5_2, threatInfo: { sha1: SHA1, sha256: SHA256, md5: MD5 } },
    `file ${SHA1}`,
    `file ${SHA256}`,
    `file ${MD5}`,
  ],
  [{ detection_identifier: SHA256, message_identifier: MD5, sha256: SHA256_2 }, `file ${SHA256_2}`],
  [{ requestUid: MD5, tunnelUid: MD5_2, uri: '/login' }],
  [
    {
      trace: `projects/demo-1/traces/${MD5}`,
      insertId: 'x',
      'logging.googleapis.com/spanId': '00f067aa0ba902b7',
    },
  ],
  [{ operation_Id: MD5, operation_ParentId: MD5_2, cloud_RoleInstance: SHA256 }],
  [
    {
      actor: { id: '00u1' },
      debugContext: { debugData: { dtHash: SHA256, deviceFingerprint: MD5, requestId: MD5_2 } },
    },
  ],
  [
    { container: { id: SHA256 }, process: { executable: '/bin/sh', hash: { sha256: SHA256_2 } } },
    `file ${SHA256_2}`,
  ],
  [`Mar  1 04:22:17 node1 kubelet[811]: killing container "docker://${SHA256}" pod=web`],
  [`Mar  1 04:22:17 node1 systemd[1]: cri-containerd-${SHA256}.scope: Deactivated successfully.`],
  [`Mar  1 04:22:17 gw journald[1]: /var/log/journal/${MD5}/system.journal rotated`],
  [
    `Object Name: C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\${MD5}_f67648d5-9dc6-457b-b947-f44a1b2c3d4e`,
  ],
  [
    `TargetObject: HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\GoogleChromeAutoLaunch_${MD5.toUpperCase()}`,
  ],
  [
    `EventID=1 Image=C:\\x.exe Hashes=SHA1=${SHA1},MD5=${MD5},SHA256=${SHA256},IMPHASH=${MD5_2}`,
    `file ${SHA1}`,
    `file ${MD5}`,
    `file ${SHA256}`,
  ],
  [`EventID=4887 Certificate Thumbprint                 : ${SHA1} Serial Number: ${MD5}`],
  [`{"event_type":"tls","tls":{"fingerprint":"${SHA1}","serial":"${MD5}","ja3":{"hash":"${MD5_2}"}}}`],
  [
    `{"event_type":"fileinfo","fileinfo":{"filename":"/a","md5":"${MD5}","sha256":"${SHA256}"},"flow_id":7}`,
    `file ${MD5}`,
    `file ${SHA256}`,
  ],
  [
    `{"event_type":"ssh","ssh":{"client":{"hassh":{"hash":"${MD5}"}},"server":{"hassh":{"hash":"${MD5_2}"}}}}`,
  ],
  [
    `#fields\tts\tuid\tmd5\tsha1\ttrace_id\n1709266937.1\tCHhA\t${MD5}\t${SHA1}\t${MD5_2}`,
    `file ${MD5}`,
    `file ${SHA1}`,
  ],
  [`45.77.12.34 - - [10/Oct/2024:13:55:36 +0000] "GET /static/app.${MD5}.js HTTP/1.1" 200 196 "-" "x"`],
  [`GET /x HTTP/1.1 If-None-Match: "${SHA1}" Cookie: a=${MD5}; sid=${MD5_2} X-Request-Id: ${MD5}`],
  [
    `date=2024-03-01 devid="FG1" logid="0211" virus="Agent" filehash="${SHA256}" sessionid=${MD5}`,
    `file ${SHA256}`,
  ],
  [`LEEF:1.0|Acme|AV|1|x|fileHash=${MD5}\tdeviceGUID=${MD5_2}\tpolicyHash=${SHA1}`, `file ${MD5}`],
  [`<Data Name='Hashes'>SHA256=${SHA256}</Data><Data Name='ProcessGuid'>{${MD5}}</Data>`, `file ${SHA256}`],
  [`[INFO] deployed commit ${SHA1} (tree ${SHA1_2}), image app@sha256:${SHA256}`],
  [
    `time,host,sha256,request_id\n04:22,web01,${SHA256},${MD5}\n04:23,web01,${SHA256_2},${MD5_2}`,
    `file ${SHA256}`,
    `file ${SHA256_2}`,
  ],
  [`ClamAV: /srv/upload/${SHA256}: Win.Trojan.Agent-1 FOUND`, `file ${SHA256}`],
  [`quarantined ${SHA256} (first seen today), size 0 was d41d8cd98f00b204e9800998ecf8427e`, `file ${SHA256}`],
  [`yara match rule=evil sample ${SHA1} on web01`, `file ${SHA1}`],
];
