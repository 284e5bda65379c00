import { MD5, SHA1, SHA256, SHA512, type Row } from './case';

/** Four numbers that are no address: versions, chapters, object ids; and addresses that stand like one. */
export const versions: Row[] = [
  ['ImageMagick 7.1.0.49 arbitrary file read'],
  ['The YARA rule references pe.imphash() == "' + MD5 + '"'],
  [
    'Bitte prüfen Sie die Datei "Bewerbung.pdf.lnk" (MD5 ' + MD5 + '). Vgl. Abb. 3.2.1.1 auf S. 12.',
    'file ' + MD5,
  ],
  ['Rendez-vous le 12.03.2024 à 14h30, salle B.1.2.3, cf. annexe 1.2.3.4.'],
  ['version 2.4.1.0 publiée ; versions antérieures à 2.3.9.9 vulnérables'],
  [
    'server.servlet.context-path=/api\nspring.mail.host=smtp.baddomain.net\nmanagement.endpoints.web.exposure.include=*',
    'domain smtp.baddomain.net',
  ],
  ['FROM python:3.11.4-slim\nRUN pip install flask==2.3.2.1\nENTRYPOINT ["python", "app.py"]'],
  ['cpe:2.3:a:apache:struts:2.5.10.1:*:*:*:*:*:*:*'],
  ['cpe:/a:oracle:weblogic_server:12.2.1.4'],
  ['Application.Hacktool.me, Adware.Generic.pro, not-a-virus:HEUR:AdWare.Win32.Agent.gen'],
  ['Release notes 22.1.0.3'],
  ['Version: 22.1.0.3, Build: 22.1.0.4, Rev 22.1.0.5, SW 22.1.0.6, FW 22.1.0.7, HW: 2.0.0.1'],
  ['up to and including 22.1.0.3'],
  ["submodule path: checked out '" + SHA1 + "'"],
  ['Server: nginx/1.18.0.1, X-Powered-By: PHP/7.4.3.1; curl/7.1.2.3 python-requests/2.3.1.4'],
  [
    '対象製品：Foo Gateway 9.1.18.3およびそれ以前\n通信先IP：91.92.240[.]17（ポート443/tcp）\n不審なURL：hxxps://baddomain[.]net/gate.php?id=１２３\nファイル：update.zip（MD5：' +
      MD5 +
      '）',
    'ip 91.92.240.17',
    'url https://baddomain.net/gate.php?id=１２３',
    'file ' + MD5,
  ],
  [
    'Exploits CVE-2023-34362 in MOVEit Transfer before 2021.0.6 (13.0.6), 2021.1.4 (13.1.4), 2022.0.4 (14.0.4)',
  ],
  ['Affected: Ivanti Connect Secure 9.1R18.3 and 22.6R2.2; fixed in 22.7R2.5'],
  ['PAN-OS 10.2.9-h1, 11.0.4-h1 and 11.1.2-h3'],
  ['Betroffen ist FRITZ!OS 7.57 sowie 07.29.01.02; Update auf 7.90.'],
  ['受影响的版本为3.2.1.0至3.2.1.9，建议升级到3.2.2.0。'],
  [
    '<14>Mar  1 12:34:56 fw01 CEF:0|Palo Alto Networks|PAN-OS|10.2.3.4|threat|url|4|rt=Mar 01 2024 12:34:56 src=10.5.5.5 dst=172.67.1.2 request="evil-shop.xyz/cart" cs1Label=Rule cs1=block-all fileHash=' +
      SHA256 +
      ' cn1=0',
    'ip 172.67.1.2',
    'url http://evil-shop.xyz/cart',
    'file ' + SHA256,
    'skipped ip 10.5.5.5',
  ],
  ['rule 1.2.3.4.5 (OID), .1.3.6.1.4.1.9.2, iso.3.6.1.2.1.1.5.0'],
  ['192.168.1.0/24, 10/8, 172.16.0.0/12, 5.181.80.0/22 are networks'],
  ['192.168.1.* and 10.0.0.x and 5.181.80.x'],
  ['1.1.1.1, 8.8.8.8 and 9.9.9.9 are public resolvers', 'ip 1.1.1.1', 'ip 8.8.8.8', 'ip 9.9.9.9'],
  ['08.08.08.08 and 008.008.008.008'],
  ['255.255.255.255 and 255.255.255.0 and 0.0.0.255', 'skipped ip 255.255.255.255', 'skipped ip 0.0.0.255'],
  ['Chapter 3.1.2.4: Network setup'],
  ['NIST 800.53.1.1 and § 12.3.4.5'],
  ['"version": "22.1.0.3", version=22.1.0.3; Version 22.1.0.3; version-22.1.0.3; version_22.1.0.3'],
  ['setup-22.1.0.3.exe, foo_22.1.0.3_x64.msi, lib-22.1.0.3.jar, foo 22.1.0.3.zip'],
  ['FileVersion 22.1.0.3 ProductVersion 22.1.0.3 AssemblyVersion("22.1.0.3")'],
  ['[assembly: AssemblyVersion("1.2.3.4")]'],
  [
    '<assemblyIdentity name="Microsoft.Windows.Common-Controls" version="6.0.0.0"/> <bindingRedirect oldVersion="0.0.0.0-4.0.1.1" newVersion="4.0.1.1"/>',
  ],
  ['Affected are versions 2.1.0.3, 2.1.0.4 and 2.2.0.1; the C2 45.77.12.34 is not', 'ip 45.77.12.34'],
  [
    'The agent, version 2.1.0.3, 45.77.12.34 and 91.92.240.17 were logged',
    'ip 45.77.12.34',
    'ip 91.92.240.17',
  ],
  ['ip.src == 45.77.12.34 && ip.dst==91.92.240.17', 'ip 45.77.12.34', 'ip 91.92.240.17'],
];

