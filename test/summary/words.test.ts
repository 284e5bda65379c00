import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '../../src/errors';
import { VERDICTS } from '../../src/analysis/verdict';
import { renderSummary } from '../../src/summary/render';
import { languageOf, SUMMARY_LANGUAGES, WORDS } from '../../src/summary/words/languages';
import { analysis, NOW } from './incidents';

const LOCALES = join(__dirname, '../../nodes/locales');

/** "advice.VT_AUTH" and its text. */
function texts(words: object, path = ''): [path: string, text: string][] {
  return Object.entries(words).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'string'
      ? [[`${path}${key}`, inner] as [string, string]]
      : texts(inner as object, `${path}${key}.`),
  );
}

const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('the words of a summary', () => {
  it("are there in the editor's languages", () => {
    expect([...SUMMARY_LANGUAGES].sort()).to.deep.equal(readdirSync(LOCALES).sort());
  });

  for (const tag of SUMMARY_LANGUAGES)
    it(`are all there in ${tag}, with the same places for values`, () => {
      const own = new Map(texts(WORDS[tag]));
      // A language without a singular has one form less.
      for (const [path, text] of texts(WORDS['en-US']).filter(([path]) => !path.endsWith('.one'))) {
        expect(own.get(path), path).to.be.a('string').that.is.not.empty;
        expect(places(own.get(path) ?? ''), path).to.deep.equal(places(text));
      }
      for (const form of new Intl.PluralRules(tag).resolvedOptions().pluralCategories)
        if (form !== 'many') expect(own.has(`more.${form}`), form).to.be.true;
      for (const code of ERROR_CODES) expect(own.has(`advice.${code}`), code).to.be.true;
    });

  it('name the verdicts as the Report Analysis node does', () => {
    for (const tag of SUMMARY_LANGUAGES) {
      const file = join(LOCALES, tag, 'virustotal-report-analysis.json');
      const catalogue = JSON.parse(readFileSync(file, 'utf8')) as { verdict: Record<string, string> };
      for (const verdict of VERDICTS)
        expect(WORDS[tag].verdict[verdict], `${tag} ${verdict}`).to.equal(
          catalogue.verdict[verdict.replace('-', '')],
        );
    }
  });

  it('are those of a language that is close, and else English', () => {
    const tags = ['de-AT', 'DE', 'zh', 'zh_TW', 'fr-CA', 'en-GB', 'es', '', 'constructor', 'i-default', '{}'];
    expect(tags.map((tag) => languageOf(tag).tag)).to.deep.equal([
      ...['de', 'de', 'zh-CN', 'zh-CN', 'fr', 'en-US', 'en-US', 'en-US', 'en-US', 'en-US', 'en-US'],
    ]);
  });

  it('have the plural and the number of the language', () => {
    const many = Array.from({ length: 1_502 }, () => analysis('trusted'));
    const shown = (language: string, count: number): string =>
      renderSummary(many.slice(0, count), { language, maxItems: 1, now: () => NOW }).payload as string;
    expect(shown('en-US', 2)).to.include('\n1 more indicator').and.not.include('indicators');
    expect(shown('en-US', 1_502)).to.include('1,501 more indicators').and.include('Trusted: 1,502');
    expect(shown('de', 2)).to.include('1 weiterer Indikator');
    expect(shown('de', 1_502)).to.include('1.501 weitere Indikatoren');
    expect(shown('fr', 2)).to.include('1 autre indicateur');
    expect(shown('ja', 1_502)).to.include('ほか1,501件のIoC');
    expect(shown('zh-CN', 3)).to.include('另有 2 个 IoC').and.include('扫描于3天前');
  });
});
