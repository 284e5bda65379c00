import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { VirusTotalApi } from '../../src/api/client';
import { proxyFromEnvironment } from '../../src/api/dispatcher';
import type { ProxyOptions } from '../../src/api/options';
import { STAND_IN_KEY, startStandIn, type StandIn } from '../../tools/fake-virustotal/stand-in';
import { pem, serverPair } from './certificates';
import { ConnectProxy, type ProxyPlan } from './connect-proxy';
import { failureOf, refusalOf } from './failing';
import { domainBody } from './local-server';

const DOMAIN = { type: 'domain', value: 'example.com' } as const;

const PASSWORD = 'pröxy-pa55word';

/** A name that only the proxy can resolve. */
const HOST = 'virustotal.test';

describe('A proxy', () => {
  let standIn: StandIn;
  let proxy: ConnectProxy;
  let api: VirusTotalApi | undefined;

  beforeEach(async () => {
    standIn = await startStandIn();
  });
  afterEach(async () => {
    await api?.close();
    await proxy.close();
    await standIn.close();
  });

  async function client(plan: Partial<ProxyPlan>, options: Partial<ProxyOptions> = {}, host = HOST) {
    const port = Number(new URL(standIn.origin).port);
    proxy = await new ConnectProxy({ port, ...plan }).listen();
    api = new VirusTotalApi({
      apiKey: STAND_IN_KEY,
      apiUrl: `http://${host}:${port}/api/v3/`,
      timeout: 60_000,
      proxy: { url: proxy.url, ...options },
    });
    return api;
  }

  it('carries every request when it is configured', async () => {
    expect(await (await client({})).getReport(DOMAIN)).to.have.property('answer');
    expect(proxy.asked).to.deep.equal([`${HOST}:${new URL(standIn.origin).port}`]);
  });

  it('may be configured without a scheme', async () => {
    const api = await client({}, {});
    await api.close();
    const bare = new VirusTotalApi({
      apiKey: STAND_IN_KEY,
      apiUrl: `http://${HOST}/api/v3/`,
      proxy: { url: proxy.host },
    });
    expect(await bare.getReport(DOMAIN)).to.have.property('answer');
    await bare.close();
  });

  it('gets the configured user name and password', async () => {
    const credentials = { username: 'jürgen', password: PASSWORD };
    const api = await client({ credentials: `jürgen:${PASSWORD}` }, credentials);
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
  });

  it('gets the user name and password of its URL', async () => {
    const port = Number(new URL(standIn.origin).port);
    proxy = await new ConnectProxy({ port, credentials: 'user:p@ss/word' }).listen();
    const url = `http://user:p%40ss%2Fword@${proxy.host}`;
    api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiUrl: `http://${HOST}/api/v3/`, proxy: { url } });
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
  });

  it('that refuses the password is named in the error, without the password that it echoes', async () => {
    const options = { username: 'user', password: PASSWORD };
    const error = await failureOf((await client({ credentials: 'user:other' }, options)).getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false });
    expect(error.message).to.include('407').and.to.include(proxy.host);
    const all = JSON.stringify([error, error.message, error.stack]);
    expect(all).not.to.include(PASSWORD);
    expect(all).not.to.include(Buffer.from(`user:${PASSWORD}`).toString('base64'));
  });

  it('that forbids the tunnel is named in the error, with its status', async () => {
    const error = await failureOf((await client({ refusal: 'HTTP/1.1 403 Forbidden' })).getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false });
    expect(error.message).to.include('403').and.to.include(proxy.host);
  });

  it('that does not reach the API gives an error that a retry may cure', async () => {
    const error = await failureOf((await client({ refusal: 'HTTP/1.1 502 Bad Gateway' })).getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: true });
  });

  it('that hangs up is connected to once for each request, not again and again', async () => {
    const api = await client({ refusal: 'cut' });
    const error = await failureOf(api.getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: true });
    expect(error.message).to.include(`proxy ${proxy.host}`);
    await failureOf(api.getReport(DOMAIN));
    expect(proxy.asked).to.have.length(2);
  });

  it('that never answers gives VT_TIMEOUT', async () => {
    const port = Number(new URL(standIn.origin).port);
    proxy = await new ConnectProxy({ port, refusal: 'silent' }).listen();
    api = new VirusTotalApi({
      apiKey: STAND_IN_KEY,
      apiUrl: `http://${HOST}/api/v3/`,
      timeout: 100,
      proxy: { url: proxy.url },
    });
    expect(await failureOf(api.getReport(DOMAIN))).to.include({ code: 'VT_TIMEOUT' });
  });

  it('that is not there is named in the error', async () => {
    const api = await client({});
    const { host } = proxy;
    await proxy.close();
    const error = await failureOf(api.getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK' });
    expect(error.message).to.include(`proxy ${host}`);
    proxy = await new ConnectProxy({ port: 1 }).listen();
  });

  it('is not used for the hosts of its exceptions and their subdomains', async () => {
    for (const noProxy of [['127.0.0.1'], ['other.test', ' 127.0.0.1 '], ['*']]) {
      const api = await client({}, { noProxy }, '127.0.0.1');
      expect(await api.getReport(DOMAIN)).to.have.property('answer');
      expect(proxy.asked).to.deep.equal([]);
      await api.close();
      await proxy.close();
    }
    const api = await client({}, { noProxy: ['elsewhere.test', 'total.test'] });
    await api.getReport(DOMAIN);
    expect(proxy.asked).to.have.length(1);
  });

  it('tunnels to an API over TLS, whose certificate is still verified', async () => {
    const secure = createServer(serverPair('server'), (_request, response) => response.end(domainBody()));
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    proxy = await new ConnectProxy({ port: (secure.address() as AddressInfo).port }).listen();
    const through = (host: string) =>
      new VirusTotalApi({
        apiKey: STAND_IN_KEY,
        apiUrl: `https://${host}/api/v3/`,
        proxy: { url: proxy.url },
        tls: { ca: pem('ca.crt') },
      });
    api = through(HOST);
    expect(await api.getReport(DOMAIN)).to.have.property('answer');
    expect(proxy.asked).to.deep.equal([`${HOST}:443`]);

    const wrong = through('other-name.test');
    const error = await failureOf(wrong.getReport(DOMAIN));
    expect(error).to.include({ code: 'VT_NETWORK', retryable: false });
    expect(error.message).to.include('another name').and.to.include('other-name.test');
    await wrong.close();
    secure.closeAllConnections();
    secure.close();
  });
});

