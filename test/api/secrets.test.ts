import { inspect } from 'node:util';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { Redactor } from '../../src/api/redact';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { freshKey } from '../../tools/fake-virustotal/fresh-key';
import { domainBody, serve, type LocalServer } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

const PLAIN = 'se/cr+et key"\\ü';

describe('Redacted text', () => {
  const redactor = new Redactor([STAND_IN_KEY, PLAIN, undefined, '', 'abc']);

  for (const [form, text] of [
    ['as it is', `Wrong API key: ${STAND_IN_KEY}`],
    ['in capitals', STAND_IN_KEY.toUpperCase()],
    ['in a URL', `/users/${STAND_IN_KEY}/overall_quotas?apikey=${STAND_IN_KEY}`],
    ['percent-encoded', encodeURIComponent(PLAIN)],
    ['percent-encoded in small letters', encodeURIComponent(PLAIN).toLowerCase()],
    ['in JSON', JSON.stringify({ key: PLAIN })],
    ['in base64', Buffer.from(STAND_IN_KEY).toString('base64')],
    ['in base64 behind a user name', `Basic ${Buffer.from(`user:${PLAIN}`).toString('base64')}`],
    ['in base64 behind and before other text', Buffer.from(`a?apikey=${PLAIN}&b`).toString('base64')],
    ['in the base64 of URLs', Buffer.from(`xy${PLAIN}z`).toString('base64url')],
  ] as const) {
    it(`does not hold the secret ${form}`, () => {
      const clean = redactor.redact(text);
      expect(clean).to.include('[redacted]');
      for (const secret of [STAND_IN_KEY, PLAIN]) {
        expect(clean.toLowerCase()).not.to.include(secret);
        expect(Buffer.from(clean.replace(/^Basic /, ''), 'base64').toString()).not.to.include(secret);
      }
    });
  }

  it('is unchanged but for the secret', () => {
    const text = 'Connection refused by 127.0.0.1:443 (abc) $& [redact] ed';
    expect(redactor.redact(text)).to.equal(text);
    expect(new Redactor([]).redact(text)).to.equal(text);
  });
});

/** No part of the key either, such as is left where a long text is cut. */
const PIECE = STAND_IN_KEY.slice(0, 8);

/** Ways to say back what came, at which a client may be caught quoting it. */
const ECHOES: Record<
  string,
  (said: string) => { status: number; headers?: Record<string, string>; body: string }
> = {
  'an error message': (said) => ({
    status: 401,
    body: JSON.stringify({ error: { code: 'WrongCredentialsError', message: said } }),
  }),
  'an error code': (said) => ({
    status: 400,
    body: JSON.stringify({ error: { code: said, message: said } }),
  }),
  'a long error message': (said) => ({
    status: 400,
    body: JSON.stringify({ error: { code: 'BadRequestError', message: `${'x '.repeat(80)}${said}` } }),
  }),
  'a web page': (said) => ({
    status: 500,
    headers: { 'content-type': 'text/html' },
    body: `<h1>${said}</h1>`,
  }),
  'text that is no JSON': (said) => ({ status: 200, body: `{"data": ${said}` }),
  'JSON that is no report': (said) => ({ status: 200, body: JSON.stringify({ error: { code: said } }) }),
  headers: (said) => ({
    status: 429,
    headers: { 'retry-after': said, 'x-got': said, 'content-type': said, 'content-encoding': said },
    body: said,
  }),
  'a redirect elsewhere': (said) => ({
    status: 302,
    headers: { location: `http://${STAND_IN_KEY}.test/` },
    body: said,
  }),
  'a redirect': (said) => ({
    status: 302,
    headers: { location: `/${STAND_IN_KEY}/?x=${STAND_IN_KEY}` },
    body: said,
  }),
  'a word for unknown': (said) => ({
    status: 404,
    body: JSON.stringify({ error: { code: 'NotFoundError', message: said } }),
  }),
  'a v3 report': (said) => ({
    status: 200,
    body: JSON.stringify({
      data: {
        type: 'domain',
        id: said,
        attributes: {
          registrar: said,
          tags: [said],
          last_analysis_results: { [said]: { category: 'malicious', result: said } },
        },
      },
    }),
  }),
  'a v2 report': (said) => ({
    status: 200,
    body: JSON.stringify({ response_code: 1, resource: said, verbose_msg: said, [said]: { [said]: said } }),
  }),
  'a charset': (said) => ({
    status: 200,
    headers: { 'content-type': `text/html; charset=${said}` },
    body: said,
  }),
};

