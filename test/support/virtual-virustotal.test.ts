import { expect } from 'chai';
import { request } from 'undici';
import { VirtualVirusTotal } from './virtual-virustotal';

const KEY = 'a1'.repeat(32);
const API = 'https://www.virustotal.com/api/v3/';

describe('The VirusTotal without a network', () => {
  it('takes a URL, analyzes it in stages and counts what each request costs', async () => {
    const vt = new VirtualVirusTotal(KEY);
    // What is composed hands it a handler of today's form, as the lookup service does.
    const dispatcher = vt.compose((dispatch) => dispatch);
    vt.state.catalog.set({ 'http://lodge-invoices.net/': 'unknown' });
    const ask = async (path: string, body?: string): Promise<{ data: Record<string, unknown> }> => {
      const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
      const { body: answer } = await request(API + path, {
        dispatcher,
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-apikey': KEY, ...form },
        body: body ?? null,
      });
      return (await answer.json()) as { data: Record<string, unknown> };
    };
    const { data } = await ask('urls', 'url=http%3A%2F%2Flodge-invoices.net%2F');
    const seen = [];
    for (let n = 0; n < 3; n++) seen.push((await ask(`analyses/${String(data['id'])}`)).data['attributes']);
    expect(seen.map((attributes) => (attributes as { status: string }).status)).to.deep.equal([
      'queued',
      'in-progress',
      'completed',
    ]);
    vt.state.related.set('a.net', 'subdomains', ['www.a.net']);
    expect((await ask('domains/a.net/relationships/subdomains')).data).to.have.length(1);
    expect(vt.quota.used().daily).to.equal(5);
    expect(vt.requests.map(({ method }) => method)).to.deep.equal(['POST', 'GET', 'GET', 'GET', 'GET']);
  });
});
