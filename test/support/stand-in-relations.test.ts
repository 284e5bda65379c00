import { expect } from 'chai';
import { type Json, standInClient, urlId } from './stand-in-client';

const HASH = 'a3'.repeat(32);
const URL_A = 'http://pay.lodge-invoices.net/a';

interface Item {
  type: string;
  id: string;
  attributes?: Record<string, unknown>;
  context_attributes?: Record<string, unknown>;
  error?: { code: string };
}
const items = (json: Json): Item[] => json.data as unknown as Item[];

describe('The VirusTotal stand-in, over relations', () => {
  const client = standInClient();
  const { start, get, post } = client;

  it('gives a relation page by page, each item once and the same each time', async () => {
    await start({ unlisted: 'clean' });
    client.vt.relate(HASH, 'contacted_domains', 25);
    const seen: string[] = [];
    const pages: number[] = [];
    let cursor: unknown;
    do {
      const query: string = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor as string)}`;
      const { json } = await get(`files/${HASH}/contacted_domains${query}`);
      expect(json.meta['count']).to.equal(25);
      pages.push(items(json).length);
      seen.push(...items(json).map(({ id }) => id));
      cursor = json.meta['cursor'];
      expect('next' in json.links).to.equal(cursor !== undefined);
      expect(json.links['next'] ?? 'https://www.virustotal.com/').to.match(
        /^https:\/\/www\.virustotal\.com\//,
      );
    } while (cursor !== undefined);
    expect(pages).to.deep.equal([10, 10, 5]);
    expect(new Set(seen).size).to.equal(25);
    const { json } = await get(`files/${HASH}/relationships/contacted_domains?limit=40`);
    expect(items(json).map(({ id }) => id)).to.deep.equal(seen);
    expect(items(json)[0]).to.have.all.keys('type', 'id');
  });

  it('gives whole objects that are the reports of the items', async () => {
    await start({ catalogue: { 'lodge-invoices.net': 7 }, unlisted: 'clean' });
    client.vt.relate(HASH, 'contacted_domains', ['lodge-invoices.net']);
    const { json } = await get(`files/${HASH}/contacted_domains`);
    expect(items(json)).to.deep.equal([(await get('domains/lodge-invoices.net')).json.data]);
  });

  it('refuses a limit above 40, another list’s cursor and a relation that does not exist', async () => {
    await start({ unlisted: 'clean' });
    client.vt.relate('a.net', 'subdomains', 12);
    const { json } = await get('domains/a.net/subdomains');
    for (const query of ['limit=41', 'limit=0', 'limit=a', 'cursor=none']) {
      expect((await get(`domains/a.net/subdomains?${query}`)).status, query).to.equal(400);
    }
    const cursor = String(json.meta['cursor']);
    expect((await get(`domains/a.net/siblings?cursor=${cursor}`)).status).to.equal(400);
    expect((await get('domains/a.net/contacted_ips')).status).to.equal(404);
    expect((await get('domains/a.net/relationships/nonsense')).status).to.equal(404);
    expect((await get('domains/a.net?relationships=nonsense')).status).to.equal(400);
  });

  it('gives several relations with the object in one request', async () => {
    await start({ unlisted: 'clean', quota: { daily: 10 } });
    client.vt.relate('a.net', 'subdomains', 30);
    client.vt.relate('a.net', 'resolutions', ['21.84.193.7']);
    const { data } = (await get('domains/a.net?relationships=subdomains,resolutions,parent')).json;
    const relationships = data['relationships'] as Record<string, Json>;
    expect(Object.keys(relationships)).to.deep.equal(['subdomains', 'resolutions', 'parent']);
    expect(items(relationships['subdomains'] as Json)).to.have.length(20);
    expect(relationships['parent']?.data).to.equal(null);
    expect(items(relationships['resolutions'] as Json)[0]).to.deep.include({
      type: 'resolution',
      id: '21.84.193.7a.net',
    });
    expect(data.attributes).to.have.property('last_analysis_stats');
    expect(client.vt.counts().accepted).to.equal(1);
    const small = (await get('domains/a.net?exclude_attributes=last_analysis_results,whois')).json.data
      .attributes;
    expect(small).to.have.property('last_analysis_stats');
    expect(small).not.to.have.any.keys('last_analysis_results', 'whois');
  });

  it('forbids a free key the relations of VirusTotal Enterprise, within a list too', async () => {
    await start({ unlisted: 'clean' });
    const premium = [
      `files/${HASH}/itw_urls`,
      `files/${HASH}/relationships/similar_files`,
      'domains/a.net/urls',
    ];
    for (const path of [...premium, 'domains/a.net?relationships=subdomains,urls'])
      expect((await get(path)).json.error.code, path).to.equal('ForbiddenError');
    client.vt.reset({ privileges: ['premium'] });
    for (const path of premium) expect((await get(path)).status, path).to.equal(200);
    expect((await get(`files/${HASH}/campaigns`)).status).to.equal(403);
    client.vt.reset({ privileges: ['gti'] });
    expect((await get(`files/${HASH}/campaigns`)).status).to.equal(200);
  });

  it('has dates with resolutions, of a domain and of an address', async () => {
    await start({ unlisted: 'clean' });
    client.vt.relate('a.net', 'resolutions', ['21.84.193.7']);
    client.vt.relate('21.84.193.7', 'resolutions', ['a.net']);
    for (const path of ['domains/a.net/resolutions', 'ip_addresses/21.84.193.7/resolutions']) {
      const [item] = items((await get(path)).json);
      expect(item).to.include({ type: 'resolution', id: '21.84.193.7a.net' });
      expect(item?.attributes).to.include({ host_name: 'a.net', ip_address: '21.84.193.7' });
      expect(item?.attributes?.['date']).to.equal(item?.context_attributes?.['date']);
      expect(item?.attributes?.['host_name_last_analysis_stats']).to.include({ malicious: 0 });
    }
  });

  it('has an error in the place of an object that is not there', async () => {
    await start({ catalogue: { 'gone.net': 'unknown' }, unlisted: 'clean' });
    const stub = { id: 'b'.repeat(64), error: 'NotFoundError' };
    client.vt.relate('a.net', 'subdomains', ['www.a.net', 'gone.net']);
    client.vt.relate('a.net', 'communicating_files', [stub]);
    for (const form of ['subdomains', 'relationships/subdomains']) {
      const [there, gone] = items((await get(`domains/a.net/${form}`)).json);
      expect(there).not.to.have.property('error');
      expect(gone).to.deep.include({ type: 'domain', id: 'gone.net' });
      expect(gone?.error).to.include({ code: 'NotFoundError' });
      expect(gone).not.to.have.property('attributes');
    }
    expect(items((await get('domains/a.net/communicating_files')).json)[0]?.error?.code).to.equal(
      'NotFoundError',
    );
  });

  it('gives one object, or null, where there is one at most', async () => {
    await start({ unlisted: 'clean' });
    const path = `urls/${urlId(URL_A)}`;
    expect((await get(`${path}/network_location`)).json.data).to.include({
      type: 'domain',
      id: 'pay.lodge-invoices.net',
    });
    expect((await get(`${path}/last_serving_ip_address`)).json.data.type).to.equal('ip_address');
    expect((await get('domains/pay.lodge-invoices.net/parent')).json.data.id).to.equal('lodge-invoices.net');
    expect((await get('domains/lodge-invoices.net/relationships/parent')).json.data).to.equal(null);
  });

  it('says the URL with the id of one', async () => {
    await start({ unlisted: 'clean' });
    client.vt.relate(HASH, 'contacted_urls', [URL_A]);
    const [item] = items((await get(`files/${HASH}/relationships/contacted_urls`)).json);
    expect(item?.context_attributes).to.deep.equal({ url: URL_A });
    expect((await get(`urls/${item?.id}`)).json.data.attributes).to.include({ url: URL_A });
  });

  it('tells what the sandboxes saw of a malicious file, and has nothing of a clean one', async () => {
    const clean = 'b4'.repeat(32);
    await start({ catalogue: { [HASH]: 30, [clean]: 'clean' } });
    const { data } = (await get(`files/${HASH}/behaviour_summary`)).json as unknown as {
      data: Record<string, object>;
    };
    expect(data).not.to.have.any.keys('id', 'type', 'attributes');
    expect(data['attack_techniques']).to.have.property('T1082');
    const behaviours = items((await get(`files/${HASH}/behaviours`)).json);
    expect(behaviours.map(({ type, id }) => [type, id])).to.deep.equal([
      ['file_behaviour', `${HASH}_Glasshouse`],
      ['file_behaviour', `${HASH}_Greenroom X2`],
    ]);
    expect(behaviours[0]?.attributes?.['mitre_attack_techniques']).to.be.an('array').with.length(1);
    expect((await get(`files/${clean}/behaviour_summary`)).status).to.equal(404);
    expect(items((await get(`files/${clean}/behaviours`)).json)).to.deep.equal([]);
  });

  it('lists comments and votes, the newest of this key first', async () => {
    await start({ unlisted: 'clean' });
    client.vt.relate('a.net', 'comments', 12);
    await post('domains/a.net/comments', { data: { type: 'comment', attributes: { text: 'mine' } } });
    const { json } = await get('domains/a.net/comments?limit=5');
    expect(items(json)).to.have.length(5);
    expect(items(json)[0]?.attributes).to.include({ text: 'mine' });
    expect(json.meta['count']).to.equal(13);
    expect(items((await get('domains/a.net/user_votes')).json)).to.deep.equal([]);
    await post('domains/a.net/votes', { data: { type: 'vote', attributes: { verdict: 'harmless' } } });
    expect(items((await get('domains/a.net/user_votes')).json)).to.have.length(1);
  });

  it('has every relation of every kind, and none of what VirusTotal does not have', async () => {
    await start({ catalogue: { 'never-seen.net': 'unknown' }, privileges: ['gti'], unlisted: 12 });
    for (const path of [
      ...[
        'dropped_files',
        'execution_parents',
        'graphs',
        'sigma_analysis',
        'email_parents',
        'screenshots',
      ].map((name) => `files/${HASH}/${name}`),
      ...['redirects_to', 'referrer_urls', 'embedded_js_files', 'collections'].map(
        (name) => `urls/${urlId(URL_A)}/${name}`,
      ),
      ...['historical_whois', 'historical_ssl_certificates', 'mx_records', 'siblings'].map(
        (name) => `domains/a.net/${name}`,
      ),
      ...['communicating_files', 'related_comments', 'urls', 'associations'].map(
        (name) => `ip_addresses/21.84.193.7/${name}`,
      ),
    ])
      expect((await get(path)).status, path).to.equal(200);
    expect((await get('domains/never-seen.net/resolutions')).status).to.equal(404);
    expect((await get('domains/no_dot/resolutions')).status).to.equal(400);
  });
});