describe('The API key', () => {
  for (const apiVersion of ['v2', 'v3'] as const) {
    for (const [where, echo] of Object.entries(ECHOES)) {
      it(`does not show in what comes of ${where}, with API ${apiVersion}`, async () => {
        const server = await serve((request, response) => {
          const said = `${STAND_IN_KEY} of ${request.url} ${String(request.headers['x-apikey'])}`;
          const { status, headers, body } = echo(said);
          response
            .writeHead(status, STAND_IN_KEY, { 'content-type': 'application/json', ...headers })
            .end(body);
        });
        const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: server.origin });
        const outcome: unknown = await api.getReport(DOMAIN).catch((error: unknown) => error);
        const trees: unknown = await Promise.resolve()
          .then(() => api.send(api.mitreTrees('ab'.repeat(32))))
          .catch((error: unknown) => error);
        const quotas: unknown = await api.overallQuotas().catch((error: unknown) => error);
        for (const result of [outcome, trees, quotas]) expect(everythingIn(result)).not.to.include(PIECE);
        expect(server.requests.length).to.be.above(0);
        await api.close();
        await server.close();
      });
    }
  }

  it('does not show in the error when the request itself cannot be sent', async () => {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion: 'v2', apiUrl: 'http://127.0.0.1:1/' });
    const outcome: unknown = await api.getReport(DOMAIN).catch((error: unknown) => error);
    expect(everythingIn(outcome)).to.include('VT_NETWORK').and.not.to.include(STAND_IN_KEY);
    await api.close();
  });

  it('is removed from text, with every other secret that the caller names', () => {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, secrets: ['redis-pa55word'] });
    const clean = api.redact(`redis://:redis-pa55word@host ${STAND_IN_KEY}`);
    expect(clean).to.equal('redis://:[redacted]@host [redacted]');
  });

  it('does not show when the client is printed', () => {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY });
    expect(everythingIn(api)).not.to.include(STAND_IN_KEY);
  });
});

/** Ways to write a key that somebody may say it back in. What stands in JSON as a code is written so by `inJson`. */
const codes = (way: (code: number) => string) => (key: string) =>
  [...key].map((char) => way(char.charCodeAt(0))).join('');
