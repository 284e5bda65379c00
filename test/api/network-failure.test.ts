import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { MockAgent } from 'undici';
import { VirusTotalApi } from '../../src/api/client';
import type { ErrorCode } from '../../src/errors';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

const coded = (code: string, message = 'as scripted') => Object.assign(new Error(message), { code });

// `again`: the same request may succeed later.
const TROUBLES: [what: string, trouble: Error, code: ErrorCode, words: string, again?: 'again'][] = [
  ['a name that is not found', coded('ENOTFOUND'), 'VT_NETWORK', 'DNS', 'again'],
  ['a name server that is away', coded('EAI_AGAIN'), 'VT_NETWORK', 'DNS', 'again'],
  ['a refused connection', coded('ECONNREFUSED'), 'VT_NETWORK', 'refused', 'again'],
  ['no route', coded('EHOSTUNREACH'), 'VT_NETWORK', 'EHOSTUNREACH', 'again'],
  [
    'a connection that is not had in time',
    coded('UND_ERR_CONNECT_TIMEOUT'),
    'VT_TIMEOUT',
    'in time',
    'again',
  ],
  ['a connection that TCP gives up', coded('ETIMEDOUT'), 'VT_TIMEOUT', 'in time', 'again'],
  ['a reset connection', coded('ECONNRESET'), 'VT_NETWORK', 'cut', 'again'],
  ['headers without an end', coded('UND_ERR_HEADERS_OVERFLOW'), 'VT_BAD_RESPONSE', 'Broken answer'],
  ['a certificate that is not trusted', coded('SELF_SIGNED_CERT_IN_CHAIN'), 'VT_NETWORK', 'CA'],
  ['a certificate of tomorrow', coded('CERT_NOT_YET_VALID'), 'VT_NETWORK', 'clock'],
  ['a handshake that fails', coded('EPROTO'), 'VT_NETWORK', 'secure'],
  ['something new', coded('EWHATEVER', 'never seen\nbefore'), 'VT_NETWORK', 'never seen before', 'again'],
];

describe('The client', () => {
  for (const [what, trouble, code, words, again] of TROUBLES) {
    it(`reports ${what} as ${code}${again ? ', which a retry may cure' : ''}, with the host in the message`, async () => {
      const agent = new MockAgent();
      agent.disableNetConnect();
      agent
        .get('https://www.virustotal.com')
        .intercept({ path: () => true })
        .replyWithError(trouble);
      const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, dispatcher: agent });
      const error = await failureOf(api.getReport(DOMAIN));
      expect([error.code, error.retryable]).to.deep.equal([code, again === 'again']);
      expect(error.message).to.include(words).and.to.include('www.virustotal.com');
      expect(error).not.to.have.any.keys('cause', 'status');
    });
  }

  it('reports a port where nothing listens as VT_NETWORK, which a retry may cure', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: `http://127.0.0.1:${port}/` });
    const error = await failureOf(api.getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: true });
    expect(error.message).to.include(`127.0.0.1:${port}`).and.to.include('refused');
    await api.close();
  });

  describe('with a server that breaks the rules of HTTP', () => {
    let server: Server;
    let api: VirusTotalApi;
    afterEach(async () => {
      await api.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });

    async function client(speak: (socket: Socket) => void): Promise<VirusTotalApi> {
      server = createServer((socket) => speak(socket.on('error', () => undefined).resume()));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: `http://127.0.0.1:${port}/` });
      return api;
    }

    it('reports an answer that is not HTTP as VT_BAD_RESPONSE', async () => {
      const api = await client((socket) => socket.end('220 mail.test ESMTP\r\n'));
      const error = await failureOf(api.getReport(DOMAIN));
      expect(error).to.include({ code: 'VT_BAD_RESPONSE', retryable: false });
      expect(error.message).to.include('Broken answer');
    });

    it('reports headers without an end as VT_BAD_RESPONSE', async () => {
      const api = await client((socket) => {
        socket.on('data', () =>
          socket.write(`HTTP/1.1 200 OK\r\n${`x-more: ${'y'.repeat(1000)}\r\n`.repeat(40)}`),
        );
      });
      expect(await failureOf(api.getReport(DOMAIN))).to.include({ code: 'VT_BAD_RESPONSE' });
    });

    it('waits for the answer after early hints (103)', async () => {
      const body = JSON.stringify({ error: { code: 'NotFoundError', message: 'not known' } });
      const api = await client((socket) => {
        socket.on('data', () => {
          socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n');
          socket.write(`HTTP/1.1 404 Not Found\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
        });
      });
      expect(await api.getReport(DOMAIN)).to.have.nested.property('answer.report.response_code', 0);
    });
  });
});
