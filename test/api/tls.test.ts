import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket, TlsOptions as ServerTls } from 'node:tls';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import type { TlsOptions } from '../../src/api/options';
import { STAND_IN_KEY } from '../../tools/fake-virustotal/stand-in';
import { pem, serverPair } from './certificates';
import { failureOf, refusalOf } from './failing';
import { domainBody, serve } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

describe('A TLS connection to the API', () => {
  let server: Server;
  let api: VirusTotalApi | undefined;
  let peers: (string | undefined)[];

  afterEach(async () => {
    await api?.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  /** A client of a new server; `localhost` is in the good certificate and not in the others. */
  async function client(serverTls: ServerTls, tls?: TlsOptions): Promise<VirusTotalApi> {
    peers = [];
    server = createServer(serverTls, (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate();
      peers.push(peer.subject?.CN as string | undefined);
      response.writeHead(200, { 'content-type': 'application/json' }).end(domainBody());
    });
    // A client that does not trust it hangs up: nothing to report.
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    api = new VirusTotalApi({
      apiKey: STAND_IN_KEY,
      apiUrl: `https://127.0.0.1:${port}/api/v3/`,
      ...(tls ? { tls } : {}),
    });
    return api;
  }

  it('succeeds when the TLS configuration has the CA', async () => {
    expect(
      await (await client(serverPair('server'), { ca: pem('ca.crt') })).getReport(DOMAIN),
    ).to.have.property('answer');
  });

  it('succeeds when the TLS configuration has several CAs, as bytes', async () => {
    const ca = [Buffer.from(pem('server.crt')), Buffer.from(pem('ca.crt'))];
    expect(await (await client(serverPair('server'), { ca })).getReport(DOMAIN)).to.have.property('answer');
  });

  it('fails for a self-signed certificate, with a message that says what to do', async () => {
    const error = await failureOf((await client(serverPair('server'))).getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false });
    expect(error.message).to.include('not trusted').and.to.include('CA');
    expect(peers).to.deep.equal([]);
  });

  it('fails for a certificate of another host name', async () => {
    const error = await failureOf(
      (await client(serverPair('other'), { ca: pem('ca.crt') })).getReport(DOMAIN),
    );
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false });
    expect(error.message).to.include('another name');
  });

  it('succeeds for a certificate of the server name in the TLS configuration', async () => {
    const api = await client(serverPair('other'), { ca: pem('ca.crt'), servername: 'elsewhere.test' });
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
  });

  it('fails for an expired certificate', async () => {
    const error = await failureOf(
      (await client(serverPair('expired'), { ca: pem('ca.crt') })).getReport(DOMAIN),
    );
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false });
    expect(error.message).to.include('CERT_HAS_EXPIRED');
  });

  it('succeeds with any certificate when verification is off', async () => {
    const api = await client(serverPair('expired'), { rejectUnauthorized: false });
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
  });

  it('presents the client certificate of the TLS configuration', async () => {
    const wanting = {
      ...serverPair('server'),
      ca: pem('ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const api = await client(wanting, {
      ca: pem('ca.crt'),
      cert: pem('client.crt'),
      key: pem('client.key'),
      passphrase: 'made-up-passphrase',
    });
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
    expect(peers).to.deep.equal(['node-red']);
  });

  it('fails without a client certificate when the server requires one', async () => {
    const wanting = {
      ...serverPair('server'),
      ca: pem('ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const error = await failureOf((await client(wanting, { ca: pem('ca.crt') })).getReport(DOMAIN));
    expect(error.code).to.equal('VT_NETWORK');
  });

  it('uses HTTP/1.1 whatever else the server offers', async () => {
    const api = await client(
      { ...serverPair('server'), ALPNProtocols: ['h2', 'http/1.1'] },
      { ca: pem('ca.crt') },
    );
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
  });
});

describe('An https URL of a server that speaks http', () => {
  it('fails with an error that points at the URL', async () => {
    const server = await serve((_request, response) => response.end(domainBody()));
    const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: `https://127.0.0.1:${server.port}/` });
    const error = await failureOf(api.getReport(DOMAIN));
    expect(error.code).to.equal('VT_NETWORK');
    expect(error.message).to.include('https');
    await api.close();
    await server.close();
  });
});

describe('A TLS configuration that cannot be used', () => {
  for (const [what, tls] of [
    [
      'a wrong passphrase',
      { cert: pem('client.crt'), key: pem('client.key'), passphrase: 'another-passphrase' },
    ],
    ['a key of another certificate', { cert: pem('client.crt'), key: pem('server.key') }],
    ['text that is no certificate', { cert: 'no certificate', key: pem('server.key') }],
  ] as const) {
    it(`is refused when the client is made: ${what}`, () => {
      const error = refusalOf(() => new VirusTotalApi({ apiKey: STAND_IN_KEY, tls }));
      expect(error.code).to.equal('VT_CONFIG');
      expect(error.message).not.to.include('passphrase').and.not.to.include('-----');
    });
  }
});
