import { expect } from 'chai';
import { standInClient } from './stand-in-client';

type Stats = Record<string, number>;

describe('The VirusTotal stand-in, of indicators that no test has set', () => {
  const client = standInClient();
  const { start, get } = client;
  const many = async (count: number, path: (n: number) => string): Promise<Record<string, unknown>[]> => {
    const objects: Record<string, unknown>[] = [];
    for (let n = 0; n < count; n++) {
      const { status, json } = await get(path(n));
      if (status === 200) objects.push(json.data.attributes);
    }
    return objects;
  };
  const share = <T>(all: readonly T[], fits: (one: T) => boolean): number =>
    all.filter(fits).length / all.length;
  const stats = (attributes: Record<string, unknown>): Stats => attributes['last_analysis_stats'] as Stats;

  it('has as many domains and addresses without any rating, and as few suspicious ones, as were recorded', async () => {
    await start();
    const hosts = [
      ...(await many(200, (n) => `domains/host-${n}.net`)),
      ...(await many(200, (n) => `ip_addresses/21.84.${n}.7`)),
    ];
    const unrated = hosts.filter((host) => {
      const results = Object.values(host['last_analysis_results'] as Record<string, { result: string }>);
      const { harmless = 0, undetected = 0 } = stats(host);
      return (
        harmless === 0 && undetected > 80 && results.every(({ result }) => /unrated|timeout/.test(result))
      );
    });
    expect(unrated.length / hosts.length).to.be.within(8 / 19 - 0.06, 8 / 19 + 0.06);
    expect(share(hosts, (host) => (stats(host)['suspicious'] ?? 0) > 0)).to.be.within(0.005, 0.05);
  });

  it('has no file that an engine calls suspicious', async () => {
    await start();
    const files = await many(100, (n) => `files/${String(n).padStart(64, 'a')}`);
    expect(share(files, (file) => stats(file)['suspicious'] === 0)).to.equal(1);
  });

  it('has a place in the lists of popularity for four of nine clean domains', async () => {
    await start({ unlisted: 'clean' });
    const domains = await many(150, (n) => `domains/host-${n}.net`);
    const ranked = domains.map((domain) =>
      Object.values(domain['popularity_ranks'] as Record<string, Stats>),
    );
    expect(share(ranked, (lists) => lists.length > 0)).to.be.within(4 / 9 - 0.12, 4 / 9 + 0.12);
    for (const { rank, timestamp } of ranked.flat()) {
      expect(rank).to.be.within(1, 1_000_000);
      expect(timestamp).to.be.above(1_700_000_000);
    }
  });

  it('can be told that a domain has no rating', async () => {
    await start({ catalogue: { 'a.net': 'unrated' } });
    const { harmless, malicious, undetected } = stats((await get('domains/a.net')).json.data.attributes);
    expect([harmless, malicious]).to.deep.equal([0, 0]);
    expect(undetected).to.be.above(80);
  });

  it('gives the assessment of Google Threat Intelligence to its keys, and only with the header x-tool', async () => {
    const headers = { 'x-tool': 'tests.stand-in.v1.0' };
    const assessed = async (asked = {}): Promise<boolean> =>
      'gti_assessment' in (await get('domains/a.net', asked)).json.data.attributes;
    await start({ unlisted: 12 });
    expect([await assessed(), await assessed({ headers })]).to.deep.equal([false, false]);
    client.vt.reset({ privileges: ['gti'] });
    expect([await assessed(), await assessed({ headers })]).to.deep.equal([false, true]);
    const { gti_assessment } = (await get('domains/a.net', { headers })).json.data.attributes;
    expect(gti_assessment).to.deep.include({ verdict: { value: 'VERDICT_MALICIOUS' } });
  });
});
