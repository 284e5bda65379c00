import { expect } from 'chai';
import { MockAgent } from 'undici';
import { VirusTotalApi } from '../../src/api/client';
import type { Indicator } from '../../src/ioc/ioc';
import { STAND_IN_KEY, startStandIn } from '../../tools/fake-virustotal/stand-in';
import { failureOf } from './failing';
import { domainBody, serve } from './local-server';

const HASH = 'ab'.repeat(16);
const URL_WITH_ALL = 'http://example.com/päth?a=b&c=~ÿ>>>#';

interface Sent {
  origin: string;
  path: string;
  method: string;
  headers: Record<string, string>;
}

/** What is sent to VirusTotal's own address, which is never reached. */
async function sent(apiVersion: 'v2' | 'v3', indicator: Indicator, apiUrl?: string): Promise<Sent> {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const requests: Sent[] = [];
  for (const origin of ['https://www.virustotal.com', 'http://virustotal.test:8080']) {
    agent
      .get(origin)
      .intercept({ path: () => true })
      .reply((request) => {
        requests.push({ ...(request as unknown as Sent), origin });
        return { statusCode: 200, data: '{}' };
      });
  }
  const api = new VirusTotalApi({
    apiKey: STAND_IN_KEY,
    apiVersion,
    dispatcher: agent,
    ...(apiUrl === undefined ? {} : { apiUrl }),
  });
  await failureOf(api.getReport(indicator));
  await api.close();
  const [request] = requests;
  if (request === undefined || requests.length > 1) throw new Error(`${requests.length} requests`);
  return request;
}

describe('A request to VirusTotal', () => {
  for (const [what, indicator, v3, v2] of [
    ['a file', { type: 'file', value: HASH }, `files/${HASH}`, `file/report?resource=${HASH}`],
    [
      'a domain',
      { type: 'domain', value: 'example.com' },
      'domains/example.com',
      'domain/report?domain=example.com',
    ],
    [
      'an IP address',
      { type: 'ip', value: '203.0.113.7' },
      'ip_addresses/203.0.113.7',
      'ip-address/report?ip=203.0.113.7',
    ],
    [
      'an IPv6 address',
      { type: 'ip', value: '2001:db8::1' },
      'ip_addresses/2001:db8::1',
      'ip-address/report?ip=2001%3Adb8%3A%3A1',
    ],
    [
      'a URL',
      { type: 'url', value: URL_WITH_ALL },
      `urls/${Buffer.from(URL_WITH_ALL).toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`,
      `url/report?resource=${encodeURIComponent(URL_WITH_ALL)}`,
    ],
  ] as const) {
    it(`about ${what} is one GET with the key in a header, with API v3`, async () => {
      const request = await sent('v3', indicator);
      expect(request).to.include({
        origin: 'https://www.virustotal.com',
        method: 'GET',
        path: `/api/v3/${v3}`,
      });
      expect(request.headers['x-apikey']).to.equal(STAND_IN_KEY);
    });

    it(`about ${what} is one GET with the key as a parameter, with API v2`, async () => {
      const request = await sent('v2', indicator);
      expect(request).to.include({
        origin: 'https://www.virustotal.com',
        method: 'GET',
        path: `/vtapi/v2/${v2}&apikey=${STAND_IN_KEY}`,
      });
      expect(request.headers).not.to.have.property('x-apikey');
    });
  }

  it('never submits a URL or file for scanning', async () => {
    const { path } = await sent('v2', { type: 'url', value: 'http://example.com/' });
    expect(path).not.to.include('scan=');
  });

  it('goes to the base URL, with or without a slash at its end', async () => {
    for (const base of [
      'http://virustotal.test:8080/mirror/v3',
      ' http://virustotal.test:8080/mirror/v3/ ',
    ]) {
      const request = await sent('v3', { type: 'domain', value: 'example.com' }, base);
      expect(request).to.include({
        origin: 'http://virustotal.test:8080',
        path: '/mirror/v3/domains/example.com',
      });
    }
  });

  it('goes to VirusTotal itself when the base URL is empty', async () => {
    const { origin } = await sent('v3', { type: 'domain', value: 'example.com' }, '  ');
    expect(origin).to.equal('https://www.virustotal.com');
  });

  it('stays below the base URL, whatever the indicator holds', async () => {
    const { path } = await sent('v3', { type: 'domain', value: '../users/me?a=b#c' });
    expect(path).to.equal('/api/v3/domains/..%2Fusers%2Fme%3Fa%3Db%23c');
  });
});

describe('Each request to a server', () => {
  for (const apiVersion of ['v2', 'v3'] as const) {
    it(`names this package in its headers, for reports and quotas, with API ${apiVersion}`, async () => {
      const server = await serve((_request, response) => response.end('{}'));
      const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: server.origin });
      await failureOf(api.getReport({ type: 'domain', value: 'example.com' }));
      await api.overallQuotas();
      if (apiVersion === 'v3') await api.send(api.mitreTrees(HASH));
      expect(server.requests.map(({ headers }) => headers['x-tool'])).to.deep.equal(
        new Array(apiVersion === 'v3' ? 3 : 1).fill('node-red-virustotal'),
      );
      await api.close();
      await server.close();
    });

    it(`names this package to the stand-in, with API ${apiVersion}`, async () => {
      const standIn = await startStandIn();
      const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: standIn.url(apiVersion) });
      await api.getReport({ type: 'domain', value: 'example.com' });
      expect(standIn.requests.map(({ tool }) => tool)).to.deep.equal(['node-red-virustotal']);
      await api.close();
      await standIn.close();
    });
  }
});

describe('A dispatcher of the caller', () => {
  it('sends the requests and is left open', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const reply = () =>
      agent
        .get('https://www.virustotal.com')
        .intercept({ path: '/api/v3/domains/example.com' })
        .reply(200, domainBody(), { headers: { 'content-type': 'application/json' } });
    for (const _ of [1, 2]) {
      reply();
      const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, dispatcher: agent });
      expect(await api.getReport({ type: 'domain', value: 'example.com' })).to.have.property('answer');
      await api.close();
    }
    await agent.close();
  });
});
