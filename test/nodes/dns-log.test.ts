import { expect } from 'chai';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeDef } from '../support/example-flow';
import { withRecipe } from '../support/recipe';

/** A line of pihole.log, as dnsmasq writes it. */
const pihole = (domain: string, type = 'A'): string =>
  `Nov 17 08:41:09 dnsmasq[417]: query[${type}] ${domain} from 10.20.4.31\n`;

/** A line of AdGuard Home's querylog.json. */
const adGuard = (domain: string): string =>
  `${JSON.stringify({
    T: '2026-11-17T08:41:09.123456789Z',
    QH: domain,
    QT: 'AAAA',
    QC: 'IN',
    CP: '',
    Upstream: 'https://dns10.quad9.net:443/dns-query',
    IP: '10.20.4.44',
    Result: {},
    Elapsed: 4170000,
  })}\n`;

describe('The recipe 20-dns-log', () => {
  let file = '/dev/null';
  let files = 0;
  const recipe = withRecipe('20-dns-log.json', {
    change: ({ type, name }) => {
      // From the start of the file, so that it doesn't matter whether tail or a line comes first.
      if (type === 'exec') return { command: 'tail -n +1 -F' };
      return name === 'Query log' ? { payload: file } : {};
    },
  });

  // The next import follows no log of this test.
  afterEach(() => {
    file = '/dev/null';
  });

  /** Deploys the recipe on a new log file. */
  async function onLog(lines: string, change?: (node: NodeDef) => Partial<NodeDef>): Promise<void> {
    file = join(recipe.nodeRed.userDir, `queries-${++files}.log`);
    writeFileSync(file, lines);
    await recipe.deploy({}, change);
  }

  /** Lookups that the key has counted, which a deploy doesn't reset. */
  async function usedToday(): Promise<number> {
    const overview = await recipe.nodeRed.request('/virustotal/overview?brief');
    const { keys } = (await overview.json()) as { keys: { day: { used: number } }[] };
    return keys[0]?.day.used ?? 0;
  }

  it("looks each name of Pi-hole's log up once and says who asked for a malicious one", async () => {
    recipe.vt.know('qorlane-invoices.com', 11);
    recipe.vt.know('meridane-paper.net', 0);
    const noQueries =
      'Nov 17 08:41:09 dnsmasq[417]: forwarded meridane-paper.org to 9.9.9.9\n' +
      'Nov 17 08:41:09 dnsmasq[417]: reply meridane-paper.org is 192.52.193.40\n' +
      pihole('40.193.52.192.in-addr.arpa', 'PTR');
    await onLog(
      noQueries +
        pihole('qorlane-invoices.com') +
        pihole('Qorlane-Invoices.com', 'AAAA') +
        pihole('printer.lan'),
    );
    const [malicious] = await recipe.shown('Malicious');
    expect(malicious?.msg).to.contain('qorlane-invoices[.]com').and.contain('Asked by 10.20.4.31');
    appendFileSync(file, pihole('qorlane-invoices.com') + pihole('meridane-paper.net'));
    await recipe.shown('Not malicious', 2);
    expect(recipe.asked()).to.deep.equal(['qorlane-invoices.com', 'meridane-paper.net']);
  });

  it("reads AdGuard Home's log and shows a line that is no JSON", async () => {
    recipe.vt.know('qorlane-invoices.com', 11);
    await onLog(
      '{"T":"2026-11-17T08:41\n' + adGuard('qorlane-invoices.com') + adGuard('constructor.__proto__'),
    );
    expect((await recipe.shown('Malicious'))[0]?.msg).to.contain('Asked by 10.20.4.44');
    expect((await recipe.shown('Lookup failed'))[0]?.msg).to.contain('No JSON in the query log');
  });

  it('asks no more once the quota of the day is used, and shows what it left out', async () => {
    const dailyQuota = (await usedToday()) + 1;
    const oneMore = ({ type }: NodeDef): Partial<NodeDef> =>
      type === 'virustotal-config' ? { dailyQuota, reserve: 0 } : {};
    recipe.vt.know('meridane-paper.net', 0);
    await onLog(pihole('meridane-paper.net'), oneMore);
    await recipe.shown('Not malicious');
    appendFileSync(file, pihole('cdn-qorlane.net') + pihole('cdn-qorlane.net'));
    const left = await recipe.shown('Not today', 2);
    expect(left.map(({ msg }) => msg)).to.deep.equal(['cdn-qorlane.net', 'cdn-qorlane.net']);
    expect(recipe.asked()).to.deep.equal(['meridane-paper.net']);
    expect(recipe.nodeRed.debugs.filter(({ name }) => name === 'Lookup failed')).to.deep.equal([]);
  });

  it('leaves the reserve of the day to others', async () => {
    const dailyQuota = (await usedToday()) + 100;
    // One lookup of the day at most is not reserved.
    const almostAll = ({ type }: NodeDef): Partial<NodeDef> =>
      type === 'virustotal-config' ? { dailyQuota, reserve: 99 } : {};
    await onLog(pihole('meridane-paper.net') + pihole('meridane-paper.org'), almostAll);
    expect((await recipe.shown('Lookup failed'))[0]?.msg).to.contain('Only the reserve is left');
    appendFileSync(file, pihole('cdn-qorlane.net'));
    expect((await recipe.shown('Not today')).at(-1)?.msg).to.equal('cdn-qorlane.net');
    expect(recipe.asked()).to.have.length.below(2);
  });

  it('looks a name up again whose lookup has failed', async () => {
    recipe.vt.script({ 'qorlane-invoices.com': [{ status: 400 }] });
    recipe.vt.know('qorlane-invoices.com', 11);
    await onLog(pihole('qorlane-invoices.com'));
    expect((await recipe.shown('Lookup failed'))[0]?.msg).to.contain('VT_REQUEST');
    appendFileSync(file, pihole('qorlane-invoices.com'));
    await recipe.shown('Malicious');
  });
});
