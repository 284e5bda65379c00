import { createHash } from 'node:crypto';

/** A mail as it was sent, and what a person would look up of it, in order; what they know not to send begins with `skipped`. */
export interface MailCase {
  readonly name: string;
  readonly mail: string | Buffer | object;
  readonly expected: readonly string[];
}

const lines = (...all: string[]): string => all.join('\r\n');
const base64 = (content: string | Buffer): string =>
  Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n');
const quoted = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte === 0x3d || byte > 0x7e
        ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('')
    .replace(/(?:[^=\r\n]|=[0-9A-F]{2}){70}/g, '$&=\r\n');
const file = (content: string | Buffer): string =>
  `file ${createHash('sha256').update(content).digest('hex')}`;

/** Made up; what follows "PK" is no archive. */
const ARCHIVE = Buffer.from('PK\u0003\u0004 made up \u0000 archive');
const PROGRAM = Buffer.from('MZ\u0000 made up \u0000 program');
const PICTURE = Buffer.from('89504e470d0a1a0a00000000', 'hex');

const HEADER = [
  'From: Billing <billing@sender-a.top>',
  'To: jane@corp.com',
  'Subject: Invoice',
  'MIME-Version: 1.0',
];
const safeLink = (url: string): string =>
  `https://eur03.safelinks.protection.outlook.com/?url=${encodeURIComponent(url)}&data=05%7C02%7Cjane%40corp.com%7C1&reserved=0`;
const part = (header: string | string[], ...body: string[]): string => lines(...[header].flat(), '', ...body);
const multipart = (subtype: string, boundary: string, ...parts: string[]): string =>
  lines(
    `Content-Type: multipart/${subtype}; boundary="${boundary}"`,
    '',
    ...parts.flatMap((each) => [`--${boundary}`, each]),
    `--${boundary}--`,
    '',
  );
const attached = (name: string, content: string | Buffer, type = 'application/octet-stream'): string =>
  part(
    [
      `Content-Type: ${type}`,
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
    ],
    base64(content),
  );
const html = (body: string, charset = 'utf-8'): string =>
  part([`Content-Type: text/html; charset=${charset}`, 'Content-Transfer-Encoding: base64'], base64(body));
const whole = (...body: string[]): string => lines(...HEADER, ...body);
const plain = (text: string): string => whole('Content-Type: text/plain', '', text);
const page = (body: string): string => whole(html(`<html><body>${body}</body></html>`));

