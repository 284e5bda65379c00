import { expect } from 'chai';
import type { Indicator } from '../../src/ioc/ioc';
import { answering, FILE, page, resolution } from '../support/relation-bodies';
import { withRelated } from './with-related';

const FILE_A: Indicator = { type: 'file', value: FILE };
const DOMAIN: Indicator = { type: 'domain', value: 'lodge-invoices.net' };
const BAD_REQUEST = { status: 400, body: { error: { code: 'BadRequestError', message: 'bad' } } };

const codes = (unanswered: readonly { relation: string; code: string }[]): string[] =>
  unanswered.map(({ relation, code }) => `${relation} ${code}`);

describe('The requests for the relations of an indicator', () => {
  const related = withRelated();
  const { start, ask, paths } = related;

  it('page by the cursor up to the limit of 200, each indicator once', async () => {
    await start();
    related.vt.relate(DOMAIN.value, 'subdomains', 250);
    const { indicators, requests } = await ask(DOMAIN, 'subdomains', { limit: 200, maxRequests: 9 });
    expect(indicators).to.have.length(200);
    expect(new Set(indicators.map(({ value }) => value)).size).to.equal(200);
    expect(requests).to.equal(5);
    expect(paths().map((path) => path.replace(/cursor=.*/, 'cursor=…'))).to.deep.equal([
      'domains/lodge-invoices.net/relationships/subdomains?limit=40',
      ...Array.from(
        { length: 4 },
        () => 'domains/lodge-invoices.net/relationships/subdomains?limit=40&cursor=…',
      ),
    ]);
  });

  it('ask for no more on the last page than is missing', async () => {
    await start();
    related.vt.relate(DOMAIN.value, 'subdomains', 250);
    const { indicators } = await ask(DOMAIN, 'subdomains', { limit: 50, maxRequests: 9 });
    expect(indicators).to.have.length(50);
    expect(paths()[1]).to.match(/limit=10&cursor=/);
  });

  it('keep the answered relations when the requests of the message are used up', async () => {
    await start();
    related.vt.relate(DOMAIN.value, 'subdomains', 250);
    const { indicators, unanswered } = await ask(DOMAIN, 'subdomains', { limit: 200, maxRequests: 2 });
    expect(indicators).to.have.length(80);
    expect(unanswered).to.deep.equal([]);
  });

  it('end at a server that gives the same cursor again and again', async () => {
    await start();
    const again = page([resolution('8.8.4.4', DOMAIN.value, 1)], 'again');
    related.vt.script(answering({ 'resolutions?limit=40': again, 'cursor=again': again }));
    const { requests, indicators } = await ask(DOMAIN, 'resolutions', { limit: 200, maxRequests: 50 });
    expect(requests).to.equal(2);
    expect(indicators).to.have.length(1);
  });

  it('take the cursor of the link where the answer has no other, and stay with the own server', async () => {
    await start();
    const { meta: _, ...first } = page([resolution('8.8.4.4', DOMAIN.value, 1)]) as Record<string, unknown>;
    const next = 'https://other.example/api/v3/x?cursor=next+one&limit=40';
    related.vt.script(
      answering({
        'resolutions?limit=40': { ...first, links: { next } },
        'cursor=next%20one': page([resolution('8.8.8.8', DOMAIN.value, 2)]),
      }),
    );
    const { indicators } = await ask(DOMAIN, 'resolutions', { limit: 200 });
    expect(indicators.map(({ value }) => value)).to.deep.equal(['8.8.4.4', '8.8.8.8']);
  });

  it('get several relations of a free key in one, and their further pages apart', async () => {
    await start();
    related.vt.relate(FILE, 'contacted_domains', 3);
    related.vt.relate(FILE, 'contacted_ips', 30);
    const { indicators, requests } = await ask(FILE_A, 'contacted_domains,contacted_ips', { limit: 30 });
    const count = (name: string): number => indicators.filter(({ relation }) => relation === name).length;
    expect([count('contacted_domains'), count('contacted_ips')]).to.deep.equal([3, 30]);
    expect(requests).to.equal(2);
    expect(paths()[0]).to.equal(`files/${FILE}?relationships=contacted_domains,contacted_ips`);
  });

  it('lose nothing to a premium relation, which is asked for once with the key', async () => {
    await start();
    related.vt.relate(FILE, 'contacted_domains', 3);
    const names = 'file.itw_urls,file.contacted_domains,file.similar_files';
    const first = await ask(FILE_A, names);
    expect(first.indicators).to.have.length(3);
    expect(codes(first.unanswered)).to.deep.equal(['itw_urls VT_FORBIDDEN', 'similar_files VT_FORBIDDEN']);
    const other = await ask({ type: 'file', value: 'b7'.repeat(32) }, names);
    expect(other.requests).to.equal(1);
    expect(codes(other.unanswered)).to.deep.equal(codes(first.unanswered));
    expect(other.error).to.equal(undefined);
  });

  it('get premium relations with a premium key', async () => {
    await start({ privileges: ['premium'] });
    related.vt.relate(FILE, 'itw_domains', 3);
    const { indicators, unanswered } = await ask(FILE_A, 'itw_domains');
    expect(indicators.map(({ relation }) => relation)).to.deep.equal(Array(3).fill('itw_domains'));
    expect(unanswered).to.deep.equal([]);
  });

  it('go on apart when VirusTotal refuses one of several, and leave that one out from then on', async () => {
    await start();
    related.vt.relate(FILE, 'contacted_domains', 2);
    related.vt.script(
      answering({
        '?relationships=contacted_domains,contacted_ips': BAD_REQUEST,
        'relationships/contacted_ips?limit=10': BAD_REQUEST,
      }),
    );
    const first = await ask(FILE_A, 'contacted_domains,contacted_ips');
    expect(first.indicators).to.have.length(2);
    expect(codes(first.unanswered)).to.deep.equal(['contacted_ips VT_REQUEST']);
    const second = await ask({ type: 'file', value: 'b7'.repeat(32) }, 'contacted_domains,contacted_ips');
    expect(second.requests).to.equal(1);
    expect(codes(second.unanswered)).to.deep.equal(['contacted_ips VT_REQUEST']);
  });

  it('do not give up a relation for the next indicator because VirusTotal refuses one indicator', async () => {
    await start();
    related.vt.script(({ path }) => (path.includes('odd.example.net') ? BAD_REQUEST : undefined));
    related.vt.relate(DOMAIN.value, 'subdomains', 2);
    const odd = await ask({ type: 'domain', value: 'odd.example.net' }, 'subdomains,siblings');
    expect(odd.error).to.include({ code: 'VT_REQUEST' });
    const { indicators, unanswered } = await ask(DOMAIN, 'subdomains');
    expect(indicators).to.have.length(2);
    expect(unanswered).to.deep.equal([]);
  });

  it('do not give up a relation because VirusTotal refuses a cursor', async () => {
    await start();
    related.vt.relate(DOMAIN.value, 'subdomains', 50);
    related.vt.script(({ path }) => (path.includes('cursor=') ? BAD_REQUEST : undefined));
    const first = await ask(DOMAIN, 'subdomains', { limit: 50 });
    expect(first.indicators).to.have.length(40);
    expect(related.refused.size).to.equal(0);
  });

  it('end with a key that is refused: further ones would be refused too', async () => {
    await start();
    related.vt.script(() => ({
      status: 401,
      body: { error: { code: 'WrongCredentialsError', message: 'Wrong API key' } },
    }));
    const { requests, error, unanswered } = await ask(FILE_A, 'contacted_ips,votes,comments');
    expect(requests).to.equal(1);
    expect(error).to.include({ code: 'VT_AUTH' });
    expect(codes(unanswered)).to.deep.equal(['contacted_ips VT_AUTH', 'votes VT_AUTH', 'comments VT_AUTH']);
  });

  it('ask nothing more of what VirusTotal does not know', async () => {
    await start({ unlisted: 'unknown' });
    const { requests, indicators, error } = await ask(FILE_A, 'contacted_ips,contacted_domains,votes');
    expect(requests).to.equal(1);
    expect(indicators).to.deep.equal([]);
    expect(error).to.equal(undefined);
  });

  it('are answered from the cache when they come again', async () => {
    await start();
    related.vt.relate(FILE, 'contacted_domains', 2);
    await ask(FILE_A, 'contacted_domains,contacted_ips');
    const { cached, requests } = await ask(FILE_A, 'contacted_domains,contacted_ips');
    expect({ cached, requests }).to.deep.equal({ cached: true, requests: 0 });
    expect(paths()).to.have.length(1);
  });
});
