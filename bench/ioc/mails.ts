import { MD5, type Row, SHA256 } from '../../tools/ioc-corpus/case';

const base64 = (text: string): string =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\n');
const quoted = (text: string): string => text.replace(/=/g, '=3D').replace(/(.{60})/g, '$1=\n');

const HEAD = [
  'Received: from mail.bad-sender.net (mail.bad-sender.net [45.77.12.34]) by mx1 (Postfix); Fri, 1 Mar 2024 12:34:56 +0000',
  `Message-ID: <${MD5}@bad-sender.net>`,
  'From: "Support" <support@bad-sender.net>',
  'To: alice@corp-mail.net',
  'Subject: Your parcel',
  'MIME-Version: 1.0',
].join('\n');
const FOUND = ['domain mail.bad-sender.net', 'ip 45.77.12.34'];

/** Made-up raw phishing mails in the shape of those that people forward. */
export const mails: readonly Row[] = [
  [
    `${HEAD}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${quoted(
      '<p>Hello</p><a href="https://acct-verify.top/in?id=4242&amp;t=ab">pay the fee of today</a> and good bye',
    )}\n`,
    ...FOUND,
    'url https://acct-verify.top/in?id=4242&t=ab',
  ],
  [
    `${HEAD}\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n${base64(
      '<html><body>See <a href="https://bad-login.top/in">this</a>, or call 10.0.0.1</body></html>',
    )}\n`,
    ...FOUND,
    'url https://bad-login.top/in',
    'skipped ip 10.0.0.1',
  ],
  [
    `${HEAD}\nContent-Type: multipart/alternative; boundary="b1_${MD5}"\n\n--b1_${MD5}\nContent-Type: text/plain\n` +
      `Content-Transfer-Encoding: 7bit\n\nOpen https://acct-verify.top/in?id=4242\n--b1_${MD5}\n` +
      `Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<a href=3D"https://acct-verify.top/in?id=3D4242">x</a>\n--b1_${MD5}--\n`,
    ...FOUND,
    'url https://acct-verify.top/in?id=4242',
  ],
  [
    `${HEAD}\nContent-Type: text/plain\n\nhxxps://bad-drop[.]xyz/a and the attachment, SHA256 ${SHA256}.\n`,
    ...FOUND,
    'url https://bad-drop.xyz/a',
    `file ${SHA256}`,
  ],
];