/** Hex digits of a hash's length that are the hash of no file, some of them secrets; and hashes of files beside them. */
export const otherHashes: Row[] = [
  ['ssh://git@baddomain.net:22/x.git', 'domain baddomain.net'],
  ['\u001b[1m' + MD5 + '\u001b[22m', 'file ' + MD5],
  ['HEAD detached at 86f7e43; e83c5163316f89bfbde7d9ab23ca2e25604af290 is the first commit'],
  ['* ' + SHA1 + ' (HEAD -> main, origin/main) Fix login'],
  ['blob ' + SHA1 + ' 1234\ttest/a.js'],
  ['100644 blob ' + SHA1 + '\tREADME.md'],
  ['parent ' + SHA1 + '\ntree ' + SHA1],
  ['ntlm: aad3b435b51404eeaad3b435b51404ee:31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['Administrator:500:aad3b435b51404eeaad3b435b51404ee:31d6cfe0d16ae931b73c59d7e0c089c0:::'],
  ['device_id=' + MD5 + ' client_id=' + SHA1 + ' user_hash=' + MD5],
  [{ password_hash: MD5, user: 'bob' }],
  [{ email_md5: MD5 }],
  ['http://i❤.ws/x and https://💩.la', 'url http://xn--i-7iq.ws/x', 'url https://xn--ls8h.la/'],
  ['uses: actions/checkout@' + SHA1 + ' # v4.1.1'],
  ['"foo/bar#' + SHA1 + '"'],
  [
    'From ' +
      SHA1 +
      ' Mon Sep 17 00:00:00 2001\nFrom: Jane <jane@corp.com>\nDate: Fri, 1 Mar 2024 12:34:56 +0100\nSubject: [PATCH] fix',
  ],
  [SHA1 + '\trefs/heads/main\n' + SHA1 + '\tHEAD'],
  [SHA1 + ' (HEAD -> main, origin/main) Fix'],
  ['{"user_agent":"okhttp/4.9.0.1 Dalvik/2.1.0.0"}'],
  ['LM:NT aad3b435b51404eeaad3b435b51404ee:8846f7eaee8fb117ad06bdd830b7586c'],
  ['krbtgt:502:aad3b435b51404eeaad3b435b51404ee:8846f7eaee8fb117ad06bdd830b7586c:::'],
  ['password: ' + MD5 + '\npasswd hash: ' + MD5],
  ['PWD hash ' + MD5],
  ['txid ' + SHA256 + ' block 0000000000000000000abc'],
  ['bitcoin tx ' + SHA256 + ' confirmed'],
  ['csrf_token=' + MD5 + '; sessionid=' + MD5],
  ['cert hash ' + SHA1 + ' appid={...}'],
  [
    'JA3 hash: ' +
      MD5 +
      ', JA3S hash: ' +
      MD5 +
      ', JARM ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48',
  ],
  ['telfhash: t1abc, imphash ' + MD5 + ', rich pe header hash ' + MD5 + ', icon hash ' + MD5],
  ['pehash: ' + SHA1 + ' / TLSH ' + SHA1],
  [
    '220 mx.baddomain.net ESMTP\nEHLO client.corp.local\n250-mx.baddomain.net\nMAIL FROM:<a@b.com>\nRCPT TO:<c@d.com>',
    'domain mx.baddomain.net',
    'skipped domain client.corp.local',
  ],
  [
    'Hi team,\n\nPer our 10.3.2024 call (9.30-10.15), rev. 2.1.0.4 goes to UAT on Mon. Jira: ABC-123. Docs under \\\\fs01\\team\\docs.v2\\readme.md.\nThx,\nB.',
  ],
  ['Imphash\n' + MD5 + '\nSSDEEP\n384:abc'],
  ['Vhash: ' + MD5 + '\nAuthentihash: ' + SHA256 + '\nImphash: ' + MD5 + '\nSSDEEP: x'],
  [
    'Basic properties\nMD5\n' + MD5 + '\nSHA-1\n' + SHA1 + '\nSHA-256\n' + SHA256,
    'file ' + MD5,
    'file ' + SHA1,
    'file ' + SHA256,
  ],
  ['MD5 hash of the sample is ' + MD5 + ' whereas its SHA-1 is ' + SHA1, 'file ' + MD5, 'file ' + SHA1],
  ['hash values ' + MD5 + ', ' + SHA1 + ' and ' + SHA256, 'file ' + MD5, 'file ' + SHA1, 'file ' + SHA256],
  ['md5=' + MD5 + ',sha1=' + SHA1 + ',imphash=' + MD5, 'file ' + MD5, 'file ' + SHA1],
  ['file_md5 ' + MD5, 'file ' + MD5],
  ['filehash-md5:' + MD5, 'file ' + MD5],
  ['process_hash: ' + SHA256 + ' parent_hash: ' + SHA1, 'file ' + SHA256, 'file ' + SHA1],
  ['TargetHash=' + SHA256, 'file ' + SHA256],
  [
    'ssdeep: 3072:abcABC/xyz+123:defDEF, TLSH T1A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4',
  ],
  ['SHA-512: ' + SHA512],
  ['SHA384 54a59b9f22b0b80880d8427e548b7c23abd873486e1f035dce9cd697e85175033caa88e6d57bc35efae0b5afd3145f31'],
  ['VGhpcyBpcyBhIHRlc3QuZXhhbXBsZS5jb20gYW5kIG1vcmUgdGV4dC4='],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
  ['sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
  ['MD5:0c:c1:75:b9:c0:f1:b6:a8:31:c3:99:e2:69:77:26:61'],
  ['hexdump: 0c c1 75 b9 c0 f1 b6 a8 31 c3 99 e2 69 77 26 61'],
  ['PGP key 0xb9eaeaea377667b8, full 86F7 E437 FAA5 A7FC E15D 1DDC B9EA EAEA 3776 67B8'],
  ['sha512sum: ' + SHA512 + '  a.iso'],
  ['/quarantine/ca/' + SHA256, 'file ' + SHA256],
  ['--b1_' + MD5 + '\nContent-Type: text/plain'],
  ['Content-Type: multipart/mixed; boundary="b1_' + MD5 + '"'],
  [{ tls: { server: { hash: { sha1: SHA1 } } } }],
  [{ login: { username: 'jane', salt: 'TQA1Gz7x', md5: MD5 } }],
  [{ email: { attachments: [{ file: { hash: { md5: MD5 } } }] } }, 'file ' + MD5],
  [{ data: { type: 'file', id: SHA256 } }, 'file ' + SHA256],
  [{ type: 'user', id: MD5 }],
];