export const mails: readonly MailCase[] = [
  {
    name: 'plain text',
    mail: plain('See https://evil-a.top/x today'),
    expected: ['url https://evil-a.top/x'],
  },
  {
    name: '8bit text in UTF-8',
    mail: Buffer.from(
      whole(
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 8bit',
        '',
        'Grüße: http://müller-böse.top/ä',
      ),
    ),
    expected: ['url http://xn--mller-bse-67a3d.top/ä'],
  },
  {
    name: 'quoted-printable with soft line breaks',
    mail: whole(
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quoted(`Please pay at https://evil-a.top/${'long/'.repeat(20)}?id=3&x=ü today`),
    ),
    expected: [`url https://evil-a.top/${'long/'.repeat(20)}?id=3&x=ü`],
  },
  {
    name: 'HTML in base64 with SafeLinks',
    mail: page(
      `<a href="${safeLink('https://evil-a.top/login?a=1&b=2').replaceAll('&', '&amp;')}">Open the document</a>`,
    ),
    expected: ['url https://evil-a.top/login?a=1&b=2'],
  },
  {
    name: 'HTML in base64 with SafeLinks that lead to the inside',
    mail: page(`<a href="${safeLink('https://wiki.corp.lan/x')}">Wiki</a>`),
    expected: ['skipped url https://wiki.corp.lan/x'],
  },
  {
    name: 'a link that shows another one',
    mail: page(
      '<a href="https://evil-a.top/x">https://www.mybank.com/login</a> and <a href=\'http://evil-b.top/\'>Visit www.mybank.com now</a>',
    ),
    expected: ['url https://evil-a.top/x', 'url http://evil-b.top/'],
  },
  {
    name: 'a link whose text says more',
    mail: page(
      '<a href="https://evil-a.top/x">server 45.77.12.34, seen as evil-c[.]top</a> <a href="#top">evil-b.top</a> <a title="www.mybank.com" href="https://evil-d.top/">x</a>',
    ),
    expected: [
      'url https://evil-a.top/x',
      'ip 45.77.12.34',
      'domain evil-c.top',
      'domain evil-b.top',
      'url https://evil-d.top/',
    ],
  },
  {
    name: 'multipart/alternative',
    mail: whole(
      multipart(
        'alternative',
        'alt',
        part('Content-Type: text/plain', 'Read https://evil-a.top/x or https://evil-p.top/'),
        html('<a href="https://evil-a.top/x">Read</a>'),
      ),
    ),
    expected: ['url https://evil-a.top/x', 'url https://evil-p.top/'],
  },
  {
    name: 'multipart/related with a picture',
    mail: whole(
      multipart(
        'related',
        'rel',
        html('<a href="https://evil-a.top/x"><img src="cid:logo@sender-a.top"></a>'),
        part(
          [
            'Content-Type: image/png; name=logo.png',
            'Content-ID: <logo@sender-a.top>',
            'Content-Disposition: inline',
            'Content-Transfer-Encoding: base64',
          ],
          base64(PICTURE),
        ),
      ),
    ),
    expected: ['url https://evil-a.top/x', `skipped ${file(PICTURE)}`],
  },
  {
    name: 'multipart/related with a program that says it is a picture',
    mail: whole(
      multipart(
        'related',
        'rel',
        html('<img src="cid:logo">'),
        part(
          ['Content-Type: image/png', 'Content-ID: <logo>', 'Content-Transfer-Encoding: base64'],
          base64(PROGRAM),
        ),
      ),
    ),
    expected: [file(PROGRAM)],
  },
  {
    name: 'multipart/mixed with files',
    mail: whole(
      multipart(
        'mixed',
        'mix',
        part('Content-Type: text/plain', 'Two files.'),
        attached('invoice.zip', ARCHIVE, 'application/zip'),
        attached('setup.exe', PROGRAM),
        attached('again.zip', ARCHIVE),
      ),
    ),
    expected: [file(ARCHIVE), file(PROGRAM)],
  },
  {
    name: 'mixed, related and alternative within each other',
    mail: whole(
      multipart(
        'mixed',
        'one',
        multipart(
          'related',
          'one.two',
          multipart(
            'alternative',
            'one.two.three',
            part('Content-Type: text/plain', 'http://evil-a.top/'),
            html('<a href="http://evil-b.top/">b</a>'),
          ),
        ),
        attached('a.zip', ARCHIVE),
      ),
    ),
    expected: ['url http://evil-a.top/', 'url http://evil-b.top/', file(ARCHIVE)],
  },
  {
    name: 'a mail within a mail',
    mail: whole(
      multipart(
        'mixed',
        'out',
        part('Content-Type: text/plain', 'I got this, see http://evil-a.top/'),
        part(
          'Content-Type: message/rfc822',
          lines(
            'Received: from mail.evil-m.top ([45.77.12.34]) by mx.corp.lan for <bob@corp.com>',
            'From: x@evil-s.top',
            'Subject: pay',
            multipart('mixed', 'in', html('<a href="https://evil-b.top/">x</a>'), attached('a.zip', ARCHIVE)),
          ),
        ),
      ),
    ),
    expected: [
      'url http://evil-a.top/',
      'domain mail.evil-m.top',
      'ip 45.77.12.34',
      'url https://evil-b.top/',
      file(ARCHIVE),
      'skipped domain mx.corp.lan',
    ],
  },
  {
    name: 'a mail that was attached as a file, twice deep and in base64',
    mail: whole(
      multipart(
        'mixed',
        'out',
        attached(
          'fwd.eml',
          whole(
            multipart('mixed', 'in', attached('deep.eml', plain('http://evil-a.top/'), 'message/rfc822')),
          ),
          'message/rfc822',
        ),
        attached('other.EML', plain('http://evil-b.top/')),
      ),
    ),
    expected: ['url http://evil-a.top/', 'url http://evil-b.top/'],
  },
  {
    name: 'a report of delivery',
    mail: whole(
      'Content-Type: multipart/report; report-type=delivery-status; boundary=rep',
      '',
      '--rep',
      part('Content-Type: text/plain', 'Not delivered.'),
      '--rep',
      part(
        'Content-Type: message/delivery-status',
        'Reporting-MTA: dns; mx.evil-m.top',
        'Remote-MTA: dns; 45.77.12.34',
      ),
      '--rep',
      part(
        'Content-Type: text/rfc822-headers',
        'Received: from relay.evil-r.top ([91.92.240.17])',
        'Subject: x',
      ),
      '--rep--',
    ),
    expected: ['domain mx.evil-m.top', 'ip 45.77.12.34', 'domain relay.evil-r.top', 'ip 91.92.240.17'],
  },
  {
    name: 'TNEF, as Outlook sends it: its file is hashed',
    mail: whole(
      multipart(
        'mixed',
        'b',
        part('Content-Type: text/plain', 'x'),
        attached('winmail.dat', PROGRAM, 'application/ms-tnef'),
      ),
    ),
    expected: [file(PROGRAM)],
  },
  {
    name: 'windows-1252',
    mail: Buffer.from(
      whole(
        'Content-Type: text/plain; charset=windows-1252',
        'Content-Transfer-Encoding: 8bit',
        '',
        'f\u00fcr http://b\u00f6se-a.top/',
      ),
      'latin1',
    ),
    expected: ['url http://xn--bse-a-jua.top/'],
  },
  {
    name: 'iso-2022-jp',
    mail: Buffer.concat([
      Buffer.from(whole('Content-Type: text/plain; charset=iso-2022-jp', '', '')),
      Buffer.from('\u001b$B%m%0%$%s\u001b(B https://evil-a.top/x\r\n', 'latin1'),
    ]),
    expected: ['url https://evil-a.top/x'],
  },
  {
    name: 'gb18030',
    mail: whole(
      'Content-Type: text/html; charset=gb18030',
      'Content-Transfer-Encoding: base64',
      '',
      base64(
        Buffer.concat([
          Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
          Buffer.from('<a href="https://evil-a.top/x">'),
          Buffer.from([0xb5, 0xe7]),
          Buffer.from('</a>'),
        ]),
      ),
    ),
    expected: ['url https://evil-a.top/x'],
  },
  {
    name: 'koi8-r',
    mail: whole(
      'Content-Type: text/plain; charset=koi8-r',
      'Content-Transfer-Encoding: base64',
      '',
      base64(
        Buffer.concat([
          Buffer.from('http://'),
          Buffer.from([0xd0, 0xd2, 0xc9, 0xcd, 0xc5, 0xd2]),
          Buffer.from('.'),
          Buffer.from([0xd2, 0xc6]),
          Buffer.from('/x'),
        ]),
      ),
    ),
    expected: ['url http://xn--e1afmkfd.xn--p1ai/x'],
  },
  {
    name: 'utf-16 in base64',
    mail: whole(
      'Content-Type: text/plain; charset=utf-16le',
      'Content-Transfer-Encoding: base64',
      '',
      base64(Buffer.from('see http://evil-a.top/x', 'utf16le')),
    ),
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'a charset that is none',
    mail: whole('Content-Type: text/plain; charset=x-nobody-knows', '', 'http://evil-a.top/x'),
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'a charset that is wrong',
    mail: Buffer.from(
      whole(
        'Content-Type: text/html; charset=us-ascii',
        '',
        '<p>Grüße</p><a href="http://evil-a.top/x">ü</a>',
      ),
    ),
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'names of files in RFC 2231, in pieces and as encoded words',
    mail: whole(
      multipart(
        'mixed',
        'b',
        part(
          [
            'Content-Type: application/zip',
            "Content-Disposition: attachment; filename*0*=utf-8''inv%C3%B6; filename*1=ice.zip",
            'Content-Transfer-Encoding: base64',
          ],
          base64(ARCHIVE),
        ),
        part(
          [
            'Content-Type: application/x; name="=?utf-8?B?c2V0dXAuZXhl?="',
            'Content-Transfer-Encoding: base64',
          ],
          base64(PROGRAM),
        ),
      ),
    ),
    expected: [file(ARCHIVE), file(PROGRAM)],
  },
  {
    name: 'no end of the last part',
    mail: lines(
      ...HEADER,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      html('<a href="http://evil-a.top/x">x</a>'),
      '--b',
      attached('a.zip', ARCHIVE),
    ),
    expected: ['url http://evil-a.top/x', file(ARCHIVE)],
  },
  {
    name: 'a boundary that parts nothing',
    mail: whole(
      'Content-Type: multipart/mixed; boundary=other',
      '',
      '--b',
      'Content-Type: text/html',
      'Content-Transfer-Encoding: base64',
      '',
      base64('<a href="http://evil-a.top/x">x</a>'),
      '--b--',
    ),
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'no boundary named',
    mail: whole(
      'Content-Type: multipart/alternative',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'http://evil-a.top/x',
      '--b--',
    ),
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'fields twice: the first counts',
    mail: whole(
      'Content-Type: text/html',
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Transfer-Encoding: base64',
      'Subject: second http://evil-b.top/',
      '',
      '<a href=3D"http://evil-a.top/x">x</a>',
    ),
    expected: ['url http://evil-b.top/', 'url http://evil-a.top/x'],
  },
  {
    name: 'folded fields',
    mail: lines(
      'Received: from mail.evil-m.top',
      '\t(unknown',
      ' [45.77.12.34])',
      ' by mx.corp.lan;',
      ' Mon, 1 Jan 2024 10:00:00 +0000',
      'From: x@sender-a.top',
      'Subject: see',
      ' http://evil-a.top/x',
      '',
      'hello',
    ),
    expected: [
      'domain mail.evil-m.top',
      'ip 45.77.12.34',
      'url http://evil-a.top/x',
      'skipped domain mx.corp.lan',
    ],
  },
  {
    name: 'where it came from: public addresses, and private ones that stay',
    mail: lines(
      'Received: from [10.1.2.3] (helo=pc-7) by relay.evil-m.top with esmtpsa; Mon, 1 Jan 2024 10:00:00 +0000',
      'Received: from pc-8 ([192.168.1.9]) by mx.corp.lan',
      'X-Originating-IP: [91.92.240.17]',
      'From: x@sender-a.top',
      'To: jane@corp.com',
      '',
      'hello',
    ),
    expected: [
      'domain relay.evil-m.top',
      'ip 91.92.240.17',
      'skipped ip 10.1.2.3',
      'skipped ip 192.168.1.9',
      'skipped domain mx.corp.lan',
    ],
  },
  {
    name: 'the first line of an mbox',
    mail: `From x@sender-a.top Mon Jan  1 10:00:00 2024\n${plain('http://evil-a.top/x').replaceAll('\r\n', '\n')}`,
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'an mbox of two',
    mail: lines(
      'From x@sender-a.top Mon Jan  1 10:00:00 2024',
      page('<a href="http://evil-a.top/x">www.mybank.com</a>'),
      '',
      'From y@sender-b.top Tue Jan  2 10:00:00 2024',
      whole(multipart('mixed', 'b', attached('a.zip', ARCHIVE))),
    ),
    expected: ['url http://evil-a.top/x', file(ARCHIVE)],
  },
  {
    name: 'lines that end in a line feed alone',
    mail: whole(
      multipart('mixed', 'b', html('<a href="http://evil-a.top/x">x</a>'), attached('a.zip', ARCHIVE)),
    ).replaceAll('\r\n', '\n'),
    expected: ['url http://evil-a.top/x', file(ARCHIVE)],
  },
  {
    name: 'a byte order mark and empty lines before the header',
    mail: `\ufeff\r\n${plain('http://evil-a.top/x')}`,
    expected: ['url http://evil-a.top/x'],
  },
  {
    name: 'HTML with a base',
    mail: page(
      '<base href="https://evil-a.top/dir/"><a href="login.php?a=1&amp;b=2">x</a><img src="/p.gif"><form action="post.php">',
    ),
    expected: [
      'url https://evil-a.top/dir/',
      'url https://evil-a.top/dir/login.php?a=1&b=2',
      'url https://evil-a.top/p.gif',
      'url https://evil-a.top/dir/post.php',
    ],
  },
  {
    name: 'HTML that refreshes, has areas and forms',
    mail: page(
      '<meta http-equiv="refresh" content="0; url=https://evil-a.top/r"><map><area href="https://evil-b.top/area"></map>' +
        '<form action=https://evil-c.top/steal><button formaction="https://evil-d.top/b">x</button></form><table background="//evil-e.top/bg.png">',
    ),
    expected: [
      'url https://evil-a.top/r',
      'url https://evil-b.top/area',
      'url https://evil-c.top/steal',
      'url https://evil-d.top/b',
      'url http://evil-e.top/bg.png',
    ],
  },
  {
    name: 'HTML with data:, cid: and mailto:',
    mail: page(
      `<a href="data:text/html;base64,${Buffer.from('<script>location="https://evil-a.top/data"</script>').toString('base64')}">x</a>` +
        `<img src="data:image/png;base64,${PICTURE.toString('base64')}"><img src="cid:part1.evil-b.top"><a href="mailto:help@evil-c.top">help@evil-c.top</a>`,
    ),
    expected: ['url https://evil-a.top/data'],
  },
  {
    name: 'HTML that was attached: hashed, and its links found',
    mail: whole(
      multipart(
        'mixed',
        'b',
        part('Content-Type: text/plain', 'Open the file.'),
        attached('invoice.htm', '<form action="https://evil-a.top/steal.php">'),
      ),
    ),
    expected: [file('<form action="https://evil-a.top/steal.php">'), 'url https://evil-a.top/steal.php'],
  },
  {
    name: 'text that was attached and not encoded: hashed as it stands, without the line break before the boundary',
    mail: whole(
      multipart(
        'mixed',
        'b',
        part(
          ['Content-Type: text/plain', 'Content-Disposition: attachment; filename=a.txt'],
          'one',
          'two http://evil-a.top/',
        ),
      ),
    ),
    expected: [file('one\r\ntwo http://evil-a.top/'), 'url http://evil-a.top/'],
  },
  {
    name: 'text that was attached in quoted-printable',
    mail: whole(
      multipart(
        'mixed',
        'b',
        part(
          [
            'Content-Type: text/plain',
            'Content-Disposition: attachment; filename=a.txt',
            'Content-Transfer-Encoding: quoted-printable',
          ],
          'a=3D1=',
          '2',
          'http://evil-a.top/',
        ),
      ),
    ),
    expected: [file('a=12\r\nhttp://evil-a.top/'), 'url http://evil-a.top/'],
  },
  {
    name: 'a signature of the mail, and a file that says it is one',
    mail: whole(
      multipart(
        'signed',
        'b',
        part('Content-Type: text/plain', 'hello'),
        attached('smime.p7s', ARCHIVE, 'application/pkcs7-signature'),
        attached('run.exe', PROGRAM, 'application/pkcs7-signature'),
      ),
    ),
    expected: [file(PROGRAM), `skipped ${file(ARCHIVE)}`],
  },
  {
    name: 'an empty file',
    mail: whole(
      multipart('mixed', 'b', part('Content-Type: text/plain', 'http://evil-a.top/'), attached('a.zip', '')),
    ),
    expected: ['url http://evil-a.top/', `skipped ${file('')}`],
  },
  {
    name: 'an invitation',
    mail: whole(
      multipart(
        'alternative',
        'b',
        part('Content-Type: text/plain', 'Meeting'),
        part(
          'Content-Type: text/calendar; method=REQUEST',
          'BEGIN:VCALENDAR',
          'BEGIN:VEVENT',
          'URL:https://evil-a.top/meet',
          'END:VEVENT',
          'END:VCALENDAR',
        ),
      ),
    ),
    expected: ['url https://evil-a.top/meet'],
  },
  {
    name: 'an object as mailparser gives it',
    mail: {
      headers: new Map<string, unknown>([
        ['received', ['from mail.evil-m.top ([45.77.12.34]) by mx.corp.lan for <jane@corp.com>']],
        ['from', { value: [{ address: 'x@sender-a.top', name: 'X' }], text: 'X <x@sender-a.top>' }],
        ['subject', 'Invoice'],
        ['content-type', { value: 'text/html', params: { charset: 'utf-8' } }],
      ]),
      text: 'see http://evil-t.top/',
      html: `<a href="${safeLink('https://evil-a.top/x')}">www.mybank.com</a>`,
      textAsHtml: '<p>see <a href="http://evil-t.top/">http://evil-t.top/</a></p>',
      subject: 'Invoice',
      from: { value: [{ address: 'x@sender-a.top', name: 'X' }], text: 'X <x@sender-a.top>' },
      to: { value: [{ address: 'jane@corp.com', name: '' }], text: 'jane@corp.com' },
      messageId: '<1@sender-a.top>',
      attachments: [
        {
          type: 'attachment',
          content: ARCHIVE,
          contentType: 'application/zip',
          filename: 'a.zip',
          checksum: '0123456789abcdef0123456789abcdef',
          size: ARCHIVE.length,
        },
        { content: { type: 'Buffer', data: [...PROGRAM] }, contentType: 'application/x', filename: 'b.exe' },
      ],
    },
    expected: [
      'domain mail.evil-m.top',
      'ip 45.77.12.34',
      'url http://evil-t.top/',
      'url https://evil-a.top/x',
      file(ARCHIVE),
      file(PROGRAM),
      'skipped domain mx.corp.lan',
    ],
  },
  {
    name: 'an object with what is no part of a mail beside it',
    mail: {
      id: 7,
      subject: 'x',
      from: 'x@sender-a.top',
      html: '<a href="https://evil-a.top/x">www.mybank.com</a>',
      attachments: [{ filename: 'a.zip', url: 'https://evil-b.top/a.zip' }],
      sourceIp: '45.77.12.34',
    },
    expected: ['url https://evil-a.top/x', 'url https://evil-b.top/a.zip', 'ip 45.77.12.34'],
  },
  {
    name: 'a mail within an object of another program',
    mail: {
      alert: { id: 1, raw: page('<a href="https://evil-a.top/x">www.mybank.com</a>'), src_ip: '45.77.12.34' },
    },
    expected: ['url https://evil-a.top/x', 'ip 45.77.12.34'],
  },
  {
    name: 'an invitation whose long lines are folded',
    mail: whole(
      multipart(
        'alternative',
        'x',
        part('Content-Type: text/plain', 'join'),
        part(
          ['Content-Type: text/calendar; method=REQUEST', 'Content-Transfer-Encoding: base64'],
          base64(
            lines(
              'BEGIN:VCALENDAR',
              'LOCATION:https://evil-a.top/me',
              ' et',
              'DESCRIPTION:https://evil-b.top/',
              '\tx\\nbye',
              '',
            ),
          ),
        ),
      ),
    ),
    expected: ['url https://evil-a.top/meet', 'url https://evil-b.top/x'],
  },
  {
    name: 'an invitation as a file',
    mail: whole(
      multipart(
        'mixed',
        'x',
        part('Content-Type: text/plain', 'join'),
        attached('i.ics', 'URL:https://evil-a.top/me\r\n et\r\n'),
      ),
    ),
    expected: [file('URL:https://evil-a.top/me\r\n et\r\n'), 'url https://evil-a.top/meet'],
  },
  {
    name: 'line breaks and tabs within the address of a link, which browsers leave out',
    mail: whole(
      'Content-Type: text/html',
      '',
      '<a href="https://evil',
      '-a.top/x">a</a> <a href="https://evil&NewLine;-b.top/&#9;x">b</a> <a href=" ht\ttps://evil-c.top/x ">c</a>',
    ),
    expected: ['url https://evil-a.top/x', 'url https://evil-b.top/x', 'url https://evil-c.top/x'],
  },
  {
    name: 'a backslash behind the host of a link, which is a slash to browsers',
    mail: page(
      `<a href="https://evil-a.top\\.safelinks.protection.outlook.com/?url=https%3A%2F%2Fgood.com%2F">a</a>` +
        `<a href="https://evil-b.top:443\\@good.com/">b</a><a href="https:\\\\evil-c.top\\x">c</a>`,
    ),
    expected: [
      'url https://evil-a.top/.safelinks.protection.outlook.com/?url=https%3A%2F%2Fgood.com%2F',
      'url https://evil-b.top/@good.com/',
      'url https://evil-c.top/x',
    ],
  },
  {
    name: 'a backslash and @ behind the host of a URL in text',
    mail: plain('see https://evil-a.top\\@good.com/x'),
    expected: ['url https://evil-a.top/@good.com/x'],
  },
  {
    name: 'carriage returns alone as line breaks',
    mail: whole(
      multipart(
        'mixed',
        'x',
        part('Content-Type: text/html', '<a href="https://evil-a.top/x">https://www.mybank.com/</a>'),
        attached('setup.exe', PROGRAM),
      ),
    ).replaceAll('\n', ''),
    expected: ['url https://evil-a.top/x', file(PROGRAM)],
  },
  {
    name: 'signatures and checks of servers, which name the domain of the sender',
    mail: lines(
      'ARC-Seal: i=1; a=rsa-sha256; d=arc-a.top; s=a; b=AAAA',
      'ARC-Message-Signature: i=1; a=rsa-sha256; d=arc-a.top; bh=AAAA=; b=AAAA',
      'ARC-Authentication-Results: i=1; mx.corp.com; spf=pass smtp.mailfrom=sender-a.top; dkim=pass header.d=sender-a.top',
      'Authentication-Results: spf=pass (sender IP is 45.77.12.34) smtp.mailfrom=sender-a.top; dkim=pass header.d=sender-a.top',
      'Received-SPF: Pass (protection.outlook.com: domain of sender-a.top designates 2a01:4f8::1 as permitted sender)',
      ' receiver=protection.outlook.com; client-ip=2a01:4f8::1; helo=mail.sender-a.top; pr=C',
      'DKIM-Signature: v=1; a=rsa-sha256; d=sender-a.top; i=@sender-a.top; s=s1; bh=AAAA=; b=AAAA',
      'X-Google-DKIM-Signature: v=1; d=1e100.net; s=1; b=AAAA',
      ...HEADER,
      '',
      'hello',
    ),
    expected: ['ip 45.77.12.34', 'ip 2a01:4f8::1'],
  },
  {
    name: 'the head of an encrypted mail, which each of them has',
    mail: whole(
      multipart(
        'encrypted; protocol="application/pgp-encrypted"',
        'x',
        part('Content-Type: application/pgp-encrypted', 'Version: 1'),
        part('Content-Type: text/plain', 'https://evil-a.top/x'),
      ),
    ),
    expected: ['url https://evil-a.top/x', `skipped ${file('Version: 1')}`],
  },
  {
    name: 'an object with an attachment in base64, and no field that is known',
    mail: {
      headers: {},
      text: '',
      html: `<a href="${safeLink('https://evil-a.top/x')}">https://www.mybank.com/</a>`,
      attachments: [{ filename: 'a.zip', content: ARCHIVE.toString('base64'), encoding: 'base64' }],
    },
    expected: ['url https://evil-a.top/x', file(ARCHIVE)],
  },
  {
    name: 'an object with an attachment in base64 that does not say so',
    mail: {
      headers: { from: 'a@sender-a.top' },
      text: 'x',
      attachments: [
        { filename: 'a.zip', contentType: 'application/zip', content: ARCHIVE.toString('base64') },
        { filename: 'a.txt', contentType: 'text/plain', content: 'https://evil-a.top' },
      ],
    },
    expected: [file(ARCHIVE), file('https://evil-a.top'), 'url https://evil-a.top/'],
  },
];