const hex = (code: number, digits = 2) => code.toString(16).padStart(digits, '0');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const WAYS: Record<string, (key: string) => string> = {
  'as it is': (key) => key,
  'in capitals': (key) => key.toUpperCase(),
  'cut at the end': (key) => key.slice(0, 20),
  'cut at the beginning': (key) => key.slice(-20),
  'cut to eight characters': (key) => `key ${key.slice(0, 8)}...`,
  'with its middle hidden': (key) => `${key.slice(0, 10)}****${key.slice(-10)}`,
  'as a host name': (key) => `http://${key.slice(0, 63)}.example.com/`,
  'as two labels of a host name': (key) => `${key.slice(0, 32)}.${key.slice(32)}.example.com`,
  'divided into letters by blanks': (key) => [...key].join(' '),
  'divided into letters by soft hyphens': (key) => [...key].join('\u00ad'),
  'divided into letters by characters without width': (key) => [...key].join('\u200b'),
  'divided into pairs by colons': (key) => key.replace(/..(?!$)/g, '$&:'),
  'divided into groups of four': (key) => key.replace(/.{4}(?!$)/g, '$& '),
  'divided into lines of seven': (key) => key.replace(/.{7}/g, '$&\r\n'),
  'reversed and divided': (key) => [...key].reverse().join('-'),
  'in hex divided into bytes': (key) => [...Buffer.from(key)].map((code) => hex(code)).join(' '),
  'in full width': (key) => [...key].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join(''),
  'in percent codes three times': codes((code) => `%2525${hex(code)}`),
  'in escaped entities': codes((code) => `&amp;#x${hex(code)};`),
  'in twice escaped JSON codes': codes((code) => `\\\\u${hex(code, 4)}`),
  'in base64 of UTF-16': (key) => Buffer.from(key, 'utf16le').toString('base64'),
  'in base64 of URLs': (key) => Buffer.from(`a${key}`).toString('base64url'),
  'in hex of UTF-16': (key) => Buffer.from(key, 'utf16le').toString('hex'),
  'in the middle of a word': (key) => `x${key}x`,
  'in percent codes': codes((code) => `%${hex(code)}`),
  'in percent codes twice': codes((code) => `%25${hex(code)}`),
  'in decimal entities': codes((code) => `&#${code};`),
  'in hex entities': codes((code) => `&#x${hex(code).toUpperCase()};`),
  'in backslash codes': codes((code) => `\\x${hex(code)}`),
  'in escaped JSON codes': codes((code) => `\\u${hex(code, 4)}`),
  'in quoted-printable': codes((code) => `=${hex(code).toUpperCase()}`),
  'in hex': (key) => Buffer.from(key).toString('hex'),
  'in capital hex, cut': (key) => Buffer.from(key).toString('hex').toUpperCase().slice(20, 60),
  reversed: (key) => [...key].reverse().join(''),
  'in base64': base64,
  'in base64 behind something': (key) => base64(`user:${key}`),
  'in base64, cut': (key) => base64(key).slice(8, 40),
  'in base64 of its capitals': (key) => base64(key.toUpperCase()),
  'in base64 that is broken into lines': (key) => base64(key).replace(/.{38}/g, '$&\r\n'),
};

/** Letters of the way that are left, as runs of eight that stand in what comes out. */
function leftOf(way: string, shown: string): string | undefined {
  const squeeze = (text: string) =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '');
  const least = Math.min(16, squeeze(way).length);
  const [written, out] = [squeeze(way), squeeze(shown)];
  for (let at = 0; at + least <= written.length; at++) {
    const piece = written.slice(at, at + least);
    // `[redacted]`, the example's names and words around it aren't the key.
    if (out.includes(piece) && !/example|http|key/.test(piece)) return piece;
  }
  return undefined;
}

/** JSON with each letter and digit of the key, and some others, as codes. */
const inJson = (text: string) =>
  JSON.stringify(text).replace(/[0-9a-f]/g, (char) => `\\u${hex(char.charCodeAt(0), 4)}`);

