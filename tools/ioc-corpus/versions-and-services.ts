import type { Row } from './case';

const IP = 'ip 45.77.12.34';

/** Versions, object ids and folders of four numbers; and addresses that stand like one. */
export const versionsOrAddresses: Row[] = [
  [{ origagentversion: '24.3.3.6', agentVersion: '23.1.2.9', osver: '10.0.0.9', 'os.version': '10.1.2.3' }],
  [{ VersionFrom: '1.0.0.5', VersionTo: '2.0.0.1', oldVersion: '3.1.1.1', version_max: '4.4.4.4' }],
  [{ versionIp: '45.77.12.34' }, IP],
  [{ sw_version: '1.2.3.5', firmwareversion: '7.1.2.3' }],
  ['Attribute:\r\n\tSyntax (OID):\t2.5.5.12\r\n\tValue:\tX'],
  ['attributeSyntax: 2.5.5.12, extension 2.5.29.17, OID 2.5.4.3, policy OID.2.5.29.32'],
  ['Subject: CN=x, 2.5.4.97=VATDE-1, O=y'],
  ['C2 2.5.4.97 and 2.5.29.17:443', 'ip 2.5.4.97', 'ip 2.5.29.17'],
  ['C:\\Packages\\Plugins\\GuestAttestation\\1.0.1.21\\AttestationExtension.exe'],
  ['"C:\\\\Program Files (x86)\\\\Google\\\\Update\\\\1.3.36.7\\\\x.exe"'],
  ['C:\\Program Files\\App 2\\1.0.1.21'],
  ['/opt/app/1.2.3.4/bin/run and /Applications/X.app/Versions/120.0.60.9/x'],
  ['/usr/lib/jvm/11.0.1.2/bin/java'],
  ['\\\\45.77.12.34\\share\\a.exe', IP],
  ['copy \\\\\\\\45.77.12.34\\\\share\\\\a.exe', IP],
  ['/feeds/45.77.12.34/today', IP],
  ['proxy: web01/45.77.12.34:443', IP],
  ['agent="S1-WIN/23.4.4.223" reqtime=1744107443'],
  ['user-agent: Foo-Agent/1.2.3.4\nx'],
  ['{"userAgent":"aws-cli/2.1.3.4 x"} tail'],
  [{ agent: 'S1-WIN/23.4.4.223', client: 'Acme-VPN 4.5.6.7' }],
  [{ agent: '45.77.12.34', client: 'from 45.77.12.34' }, IP],
  ['id=firewall time="2023-10-17 10:21:15" pri=6 fw=45.77.12.34 vpn=EX-V6 user=System', IP],
  ['Rule /Common/Log <HTTP_RESPONSE_RELEASE>: 45.77.12.34:57590: HTTP: 200', IP],
  [{ fw: '45.77.12.34' }, IP],
  ['FW: 45.77.12.34', IP],
  ['release 45.77.12.34:443', IP],
  ['EKU: 1.3.6.1, id-ce 2.5.29.19, Server: Microsoft-IIS/10.0.1.2'],
  ['c:/program files/x/99.0.12.5/chrome.exe'],
  ['nginx 45.77.12.34 - - [10/Oct/2024:13:55:36 +0000] "GET /" 200', IP],
  ['nginx 1.18.0.1 was started'],
  ['Version 1.2.3.4: first one'],
];

/** Names of services, of groups of an API, of classes and bundles; and hosts that are spelled alike. */
export const servicesOrHosts: Row[] = [
  [
    {
      eventSource: 'ec2.amazonaws.com',
      eventName: 'RunInstances',
      sourceIPAddress: 'autoscaling.amazonaws.com',
    },
  ],
  [{ invokedBy: 'cloudtrail.amazonaws.com', Principal: { Service: 'lambda.amazonaws.com' } }],
  ['role trusts "ec2.amazonaws.com" and sts.amazonaws.com'],
  [{ host: 'ec2.amazonaws.com' }, 'domain ec2.amazonaws.com'],
  [
    'bad-bucket.s3.amazonaws.com and ec2[.]amazonaws[.]com',
    'domain bad-bucket.s3.amazonaws.com',
    'domain ec2.amazonaws.com',
  ],
  [
    {
      protoPayload: {
        '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
        serviceName: 'compute.googleapis.com',
      },
    },
  ],
  [{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', apiGroups: ['apps', 'networking.k8s.io'] }],
  ['apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  labels:\n    x.rancher.io/name: x'],
  ['metrics.k8s.io/v1beta1'],
  [{ 'logging.googleapis.com/spanId': 'x', assetType: 'compute.googleapis.com/Instance' }],
  ['Microsoft.Network/virtualNetworks/write by Microsoft.Support and Microsoft.Security'],
  [{ resourceProvider: 'Microsoft.Cloud', operationName: 'MICROSOFT.NETWORK/networkSecurityGroups/write' }],
  ['login at microsoft.support', 'domain microsoft.support'],
  ['C2: microsoft-login.cloud', 'domain microsoft-login.cloud'],
  [{ claims: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': 'x' } }],
  ['claim http://schemas.microsoft.com/identity/claims/tenantid and http://schemas.openxmlformats.org/x'],
  ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  ['open -a Safari.app; cp -r "/Users/j/Foo Bar.app" /tmp'],
  ['sign in at bad-login.app and evil.web.app', 'domain bad-login.app', 'domain evil.web.app'],
  ['set sh = createobject("wscript.shell")\nset n = CreateObject("WScript.Network")'],
  ["new ActiveXObject('adodb.stream'); $s = New-Object -ComObject Wscript.Shell"],
  ['wscript.shell and adodb.stream are used'],
  ['ThreatName: Win.Ransomware.Eicar::95.sbx.tg, FileName: e.zip'],
  ['Trojan.Win32.Agent.xyz, Win.Trojan.Agent-1.tg, HEUR:Trojan.Script.Generic.cn'],
  ['W32.Auto:1234.in03.Talos and Gen::Variant.in'],
  ['a copy of MSHTA.exe renamed "xml.com" fetches the DLL'],
  ['saved as "update.com" and copied to setup.com'],
];