/** What `mailDomains` adds: the sender's domains only. */
export const mailsWithSenders: readonly MailCase[] = [
  {
    name: 'From, Reply-To and Return-Path',
    mail: lines(
      'Return-Path: <bounce+jane=corp.com@bounce-a.top>',
      'Received: from mail.evil-m.top ([45.77.12.34]) by mx.corp.lan for <jane@corp.com>',
      'From: "help@mybank.com" <billing@sender-a.top>',
      'Reply-To: reply@reply-a.top',
      'To: jane@corp.com, "Bob" <bob@other-corp.com>',
      'Cc: team@corp.com',
      'Delivered-To: jane@corp.com',
      'Message-ID: <1@id-a.top>',
      'List-Unsubscribe: <mailto:leave@corp.com>, <https://evil-u.top/u?e=jane@corp.com>',
      '',
      'hello',
    ),
    expected: [
      'domain bounce-a.top',
      'domain mail.evil-m.top',
      'ip 45.77.12.34',
      'domain sender-a.top',
      'domain reply-a.top',
      'url https://evil-u.top/u?e=jane@corp.com',
      'skipped domain mx.corp.lan',
    ],
  },
  {
    name: 'an object',
    mail: {
      headers: { subject: 'x', to: 'jane@corp.com' },
      from: { value: [{ address: 'x@sender-a.top', name: 'help@mybank.com' }] },
      replyTo: [{ address: 'y@reply-a.top' }],
      to: { value: [{ address: 'jane@corp.com' }] },
      text: 'hello',
    },
    expected: ['domain sender-a.top', 'domain reply-a.top'],
  },
];
