import { expect } from 'chai';
import type { Indicator, IocType } from '../../src/ioc/ioc';
import { KINDS, RELATIONS } from '../../src/related/relations';
import { relationsOf } from '../../tools/fake-virustotal/relations';
import { answering, descriptor, DROPPED, FILE, page, resolution } from '../support/relation-bodies';
import { withRelated } from './with-related';

const SUBJECTS: Readonly<Record<IocType, Indicator>> = {
  file: { type: 'file', value: FILE },
  url: { type: 'url', value: 'http://pay.lodge-invoices.net/a' },
  domain: { type: 'domain', value: 'pay.lodge-invoices.net' },
  ip: { type: 'ip', value: '21.84.193.7' },
};

describe('The relations of each kind of indicator', () => {
  const related = withRelated();
  const { start, ask } = related;

  for (const kind of KINDS) {
    for (const { name, free, givesIndicators } of RELATIONS[kind]) {
      // Ours: what the stand-in has under other names.
      if (name === 'behavior' || name === 'whois') continue;
      it(`have ${kind}.${name} as VirusTotal has it`, async () => {
        await start({ privileges: ['premium'] });
        const known = relationsOf(kind).get(name);
        expect(known, 'unknown to the stand-in').to.not.equal(undefined);
        expect(known?.needs === undefined).to.equal(free);
        const subject = SUBJECTS[kind];
        if (known?.single !== true) related.vt.relate(subject.value, name, 3);
        const found = await ask(subject, `${kind}.${name}`);
        expect(found.unanswered).to.deep.equal([]);
        expect(found.error).to.equal(undefined);
        if (givesIndicators && known?.items !== 'dns_record') {
          expect(found.indicators.length + found.skipped.length).to.be.greaterThan(0);
          for (const one of found.indicators) expect(one).to.include({ relation: name, of: subject.value });
        }
        if (!givesIndicators) {
          expect(found.indicators).to.deep.equal([]);
          // No sandbox has run a file without detections.
          if (name !== 'behaviours') expect(found.related).to.have.property(name);
        }
      });
    }
  }

  it('give the one indicator of a relation to one, and none for null and an empty object', async () => {
    await start();
    const url = SUBJECTS.url;
    related.vt.relate(url.value, 'last_serving_ip_address', []);
    const id = Buffer.from(url.value).toString('base64url');
    const answer = (data: unknown): void => {
      related.vt.script(
        answering({ [`urls/${id}/relationships/last_serving_ip_address?limit=10`]: { data } }),
      );
    };
    answer(descriptor('ip_address', '21.84.193.7'));
    const { indicators } = await ask(url, 'last_serving_ip_address');
    expect(indicators).to.deep.equal([
      { type: 'ip', value: '21.84.193.7', relation: 'last_serving_ip_address', of: url.value, context: {} },
    ]);
    for (const [data, host] of [
      [null, 'http://b.lodge-invoices.net/'],
      [{}, 'http://c.lodge-invoices.net/'],
    ] as const) {
      const path = `urls/${Buffer.from(host).toString('base64url')}/relationships/last_serving_ip_address?limit=10`;
      related.vt.script(answering({ [path]: { data } }));
      const none = await ask({ type: 'url', value: host }, 'last_serving_ip_address');
      expect(none.indicators, JSON.stringify(data)).to.deep.equal([]);
      expect(none.error).to.equal(undefined);
    }
  });

  it('leave out an item that has an error in its place, and say so', async () => {
    await start();
    related.vt.relate(FILE, 'dropped_files', [DROPPED, { id: 'd4'.repeat(32), error: 'NotFoundError' }]);
    const { indicators, skipped } = await ask(SUBJECTS.file, 'dropped_files');
    expect(indicators.map(({ value }) => value)).to.deep.equal([DROPPED]);
    expect(skipped).to.deep.equal([
      { type: 'file', value: 'd4'.repeat(32), reason: 'VirusTotal has no object: NotFoundError' },
    ]);
  });

  it('say the URL where VirusTotal lists only its id, for one more request', async () => {
    await start();
    const id = 'c3'.repeat(32);
    related.vt.script(
      answering({
        'relationships/contacted_urls?limit=10': page([descriptor('url', id)]),
        [`files/${FILE}/contacted_urls?limit=10`]: page([
          { type: 'url', id, attributes: { url: 'http://c2.example.org/gate.php' } },
        ]),
      }),
    );
    const { indicators, requests } = await ask(SUBJECTS.file, 'contacted_urls');
    expect(indicators.map(({ value }) => value)).to.deep.equal(['http://c2.example.org/gate.php']);
    expect(requests).to.equal(2);
  });

  it('have passive DNS with dates, of a domain and of an address', async () => {
    await start();
    const { domain, ip } = SUBJECTS;
    const list = page([
      resolution(ip.value, domain.value, 1_700_000_000),
      // Without attributes the id says it.
      { type: 'resolution', id: `${ip.value}${domain.value}` },
    ]);
    related.vt.script(answering({ '/resolutions?limit=10': list }));
    const ofDomain = await ask(domain, 'domain.resolutions');
    const date = '2023-11-14T22:13:20.000Z';
    expect(ofDomain.related['resolutions']).to.deep.equal([
      { domain: domain.value, ip: ip.value, date, resolver: 'VirusTotal', detections: 3 },
      { domain: domain.value, ip: ip.value },
    ]);
    const ofAddress = await ask(ip, 'ip.resolutions');
    expect(ofAddress.indicators.map(({ type, value }) => [type, value])).to.deep.equal([
      ['domain', domain.value],
    ]);
    expect(ofAddress.related['resolutions']).to.deep.include({
      domain: domain.value,
      ip: ip.value,
      date,
      resolver: 'VirusTotal',
      detections: 1,
    });
  });

  it('count the last 40 votes and list ten, and have the last ten comments, whatever the limit is', async () => {
    await start();
    related.vt.relate(FILE, 'votes', 60);
    related.vt.relate(FILE, 'comments', 60);
    const { related: facts } = await ask(SUBJECTS.file, 'votes,comments', { limit: 1 });
    const votes = facts['votes'] as { harmless: number; malicious: number; latest: unknown[] };
    expect(votes).to.include({ harmless: 40, malicious: 0 });
    expect(votes.latest).to.have.length(10);
    const comments = facts['comments'] as Record<string, unknown>[];
    expect(comments).to.have.length(10);
    expect(comments[0]).to.have.all.keys('text', 'date', 'tags', 'positive', 'negative');
  });
});