describe('The API key, echoed by an answer', () => {
  const apiKey = freshKey();
  let server: LocalServer;
  let answer: { status: number; headers?: Record<string, string>; body: string };
  before(async () => {
    server = await serve((_request, response) =>
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body),
    );
  });
  after(() => server.close());

  for (const apiVersion of ['v2', 'v3'] as const) {
    for (const [name, write] of Object.entries(WAYS)) {
      it(`does not show in report, raw body or error when echoed as ${name}, with API ${apiVersion}`, async () => {
        const way = write(apiKey);
        const api = new VirusTotalApi({ apiKey, apiVersion, apiUrl: server.origin });
        const value = `"${way.replaceAll('\\', '\\\\').replaceAll('\r\n', '\\r\\n')}"`;
        for (const said of [value, inJson(way)]) {
          const report =
            apiVersion === 'v3'
              ? `{"data":{"type":"domain","id":${said},"attributes":{"registrar":${said},"tags":["a",${said}],"categories":{${said}:${said}},"last_analysis_results":{${said}:{"category":"malicious","result":${said}}}}}}`
              : `{"response_code":1,"verbose_msg":${said},"extra":[{${said}:{"deep":${said}}}],"scans":{${said}:{"detected":true,"result":${said}}}}`;
          answer = { status: 200, body: report };
          const exchange = await api.getReport(DOMAIN);
          expect(exchange).to.have.property('answer');
          expect(leftOf(way, everythingIn(exchange)), report).to.equal(undefined);
          const { body } = (exchange as { answer: { body: Buffer } }).answer;
          expect(leftOf(way, JSON.stringify(JSON.parse(body.toString())))).to.equal(undefined);
          for (const [status, text] of [
            [400, `{"error":{"code":"BadRequestError","message":${said}}}`],
            [401, `{"error":{"code":${said},"message":${said}}}`],
            [200, `{"error":{"code":${said},"message":${said}}}`],
            [404, `{"error":{"code":"NotFoundError","message":${said}}}`],
            [500, `<h1>${way}</h1>`],
          ] as const) {
            answer = { status, body: text };
            const outcome: unknown = await api.getReport(DOMAIN).catch((error: unknown) => error);
            expect(leftOf(way, everythingIn(outcome)), text).to.equal(undefined);
          }
        }
        await api.close();
      });
    }

    it(`does not show in the error when it is the host of a redirect, with API ${apiVersion}`, async () => {
      const api = new VirusTotalApi({ apiKey, apiVersion, apiUrl: server.origin });
      for (const host of [
        apiKey.slice(0, 63),
        `${apiKey.slice(0, 40)}.${apiKey.slice(40)}`,
        apiKey.toUpperCase(),
      ]) {
        answer = { status: 302, headers: { location: `http://${host}.test/` }, body: '' };
        const error: unknown = await api.getReport(DOMAIN).catch((thrown: unknown) => thrown);
        expect(error).to.have.property('code', 'VT_BAD_RESPONSE');
        expect(leftOf(apiKey, everythingIn(error))).to.equal(undefined);
      }
      await api.close();
    });
  }

  it('is removed without changing a hash or other text of the report', async () => {
    const api = new VirusTotalApi({ apiKey, apiUrl: server.origin });
    const near = `${'ab'.repeat(10)}${apiKey.slice(4, 14)}${'cd'.repeat(17)}`;
    const registrar = `${near} \u0041 %41 &#65; ${apiKey.slice(0, 7)}`;
    answer = { status: 200, body: domainBody(registrar).replace('example.com', '\\u0065xample.com') };
    const exchange = await api.getReport(DOMAIN);
    expect(exchange).to.have.nested.property('answer.report.registrar', registrar);
    expect((exchange as { answer: { body: Buffer } }).answer.body.toString()).to.equal(answer.body);
    await api.close();
  });

  it('is looked for in each report in the time of a fraction of its parsing, and never missed by the look', () => {
    const redactor = new Redactor([apiKey]);
    for (const [name, write] of Object.entries(WAYS)) {
      // Of a part under sixteen characters a large body isn't searched.
      const sizes = /eight|middle hidden|seven/.test(name) ? [3] : [3, 20_000];
      for (const size of sizes)
        for (let shift = 0; shift < 13; shift++) {
          const json = Buffer.from(JSON.stringify({ a: 'x'.repeat(size + shift), b: write(apiKey), c: 'y' }));
          expect(redactor.mayContainSecret(json), `${name}, ${size} + ${shift}`).to.equal(true);
        }
    }
    expect(redactor.mayContainSecret(Buffer.from(domainBody('\u00e9 &#233; %20 caf\\u00e9')))).to.equal(
      false,
    );
  });
});

/** What a log, a Catch node or a debugger would show, bodies as text. */
function everythingIn(value: unknown): string {
  const seen = JSON.stringify(value, (_name, part: unknown) =>
    Buffer.isBuffer(part) ? part.toString() : part,
  );
  const body = (value as { answer?: { body?: Buffer } } | undefined)?.answer?.body?.toString();
  const stack = value instanceof Error ? `${value.stack} ${value.message}` : '';
  return [seen, stack, body, inspect(value, { depth: Infinity, showHidden: true })].join('\n');
}