describe('The proxy of the environment variables', () => {
  const API = new URL('https://www.virustotal.com/api/v3/');

  const url = (environment: NodeJS.ProcessEnv, target = API) =>
    proxyFromEnvironment(target, environment)?.url;

  it('is the one for the scheme of the API URL, lower-case names first', () => {
    expect(url({})).to.equal(undefined);
    expect(url({ HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:1' })).to.equal('http://a:1');
    expect(url({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://c:1' })).to.equal('http://c:1');
    expect(url({ HTTP_PROXY: 'http://b:1' })).to.equal('http://b:1');
    expect(url({ HTTPS_PROXY: 'http://a:1' }, new URL('http://virustotal.test/'))).to.equal(undefined);
    expect(url({ HTTPS_PROXY: '', HTTP_PROXY: '' })).to.equal(undefined);
  });

  it('is not used for an API on this machine', () => {
    for (const host of ['127.0.0.1:1880', 'localhost', '[::1]:80', 'api.localhost']) {
      expect(url({ HTTP_PROXY: 'http://b:1' }, new URL(`http://${host}/`)), host).to.equal(undefined);
    }
  });

  it('has the exceptions of NO_PROXY', () => {
    const environment = { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'one.test, .two.test three.test:8080' };
    expect(proxyFromEnvironment(API, environment)?.noProxy).to.deep.equal([
      'one.test',
      '.two.test',
      'three.test:8080',
    ]);
  });

  describe('when it is set', () => {
    const kept = { ...process.env };
    afterEach(() => {
      for (const name of ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']) {
        if (kept[name] === undefined) delete process.env[name];
        else process.env[name] = kept[name];
      }
    });

    it('carries every request, and its password shows nowhere', async () => {
      const standIn = await startStandIn();
      const proxy = await new ConnectProxy({
        port: Number(new URL(standIn.origin).port),
        credentials: 'user:env-pa55word',
      }).listen();
      delete process.env['http_proxy'];
      delete process.env['no_proxy'];
      process.env['HTTP_PROXY'] = `http://user:env-pa55word@${proxy.host}`;
      const options = { apiKey: STAND_IN_KEY, apiUrl: `http://${HOST}/api/v3/` };
      const through = new VirusTotalApi(options);
      expect(await through.getReport(DOMAIN)).to.have.property('answer');
      expect(proxy.asked).to.have.length(1);
      expect(through.redact('HTTP_PROXY=http://user:env-pa55word@proxy')).not.to.include('env-pa55word');
      await through.close();

      await proxy.close();
      await standIn.close();
    });
  });
});

describe('A proxy URL that cannot be used', () => {
  for (const url of [
    '',
    'ftp://proxy.test',
    'http://',
    'http://user:pa55word@:80',
    'socks5://proxy.test:1080',
  ]) {
    it(`is refused when the client is made: ${url || 'nothing'}`, () => {
      const error = refusalOf(() => new VirusTotalApi({ apiKey: STAND_IN_KEY, proxy: { url } }));
      expect(error.code).to.equal('VT_CONFIG');
      expect(error.message).not.to.include('pa55word');
    });
  }
});
