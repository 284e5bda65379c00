import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { analyzeReport } from '../../src/analysis/analyze';
import { reportFromV2 } from '../../src/report/from-v2';
import { reportFromV3 } from '../../src/report/from-v3';
import type { ReportType } from '../../src/report/report';
import { only, subject, validBundle } from './subjects';

const CORPUS = join(__dirname, '../../../shared/corpus');

const RECORDED: [file: string, type: ReportType, value: string, verdict: string, name: string][] = [
  ['v2/domain-027ru-2019.json', 'domain', '027.ru', 'no-match', 'Indicator of domain: 027.ru'],
  ['v2/ip-bluehost-2019.json', 'ip', '50.116.99.126', 'no-match', 'Indicator of ipv4: 50.116.99.126'],
  [
    'v2/url-clean-github-2019.json',
    'url',
    'http://github.com',
    'trusted',
    'Indicator of uri: http://github.com',
  ],
  [
    'v2/file-allinfo-malicious-2013.json',
    'file',
    'b7964446541006c2e2c77335a5504306f15136d0ade4c2d4a90d0fcea87b1e0a',
    'malicious',
    'Indicator of file: b7964446541006c2e2c77335a5504306f15136d0ade4c2d4a90d0fcea87b1e0a',
  ],
  ['v3/domain-google-2026.json', 'domain', 'google.com', 'no-match', 'Indicator of domain: google.com'],
  [
    'v3/ip-suspicious4-2026-SHORTENED.json',
    'ip',
    '1.12.251.79',
    'malicious',
    'Indicator of ipv4: 1.12.251.79',
  ],
  [
    'v3/url-malicious-2022.json',
    'url',
    'http://soclosebutyetqq.com/69.exe',
    'malicious',
    'Indicator of uri: http://soclosebutyetqq.com/69.exe',
  ],
  [
    'v3/file-eicar-malicious-2026.json',
    'file',
    '44d88612fea8a8f36de82e1278abb02f',
    'malicious',
    'Indicator of file: 275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
  ],
];

describe('One recorded answer of each kind (the corpus beside the checkout)', function () {
  if (!existsSync(CORPUS)) {
    it('is skipped without the corpus', function () {
      this.skip();
    });
    return;
  }
  const read = (file: string): unknown => JSON.parse(readFileSync(join(CORPUS, file), 'utf8'));

  for (const [file, type, value, verdict, name] of RECORDED) {
    it(`is judged ${verdict} and gives a valid bundle: ${file}`, () => {
      const report = (file.startsWith('v2') ? reportFromV2 : reportFromV3)({ type, value }, read(file));
      expect(analyzeReport(report).verdict).to.equal(verdict);
      const mitreTrees = type === 'file' ? read('v3/file-behaviour-mitre-trees-docs.json') : undefined;
      const bundle = validBundle([{ ...subject(report), mitreTrees }], { indicatorFor: 'all' });
      expect(only(bundle, 'indicator').name).to.equal(name);
      const techniques = bundle.objects.filter((object) => object.type === 'attack-pattern');
      expect(techniques).to.have.lengthOf(type === 'file' ? 5 : 0);
    });
  }
});
