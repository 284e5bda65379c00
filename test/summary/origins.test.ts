import { expect } from 'chai';
import type { Origin } from '../../src/report/origin';
import { SUMMARY_FORMATS, type SummaryOptions } from '../../src/summary/options';
import { renderSummary } from '../../src/summary/render';
import { analysis, FAILED, NOW } from './incidents';

const C2 = 'malicious.example.com';
const FILE = 'a1'.repeat(32);

function render(origins: readonly Origin[], options: SummaryOptions = {}): string {
  const { payload } = renderSummary([analysis('malicious'), analysis('trusted')], {
    ...options,
    origins,
    now: () => NOW,
  });
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

const origin = (relation: string, of: string): Origin => ({ value: C2, relation, of });

describe('A summary of related indicators', () => {
  for (const format of SUMMARY_FORMATS.filter((form) => form !== 'object'))
    it(`says in ${format} what led to an indicator, and in no other row`, () => {
      const text = render([origin('contacted_domains', 'first.example.net')], { format, defang: true });
      expect(text.split('first[.]example[.]net')).to.have.length(2);
      expect(text).to.include('contacted by');
      expect(text).to.not.include('first.example.net');
    });

  it('has in the object the relation and the indicator that has it', () => {
    const { payload } = renderSummary([analysis('malicious')], {
      format: 'object',
      defang: true,
      origins: [origin('resolutions', '2001:db8::7')],
    });
    expect((payload as { origins: unknown }).origins).to.deep.equal([
      { value: 'malicious[.]example[.]com', relation: 'resolutions', of: '2001[:]db8[:][:]7' },
    ]);
  });

  it('has words for the frequent relations, and names the others as VirusTotal does', () => {
    expect(render([origin('contacted_ips', FILE)])).to.include(`contacted by ${FILE}`);
    expect(render([origin('dropped_files', FILE)])).to.include(`dropped by ${FILE}`);
    expect(render([origin('resolutions', 'a.example')])).to.include('resolution of a[.]example');
    expect(render([origin('embedded_urls', FILE)])).to.include(`embedded_urls of ${FILE}`);
  });

  it('says it in each language', () => {
    const said = ['en-US', 'de', 'fr', 'ja', 'zh-CN'].map((language) =>
      render([origin('contacted_ips', 'a.example')], { language }),
    );
    for (const [index, words] of [
      'contacted by a[.]example',
      'kontaktiert von a[.]example',
      'contacté par a[.]example',
      'a[.]example の接続先',
      'a[.]example 连接的对象',
    ].entries())
      expect(said[index]).to.include(words);
  });

  it('says it of a lookup that failed too', () => {
    const text = render([{ value: FAILED.value ?? '', relation: 'contacted_ips', of: FILE }], {
      failed: [FAILED],
    });
    expect(text).to.include(`contacted by ${FILE} · VT_TIMEOUT`);
  });

  it('keeps it short, and takes nothing that is no origin', () => {
    const long = render([origin('contacted_urls', `http://a.example/${'x'.repeat(5_000)}`)]);
    expect(long.length).to.be.below(1_000);
    const none = [
      null,
      7,
      { value: C2 },
      { value: C2, relation: '<b>', of: 'a' },
      { value: C2, relation: 'a', of: 7 },
    ];
    expect(render(none as unknown as Origin[])).to.equal(render([]));
  });
});
