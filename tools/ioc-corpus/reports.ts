import { MD5, SHA1, SHA256, type Row } from './case';

/** Reports and mails as they come in, by analysts and by users, with what makes them hard. */
export const reports: Row[] = [
  [
    "CERTFR-2024-ALE-001 : les versions de l'appliance antérieures à 9.1.18.3 sont vulnérables. Indicateurs : baddomain[.]net (91.92.240[.]17), fichier compt.zip (SHA256 : " +
      SHA256 +
      ').',
    'domain baddomain.net',
    'ip 91.92.240.17',
    'file ' + SHA256,
  ],
  [
    'Subject: URGENT - account verification\n\nUser forwarded a mail claiming to be from PayPal. Sender: "PayPal Service" <service@paypa1-secure.net>. The button goes to hxxps://paypa1-secure[.]net/signin/?country.x=US&locale.x=en_US. After login it redirects to paypal.com.',
    'url https://paypa1-secure.net/signin/?country.x=US&locale.x=en_US',
    'domain paypal.com',
  ],
  [
    'The kit is hosted at https[:]//docs-share[.]web[.]app/office365/index[.]html and posts credentials to hxxp://185.244.25[.]98/next.php',
    'url https://docs-share.web.app/office365/index.html',
    'url http://185.244.25.98/next.php',
  ],
  [
    'Victim entered creds at 14:32:07 on login.micros0ft-online[.]com (185[.]199[.]108[.]153), MFA push accepted 14:32:41.',
    'domain login.micros0ft-online.com',
    'ip 185.199.108.153',
  ],
  ['QR code decodes to HTTPS://QR-PAY.TOP/R?ID=8812', 'url https://qr-pay.top/R?ID=8812'],
  [
    'SMS: Your parcel is held, pay 1.99 at https://dhl-parcel.cc/p/9Kx. Reply STOP to opt out.',
    'url https://dhl-parcel.cc/p/9Kx',
  ],
  [
    'Reported by jdoe@contoso.com; malicious attachment Invoice_INV-2024.0312.html (SHA256 ' +
      SHA256.toUpperCase() +
      ') opens hxxps://contoso-sharepoint[.]ru',
    'file ' + SHA256,
    'url https://contoso-sharepoint.ru/',
  ],
  [
    'he clicked on bit.ly/3xYzAbC then on tinyurl.com/yckx9',
    'url http://bit.ly/3xYzAbC',
    'url http://tinyurl.com/yckx9',
  ],
  [
    'The attacker registered g0ogle-drive.site, g0ogle-drive.store & g0ogle-drive.online via NameCheap.',
    'domain g0ogle-drive.site',
    'domain g0ogle-drive.store',
    'domain g0ogle-drive.online',
  ],
  [
    'Sender IP: 209.85.220.41 (mail-sor-f41.google.com)',
    'ip 209.85.220.41',
    'domain mail-sor-f41.google.com',
  ],
  ['From: security@bank[.]com  Reply-To: attacker[@]proton[.]me'],
  [
    'URL 1 - hXXps://baddomain[.]net:8443/x/y.z\nURL 2 - hxxp://baddomain[.]net',
    'url https://baddomain.net:8443/x/y.z',
    'url http://baddomain.net/',
  ],
  ['Click here<https://phish.example-bank.co/auth> to verify', 'url https://phish.example-bank.co/auth'],
  [
    'https://urldefense.proofpoint.com/v2/url?u=https-3A__evil-2Dcdn.net_x&d=DwMFaQ&c=abc',
    'url https://evil-cdn.net/x',
  ],
  [
    'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbaddomain.net%2Fa&data=05%7C01%7C',
    'url https://baddomain.net/a',
  ],
  [
    'APT99 used Cobalt Strike (watermark 305419896) with C2 profile jquery-3.3.1.min.js on cs.update-ms[.]net:443.',
    'domain cs.update-ms.net',
  ],
  [
    'The dropper (MD5: ' +
      MD5 +
      ', SHA1: ' +
      SHA1 +
      ', SHA256: ' +
      SHA256 +
      ') was compiled with PyInstaller 5.13.2.',
    'file ' + MD5,
    'file ' + SHA1,
    'file ' + SHA256,
  ],
  [
    'Persistence: HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater = "C:\\ProgramData\\upd.exe"',
  ],
  ['Uses the mutex Global\\{8A2B6C1D-0E3F-4A5B-9C7D-1E2F3A4B5C6D} and named pipe \\\\.\\pipe\\msagent_5a'],
  [
    'It downloads stage2 from 193.42.33[.]14/stage2.bin and 193.42.33[.]14:8081/stage3.bin',
    'url http://193.42.33.14/stage2.bin',
    'url http://193.42.33.14:8081/stage3.bin',
  ],
  ['DNS tunnelling over *.t1.dnscat-evil[.]org (TXT)', 'domain t1.dnscat-evil.org'],
  ['Tor2web gateway: hxxps://abcdefghijklmnop.onion[.]ws/pay', 'url https://abcdefghijklmnop.onion.ws/pay'],
  [
    'The onion http://lockbitapt2d73krlbewgv27tquljgxr33xbwwsp6rkyieto7u4ncead.onion/ went offline',
    'skipped url http://lockbitapt2d73krlbewgv27tquljgxr33xbwwsp6rkyieto7u4ncead.onion/',
  ],
  ['User agent "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:11.0) Gecko/20100101 Firefox/115.0" was hard-coded'],
  ['vhash 015056655d155510f8z73hz2075zabz, authentihash ' + SHA256],
  [
    'Am 03.04.2024 um 12:34:56 Uhr wurde vom Server 10.11.12.13 eine Verbindung zu 185.220.101.4 (tor-exit.example.net) aufgebaut.',
    'ip 185.220.101.4',
    'domain tor-exit.example.net',
    'skipped ip 10.11.12.13',
  ],
  [
    'Die Phishing-Seite sparkasse-kundenportal.de.com leitet auf https://sparkasse-kundenportal.de.com/start?s=1 weiter.',
    'domain sparkasse-kundenportal.de.com',
    'url https://sparkasse-kundenportal.de.com/start?s=1',
  ],
  ['Tel.: 0800.330.10.00, Fax: 0228.181.71.72'],
  ['Nr.123, Abs.1 S.2 BGB i.V.m. Art.6 DSGVO'],
  ['Zahlung von 12.345.678,90 € an IBAN DE89 3704 0044 0532 0130 00'],
  [
    'Der Admin hat www.example-firma.de, mail.example-firma.de u.v.m. gesperrt.',
    'domain www.example-firma.de',
    'domain mail.example-firma.de',
  ],
  [
    "L'attaquant a déposé « update.sh » sur le serveur srv-web.exemple.fr (IP : 92.184.100.12).",
    'domain srv-web.exemple.fr',
    'ip 92.184.100.12',
  ],
  [
    'Courriel envoyé depuis contact@impots-gouv.fr.com, lien : hxxps[:]//impots-gouv[.]fr[.]com/remboursement',
    'url https://impots-gouv.fr.com/remboursement',
  ],
  ["N'ouvrez pas les fichiers facture_n°12.pdf.exe ni relevé.zip"],
  [
    "l'URL https://exemple-malveillant.fr/dossier/l'accueil n'existe plus",
    "url https://exemple-malveillant.fr/dossier/l'accueil",
  ],
  [
    '攻撃者は「hxxps://login[.]amaz0n[.]co[.]jp/ap/signin」に誘導した（2024/03/01 12:34:56）。',
    'url https://login.amaz0n.co.jp/ap/signin',
  ],
  [
    '通信先:203.0.114.5:443、ドメイン:mal-host.example.com、ファイル名:請求書_20240301.xlsm',
    'ip 203.0.114.5',
    'domain mal-host.example.com',
  ],
  ['メールアドレスsuzuki@example.co.jpから届いたzipに注意。パスワードはinfected.1234です。'],
  ['ハッシュ値は' + SHA256 + '（SHA-256）です。', 'file ' + SHA256],
  [
    'Windows 10（10.0.19045.3930）で確認。詳細は https://example-cert.jp/at/2024/at240001.html をご覧ください。',
    'url https://example-cert.jp/at/2024/at240001.html',
  ],
  [
    '攻击者IP:114.114.115.7，回连域名为update.win-defender[.]top，端口8443。',
    'ip 114.114.115.7',
    'domain update.win-defender.top',
  ],
  ['下载地址：http://47.98.1.2:8888/shell.jsp（已下线）', 'url http://47.98.1.2:8888/shell.jsp'],
  ['请联系 security@example.com.cn 或访问www.example-sec.com.cn了解详情。', 'domain www.example-sec.com.cn'],
  ['文件名为“财务报表.exe”，MD5值为' + MD5 + '。', 'file ' + MD5],
  [
    'Process Create:\nRuleName: -\nUtcTime: 2024-03-01 12:34:56.789\nProcessGuid: {a23eae89-bd56-5903-0000-0010e9d95e00}\nImage: C:\\Users\\bob\\Downloads\\update.com\nFileVersion: 10.0.19041.1\nDescription: Update\nCommandLine: "C:\\Users\\bob\\Downloads\\update.com" /s\nCurrentDirectory: C:\\Users\\bob\\\nHashes: MD5=' +
      MD5.toUpperCase() +
      ',SHA256=' +
      SHA256.toUpperCase() +
      ',IMPHASH=00000000000000000000000000000000\nParentImage: C:\\Windows\\explorer.exe',
    'file ' + MD5,
    'file ' + SHA256,
  ],
  [
    'Network connection detected:\nProtocol: tcp\nSourceIp: 10.0.2.15\nSourceHostname: DESKTOP-1.lan\nSourcePort: 49734\nDestinationIsIpv6: false\nDestinationIp: 151.101.1.195\nDestinationHostname: pastebin.com\nDestinationPort: 443\nDestinationPortName: https',
    'ip 151.101.1.195',
    'domain pastebin.com',
    'skipped ip 10.0.2.15',
    'skipped domain desktop-1.lan',
  ],
  [
    'An alert from Microsoft Defender\nSeverity: High\nDevice: wks-042\nFile: invoice.zip\nSHA1: ' +
      SHA1 +
      '\nPath: C:\\Users\\bob\\Downloads\\invoice.zip\nRemote URL: baddomain[.]net/a\nRemote IP: 91.92.240[.]17:443',
    'file ' + SHA1,
    'url http://baddomain.net/a',
    'ip 91.92.240.17',
  ],
  [
    'BSI Warnung 2024-123: In Citrix NetScaler ADC vor Version 13.1.49.15 und 14.1.8.50 existiert eine Schwachstelle. Angriffe gingen von 91.92.240.17 und 2a01:4f8:c0c:1234::2 aus. Siehe https://www.bsi.bund.de/SharedDocs/a.html.',
    'ip 91.92.240.17',
    'ip 2a01:4f8:c0c:1234::2',
    'url https://www.bsi.bund.de/SharedDocs/a.html',
  ],
  [
    '【威胁情报】近期监测到攻击者使用域名 baddomain[.]net、cdn2[.]baddomain[.]net 以及IP 91[.]92[.]240[.]17:8080 进行C2通信，释放文件 C:\\Windows\\Temp\\svch0st.exe（SHA1: ' +
      SHA1 +
      '），涉及产品版本 V3.1.2.5。',
    'domain baddomain.net',
    'domain cdn2.baddomain.net',
    'ip 91.92.240.17',
    'file ' + SHA1,
  ],
  [
    '<134>Mar  1 12:34:56 fw CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Accept src=10.1.2.3 dst=91.92.240.17 spt=51000 dpt=443 deviceExternalId=1.2.3.4.5 cs2=Any rt=1709296496000 dhost=baddomain.net requestClientApplication=Mozilla/5.0',
    'ip 91.92.240.17',
    'domain baddomain.net',
    'skipped ip 10.1.2.3',
  ],
  [
    'LEEF:2.0|Zscaler|NSS|6.2.1.3|block|^|src=10.1.2.3^dst=91.92.240.17^url=baddomain.net/a.zip^usrName=bob@corp.com',
    'ip 91.92.240.17',
    'url http://baddomain.net/a.zip',
    'skipped ip 10.1.2.3',
  ],
  [
    '{"timestamp":"2024-03-01T12:34:56.789012+0000","event_type":"tls","src_ip":"10.1.2.3","dest_ip":"91.92.240.17","tls":{"subject":"CN=baddomain.net","issuerdn":"CN=R3","serial":"04:E1","fingerprint":"86:f7:e4:37:fa:a5:a7:fc:e1:5d:1d:dc:b9:ea:ea:ea:37:76:67:b8","sni":"baddomain.net","version":"TLS 1.2","ja3":{"hash":"' +
      MD5 +
      '"},"ja3s":{"hash":"' +
      MD5 +
      '"}}}\n{"event_type":"stats","stats":{"uptime":12}}\n',
    'ip 91.92.240.17',
    'domain baddomain.net',
    'skipped ip 10.1.2.3',
  ],
  [
    '| Verdict | URL |\n|---|---|\n| bad | <https://baddomain.net/a?b=1&c=2> |\n| bad | [x](https://baddomain.net/b "t") |\n| ok | `README.md` |',
    'url https://baddomain.net/a?b=1&c=2',
    'url https://baddomain.net/b',
  ],
  [
    'Error: Command failed: git clone https://user:ghp_abcdefghijklmnopqrstuvwxyz012345@github.com/corp/app.git\nfatal: unable to access',
    'url https://github.com/corp/app.git',
  ],
];
