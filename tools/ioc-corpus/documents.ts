import { MD5, MD5_2, type Row, SHA1, SHA256, SHA256_2, SHA512 } from './case';

/** Whole documents: mails with headers, events with all their fields, reports of CERTs. */
export const documents: Row[] = [
  [
    `Delivered-To: jane@corp.com
Received: by 2002:a05:6a10:1234:b0:abc:def1:2345 with SMTP id x1csp1234567pxb;
        Fri, 1 Mar 2024 04:22:17 -0800 (PST)
X-Received: by 2002:a17:902:e541:b0:1d9:a1b2:c3d4 with SMTP id n1-20020a170902e54100b001d9a1b2c3d4mr12345plf.5.1709266937123;
Return-Path: <bounce-123@mailer.baddomain.com>
Received: from smtp7.baddomain.com (smtp7.baddomain.com. [45.77.12.34])
        by mx.google.com with ESMTPS id a1-20020a170902b2c100b001d9si123456plz.7.2024.03.01.04.22.17
        (version=TLS1_2 cipher=ECDHE-ECDSA-AES128-GCM-SHA256 bits=128/128);
Message-ID: <0100018df8b7-${MD5.slice(0, 8)}-0000@email.baddomain.com>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="000000000000${MD5.slice(0, 16)}"
List-Unsubscribe: <https://baddomain.com/u?id=1>, <mailto:u@baddomain.com>

Hello, please review https://login-corp.baddomain.com/auth?next=%2Fmail.
`,
    'domain smtp7.baddomain.com',
    'ip 45.77.12.34',
    'domain mx.google.com',
    'url https://baddomain.com/u?id=1',
    'url https://login-corp.baddomain.com/auth?next=%2Fmail',
    // 6to4 of 10.5.106.16 and 10.23.9.2: Google's own.
    'skipped ip 2002:a05:6a10:1234:b0:abc:def1:2345',
    'skipped ip 2002:a17:902:e541:b0:1d9:a1b2:c3d4',
  ],
  [
    `<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta charset="utf-8"><title>Invoice no. 4.2</title>
<style type="text/css">
body { font-family: Arial, sans-serif; } a:hover { color: #d2b6f4; } .btn.primary { padding: 0.5em 1.25em; }
@media only screen and (max-width: 480px) { table.main { width: 100% !important; } }
</style></head>
<body bgcolor="#ffffff">
<p>Dear&nbsp;customer,</p>
<p>your invoice is <a href="https://pay.baddomain.com/i/4711?c=a&amp;s=b" target="_blank">here</a>.
See <b>www.corp-billing.com</b> or write to billing@corp.com.</p>
<img src="cid:logo.png@01DA" alt="logo.png" /><img src="https://t.baddomain.com/o.gif" width="1">
</body></html>`,
    'url https://pay.baddomain.com/i/4711?c=a&s=b',
    'domain www.corp-billing.com',
    'url https://t.baddomain.com/o.gif',
  ],
  [
    {
      timestamp: '2024-03-01T04:22:17.123456+0000',
      flow_id: 1234567890123456,
      in_iface: 'eth0',
      event_type: 'alert',
      src_ip: '10.0.0.8',
      src_port: 51515,
      dest_ip: '91.92.240.17',
      dest_port: 80,
      proto: 'TCP',
      community_id: '1:hO+sN4H+MG5MY/8hIrXPqc4ZQz4=',
      alert: {
        action: 'allowed',
        gid: 1,
        signature_id: 2024291,
        rev: 3,
        signature: 'ET POLICY PE EXE or DLL Windows file download HTTP',
        metadata: { created_at: ['2018_06_25'], affected_product: ['Windows_XP_Vista_7_8_10'] },
      },
      http: {
        hostname: 'dl.baddomain.com',
        url: '/files/setup.exe',
        http_user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/119.0.0.0 Safari/537.36',
        http_refer: 'http://evil-site.net/',
        http_method: 'GET',
      },
      files: [{ filename: '/files/setup.exe', sha256: SHA256, state: 'CLOSED', size: 4521 }],
      app_proto: 'http',
    },
    'ip 91.92.240.17',
    'domain dl.baddomain.com',
    'url http://evil-site.net/',
    'file ' + SHA256,
    'skipped ip 10.0.0.8',
  ],
  [
    `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon" Guid="{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"/><EventID>1</EventID><Computer>wks01.corp.local</Computer></System><EventData><Data Name="UtcTime">2024-03-01 04:22:17.123</Data><Data Name="ProcessGuid">{B3C8B4A1-0001-65E1-0000-0010A1B2C3D4}</Data><Data Name="Image">C:\\Users\\jane\\AppData\\Local\\Temp\\invoice.com</Data><Data Name="FileVersion">1.2.3.4</Data><Data Name="CommandLine">invoice.com http://baddomain.com/p</Data><Data Name="Hashes">SHA1=${SHA1},MD5=${MD5},SHA256=${SHA256},IMPHASH=${MD5_2}</Data></EventData></Event>`,
    'url http://baddomain.com/p',
    'file ' + SHA1,
    'file ' + MD5,
    'file ' + SHA256,
    'skipped domain wks01.corp.local',
  ],
  [
    `#separator \\x09
#set_separator	,
#empty_field	(empty)
#path	dns
#open	2024-03-01-04-00-00
#fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	trans_id	query	qtype_name	answers
#types	time	string	addr	port	addr	port	enum	count	string	string	vector[string]
1709266937.123456	CHhAvVGS1DHFjwGM9	192.168.1.5	53122	8.8.8.8	53	udp	4711	update.evil.zip	A	45.77.12.34,91.92.240.17
1709266938.654321	ClEkJM2Vm5giqnMf4h	192.168.1.5	53123	8.8.8.8	53	udp	4712	wpad	A	-
#close	2024-03-01-05-00-00
`,
    'ip 8.8.8.8',
    'domain update.evil.zip',
    'ip 45.77.12.34',
    'ip 91.92.240.17',
    'skipped ip 192.168.1.5',
  ],
  [
    {
      Event: {
        id: '1234',
        uuid: '5770385f-c22a-43e0-bf4c-06f5698ffbd9',
        info: 'Phishing wave with evil.zip',
        Orgc: { name: 'CERT', uuid: '6770385f-c22a-43e0-bf4c-06f5698ffbd9' },
        Attribute: [
          { type: 'domain', category: 'Network activity', value: 'baddomain.com', comment: '' },
          { type: 'ip-dst|port', value: '45.77.12.34|443' },
          { type: 'filename|sha256', value: 'setup.exe|' + SHA256 },
          { type: 'url', value: 'https://evil-site.net/login' },
          { type: 'imphash', value: MD5 },
          { type: 'x509-fingerprint-sha1', value: SHA1 },
          { type: 'filename', value: 'evil.zip' },
          { type: 'hostname', value: 'c2.evil.zip' },
        ],
      },
    },
    'domain baddomain.com',
    'ip 45.77.12.34',
    'file ' + SHA256,
    'url https://evil-site.net/login',
    'domain c2.evil.zip',
  ],
  [
    {
      type: 'indicator',
      spec_version: '2.1',
      id: 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f',
      created: '2024-03-01T04:22:17.000Z',
      pattern_type: 'stix',
      pattern: `[file:hashes.'SHA-256' = '${SHA256}' OR domain-name:value = 'baddomain.com']`,
      external_references: [{ source_name: 'mitre-attack', external_id: 'T1566.002' }],
    },
    'file ' + SHA256,
    'domain baddomain.com',
  ],
  [
    {
      AlertName: 'Suspicious PowerShell',
      ProviderName: 'MDATP',
      Entities: JSON.stringify([
        {
          $id: '3',
          Name: 'svchost.exe',
          FileHashes: [{ Algorithm: 'SHA256', Value: SHA256_2 }],
          Type: 'file',
        },
        { $id: '4', Address: '45.77.12.34', Type: 'ip' },
        { $id: '5', HostName: 'wks01', DnsDomain: 'corp.local', Type: 'host' },
        { $id: '6', Url: 'https://baddomain.com/x', Type: 'url' },
      ]),
      TenantId: '5770385f-c22a-43e0-bf4c-06f5698ffbd9',
    },
    'file ' + SHA256_2,
    'ip 45.77.12.34',
    'url https://baddomain.com/x',
    'skipped domain wks01',
    'skipped domain corp.local',
  ],
  [
    `POST /gate.php HTTP/1.1
Host: baddomain.com
User-Agent: Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; .NET CLR 2.0.50727)
Content-Type: application/x-www-form-urlencoded
Cookie: PHPSESSID=${MD5}
X-Forwarded-For: 45.77.12.34, 10.0.0.1

id=${MD5_2}&os=10.0.19045&ver=3.1.0.7`,
    'domain baddomain.com',
    'ip 45.77.12.34',
    'skipped ip 10.0.0.1',
  ],
  [
    `rule Loader_2024 {
  meta:
    author = "jane.doe@corp.com"
    hash1 = "${SHA256}"
    reference = "https://blog.baddomain.com/2024/03/loader.html"
    version = "1.0.0.2"
  strings:
    $s1 = "evil-site.net" ascii wide
    $s2 = "kernel32.dll" fullword
    $s3 = "cmd.exe /c ping 127.0.0.1" nocase
    $h1 = { 4D 5A 90 00 03 00 00 00 }
  condition:
    uint16(0) == 0x5a4d and filesize < 500KB and all of them
}`,
    'file ' + SHA256,
    'url https://blog.baddomain.com/2024/03/loader.html',
    'domain evil-site.net',
    'skipped ip 127.0.0.1',
  ],
  [
    `# Threat report: "Loader" (v1.2)

## 1. Summary
The loader (MD5 \`${MD5}\`) was first seen on 2024-03-01. It is delivered by mail as \`invoice.zip\` that holds \`invoice.js\`.

## 2. Network
| Indicator | Description |
|-----------|-------------|
| \`baddomain[.]com\` | C2 |
| \`hxxps://evil-site[.]net/gate\` | payload |
| 45.77.12[.]34 | hosting |

## 3. MITRE ATT&CK
- T1059.001 PowerShell
- T1027 Obfuscated Files

See also [the vendor's page](https://www.vendor-site.com/blog/loader) and section 2.1.`,
    'file ' + MD5,
    'domain baddomain.com',
    'url https://evil-site.net/gate',
    'ip 45.77.12.34',
    'url https://www.vendor-site.com/blog/loader',
  ],
  [
    `JPCERT/CC 注意喚起
マルウエアは以下のC2サーバと通信します。
・baddomain[.]com（45.77.12[.]34）
・hxxps://evil-site[.]net/gate.php
ハッシュ値（SHA256）：
${SHA256}
対象：製品名X バージョン 1.2.3.4 およびそれ以前。詳細は第3.2.1.4節、お問い合わせはinfo@corp.co.jpまで。`,
    'domain baddomain.com',
    'ip 45.77.12.34',
    'url https://evil-site.net/gate.php',
    'file ' + SHA256,
  ],
  [
    `安全通告：近日发现攻击者利用钓鱼邮件传播木马。
恶意链接：hxxp://baddomain[.]com/下载.php
C2域名：evil-site.net，IP：45.77.12.34（端口8443）
样本SHA256：${SHA256}
受影响版本：2.1.0.3及以下，请升级到2.1.0.4。附件名：通知.zip、说明.docx。`,
    'url http://baddomain.com/下载.php',
    'domain evil-site.net',
    'ip 45.77.12.34',
    'file ' + SHA256,
  ],
  [
    `BULLETIN D'ALERTE
Systèmes affectés : Produit X versions 7.0.1.2 et antérieures
Résumé : une vulnérabilité permet l'exécution de code (cf. section 4.2).
Marqueurs : domaine baddomain[.]fr ; adresse 45.77.12[.]34 ; empreinte ${SHA1}
Documentation : https://www.cert-exemple.fr/avis/2024-001, CVE-2024-1234.`,
    'domain baddomain.fr',
    'ip 45.77.12.34',
    'file ' + SHA1,
    'url https://www.cert-exemple.fr/avis/2024-001',
  ],
  [
    `Sicherheitshinweis: Die Phishing-Mail verweist auf „hxxps://konto-pruefung[.]de/anmeldung“ (IP: 91.92.240.17).
Anhang: Mahnung_03.2024.pdf.js, Prüfsumme ${MD5}. Betroffen sind Versionen bis 3.4.5.6 bzw. 3.5.0.1.
Weitere Infos: www.sicherheit-beispiel.de oder Tel. 030.123.45.67`,
    'url https://konto-pruefung.de/anmeldung',
    'ip 91.92.240.17',
    'file ' + MD5,
    'domain www.sicherheit-beispiel.de',
  ],
  [
    `{"time":"2024-03-01T04:22:17Z","level":"info","logger":"http.server","msg":"request","host":"app.corp.local","method":"GET","path":"/api/v1.2/items.json","remote":"192.168.7.7:51234","trace_id":"${MD5}","ua":"okhttp/4.12.0"}`,
    'skipped domain app.corp.local',
    'skipped ip 192.168.7.7',
  ],
  [
    `2024-03-01 04:22:17,123 ERROR [main] o.s.boot.SpringApplication - Application run failed
java.lang.IllegalStateException: Failed to load com.corp.app.config.Settings
	at org.springframework.boot.context.config.ConfigDataEnvironment.process(ConfigDataEnvironment.java:230)
	at com.corp.app.Main.main(Main.java:12)
Caused by: java.net.UnknownHostException: db.corp.internal: Name or service not known
	at java.base/java.net.InetAddress$CachedAddresses.get(InetAddress.java:797)`,
    'skipped domain db.corp.internal',
  ],
  [
    `commit ${SHA1}
Merge: 3f2a1bc 9d8e7f6
Author: Jane Doe <jane.doe@corp.com>
Date:   Fri Mar 1 04:22:17 2024 +0100

    Bump axios from 1.6.0 to 1.6.8 and fix src/app.module.ts

diff --git a/src/index.ts b/src/index.ts
index 3f2a1bc..9d8e7f6 100644
-  "resolved": "https://registry.npmjs.org/axios/-/axios-1.6.0.tgz",
-  "integrity": "sha512-${SHA512.slice(0, 86)}==",`,
    'url https://registry.npmjs.org/axios/-/axios-1.6.0.tgz',
  ],
  [
    `interface GigabitEthernet0/1
 ip address 10.1.1.1 255.255.255.0
 ip route 0.0.0.0 0.0.0.0 45.77.12.34
 ipv6 address 2001:db8:1::1/64
 ntp server 0.pool.ntp.org
 snmp-server host 192.168.1.9 version 2c public`,
    'ip 45.77.12.34',
    'domain 0.pool.ntp.org',
    'skipped ip 10.1.1.1',
    'skipped ip 0.0.0.0',
    'skipped ip 2001:db8:1::1',
    'skipped ip 192.168.1.9',
  ],
  [
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: prod, labels: { app.kubernetes.io/name: web } }
spec:
  containers:
    - image: registry.corp.internal/web@sha256:${SHA256}
      env:
        - { name: API_URL, value: "https://api.baddomain.com/v1" }
        - { name: VERSION, value: "4.3.2" }`,
    'url https://api.baddomain.com/v1',
    'skipped domain registry.corp.internal',
  ],
  [
    `I was going through the notes from Tuesday's meeting.Nothing new there, i.e. the plan stands. Version 2.0.1.5 ships in
April; the 1.9.x line is frozen. Ask Bob re: build.gradle, pom.xml, app.yml and run.sh. The room is
3.14, the call is at 9.30 a.m. sharp, and the budget is 1.250.000 EUR. P.S. see README.md, CHANGELOG.md and docs/faq.md!`,
  ],
  [
    `Le script lit config.ini puis lance main.py ; le résultat (sortie.csv) fait 3,5 Mo. Voir l'annexe A.1.2 et les versions
2.3.4.5 à 2.3.4.9. Contact : m. dupont@exemple.fr, poste 12.34. Merci d'avance.Bonne journée`,
  ],
  [
    `import os, sys
from urllib.parse import urlparse
import xml.etree.ElementTree as ET

class Foo(base.Model):
    name = models.CharField(max_length=10)
    def run(self, x):
        self.data = x.id if x.info else os.path.join(sys.path[0], "a.zip")
        return re.search(r"^\\d+\\.\\d+$", self.name).group(0)

if __name__ == "__main__":
    print(Foo().run(sys.argv[1]), math.pi, np.nan, tf.data, json.load(open("x.py")))`,
  ],
  [
    `const app = express(); const io = require('socket.io')(server);
app.use(express.static('public')); app.get('/', (req, res) => res.sendFile(path.join(__dirname, 'index.html')));
io.on('connection', (socket) => { socket.on('msg', (m) => io.emit('msg', m.text)); });
module.exports = { name: user.name, id: e.target.id, host: req.headers.host, url: req.url };
$('.nav.top a.link').on('click', this.show); window.location.host === document.domain;`,
  ],
];
