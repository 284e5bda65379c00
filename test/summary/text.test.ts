import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import { defang } from '../../src/summary/defang';
import { renderSummary } from '../../src/summary/render';
import type { SummaryOptions } from '../../src/summary/options';
import { analysis, NOW, tenAnalyses, WHOLE } from './incidents';

const textOf = (options: SummaryOptions = {}): string =>
  renderSummary(tenAnalyses(), { ...WHOLE, ...options }).payload as string;

describe('a summary as text', () => {
  it('says the verdict of the whole, the counts, a row for each indicator, what was not looked up and what to do', () => {
    expect(textOf()).to.equal(`Phishing mail reported by reception
VirusTotal: Malicious
Malicious: 3 · Report Error: 2 · No Match: 3 · Trusted: 3

1. Malicious 60/72 · File ${'b'.repeat(64)}
   ransomware.lockbit/madeup · Engine 0, Engine 1, Engine 2 and 5 more · scanned 3 days ago
   https://www.virustotal.com/gui/file/${'b'.repeat(64)}
2. Malicious 12/97 · URL hxxps://evil[.]example[.]com/login[.]php?next=http[://]bank[.]example[.]org/
   trojan.madeup · Engine 0, Engine 1, Engine 2 and 5 more · scanned 3 days ago
   https://www.virustotal.com/gui/url/${'a'.repeat(64)}
3. Malicious 8/97 · Domain evil[.]example[.]com
   trojan.madeup · Engine 0, Engine 1, Engine 2 and 5 more · scanned 3 days ago
   https://www.virustotal.com/gui/domain/evil.example.com
4. Report Error · IP address 203[.]0[.]113[.]9
   VT_TIMEOUT: No complete answer from VirusTotal in 30 s
   https://www.virustotal.com/gui/ip-address/203.0.113.9
5. Report Error · IP address 203[.]0[.]113[.]8
   VT_QUOTA: The quota of the day is used up
   https://www.virustotal.com/gui/ip-address/203.0.113.8
6. No Match 2/70 · File ${'c'.repeat(64)}
   Engine 0, Engine 1 · scanned 3 days ago
   https://www.virustotal.com/gui/file/${'c'.repeat(64)}
7. No Match 2/97 · IP address 198[.]51[.]100[.]7
   Engine 0, Engine 1 · scanned 3 days ago
   https://www.virustotal.com/gui/ip-address/198.51.100.7
8. No Match · File ${'d'.repeat(64)}
   not known to VirusTotal
   https://www.virustotal.com/gui/file/${'d'.repeat(64)}
9. Trusted 0/97 · Domain www[.]example[.]net
   scanned 3 days ago
   https://www.virustotal.com/gui/domain/www.example.net
10. Trusted 0/97 · IP address 2001[:]db8[:][:]7
   scanned 3 days ago
   https://www.virustotal.com/gui/ip-address/2001:db8::7
11. Trusted 0/97 · URL hxxps://www[.]example[.]org/
   scanned 3 days ago

Not looked up: 3
- private address (RFC 1918): 10[.]0[.]0[.]1, 10[.]0[.]0[.]2
- on the allow list: intranet[.]example[.]com

What to do
- VT_TIMEOUT: No answer in time: look it up again later.
- VT_QUOTA: The quota is used up: look it up again when it resets.`);
  });

  it('says how many indicators have no row', () => {
    expect(textOf({ maxItems: 4 }))
      .to.include('\n7 more indicators')
      .and.not.include('\n5. ');
  });

  it('says what has not arrived', () => {
    expect(textOf({ complete: false, expected: 14 })).to.include(
      'Incomplete: 11 of 14 results have arrived.',
    );
    expect(textOf({ complete: false })).to.include('Incomplete: results are missing.');
  });

  it('has a row for each indicator whose result has not arrived, below the failed lookups', () => {
    const missing = [
      { type: 'domain' as const, value: 'late.example.com' },
      { type: 'ip' as const, value: '198.51.100.77' },
    ];
    const text = textOf({ complete: false, expected: 13, missing });
    expect(text).to.include('late[.]example[.]com').and.to.include('no result has arrived');
    expect(text.indexOf('VT_TIMEOUT')).to.be.below(text.indexOf('late[.]'));
    expect(text.indexOf('198[.]51[.]100[.]77')).to.be.below(text.indexOf('www[.]example[.]net'));
    expect(textOf({ complete: false, expected: 13, missing, maxItems: 4 })).to.include('\n9 more indicators');
  });

  it('leaves indicators as they are where defang is off', () => {
    expect(textOf({ defang: false })).to.include('URL https://evil.example.com/login.php');
  });

  it('says that there was nothing to look up', () => {
    const missing = analysis('missing', {
      reasons: [{ code: 'report-missing', text: 'No report: no indicator' }],
    });
    expect(renderSummary([]).payload).to.equal('VirusTotal: Report Missing\nNo indicator was looked up.');
    expect(renderSummary([missing]).payload).to.include('No report: no indicator');
  });

  it('says the age of a scan of the future as today', () => {
    const { payload } = renderSummary([analysis('trusted')], { now: () => NOW - 9 * 86_400_000 });
    expect(payload).to.include('scanned today');
  });

  it('links to no page but one of VirusTotal', () => {
    for (const permalink of [
      'https://evil.example/',
      'javascript:alert(1)',
      'https://www.virustotal.com@evil.example/',
    ]) {
      expect(renderSummary([analysis('malicious', { permalink })]).payload).to.include(
        'https://www.virustotal.com/gui/domain/malicious.example.com',
      );
      expect(renderSummary([analysis('malicious', { permalink })]).payload).to.not.include(permalink);
    }
  });

  for (const [type, value] of [
    ['domain', 'evil.example.com'],
    ['ip', '203.0.113.7'],
    ['ip', '2001:db8::7'],
    ['url', 'https://evil.example.com/a.exe?u=http://other.example/b.php'],
    ['url', 'http://203.0.113.7:8080/a.sh'],
    ['url', 'ftp://evil.example.com/a.exe'],
  ] as const)
    it(`defangs ${value} so that a search reads it back`, () => {
      const written = defang(type, value);
      expect(written).to.not.match(/\bhttps?:\/\/|\w\.\w/);
      expect(extractIocs(written, { skipPrivate: false }).iocs[0]).to.include({ type, value });
    });

  for (const [name, value] of [
    ['format', 'pdf'],
    ['maxItems', 0],
    ['maxItems', 'many'],
    ['defang', 'yes'],
    ['title', 7],
  ] as const)
    it(`refuses ${name} ${value}`, () => {
      expect(() => renderSummary([], { [name]: value }))
        .to.throw(`Not valid: ${name} is`)
        .with.property('code', 'VT_CONFIG');
    });
});
