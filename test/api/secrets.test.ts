import { inspect } from 'node:util';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { Redactor } from '../../src/api/redact';
import { STAND_IN_KEY } from '../support/stand-in/stand-in';
import { serve } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

const PLAIN = 'se/cr+et key"\\ü';

describe('Text from outside, redacted', () => {
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
    it(`has no secret ${form}`, () => {
      const clean = redactor.redact(text);
      expect(clean).to.include('[redacted]');
      for (const secret of [STAND_IN_KEY, PLAIN]) {
        expect(clean.toLowerCase()).not.to.include(secret);
        expect(Buffer.from(clean.replace(/^Basic /, ''), 'base64').toString()).not.to.include(secret);
      }
    });
  }

  it('is otherwise the same', () => {
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
      it(`is in nothing that comes of ${where}, with API ${apiVersion}`, async () => {
        const server = await serve((request, response) => {
          const said = `${STAND_IN_KEY} of ${request.url} ${String(request.headers['x-apikey'])}`;
          const { status, headers, body } = echo(said);
          response
            .writeHead(status, STAND_IN_KEY, { 'content-type': 'application/json', ...headers })
            .end(body);
        });
        const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: server.origin });
        const outcome: unknown = await api.ask(DOMAIN).catch((error: unknown) => error);
        const trees: unknown = await api
          .behaviourMitreTrees('ab'.repeat(32))
          .catch((error: unknown) => error);
        const quotas: unknown = await api.overallQuotas().catch((error: unknown) => error);
        for (const result of [outcome, trees, quotas]) expect(everythingIn(result)).not.to.include(PIECE);
        expect(server.requests.length).to.be.above(0);
        await api.close();
        await server.close();
      });
    }
  }

  it('is in no error when the question itself can not be sent', async () => {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion: 'v2', apiUrl: 'http://127.0.0.1:1/' });
    const outcome: unknown = await api.ask(DOMAIN).catch((error: unknown) => error);
    expect(everythingIn(outcome)).to.include('VT_NETWORK').and.not.to.include(STAND_IN_KEY);
    await api.close();
  });

  it('and whatever else the caller names is taken out of text', () => {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, secrets: ['redis-pa55word'] });
    const clean = api.redact(`redis://:redis-pa55word@host ${STAND_IN_KEY}`);
    expect(clean).to.equal('redis://:[redacted]@host [redacted]');
  });

  it('is not to be seen in the client', () => {
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY });
    expect(everythingIn(api)).not.to.include(STAND_IN_KEY);
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
