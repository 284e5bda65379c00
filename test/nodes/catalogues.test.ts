import { expect } from 'chai';
import jsonata from 'jsonata';
import { analyzeReport } from '../../src/analysis/analyze';
import { REASONS } from '../../src/analysis/reasons';
import { ERROR_CODES } from '../../src/errors';
import {
  catalogue,
  dialog,
  dialogCode,
  help,
  LANGUAGES,
  NODE_TYPES,
  registration,
  runtime,
} from '../support/node-files';

const TRANSLATIONS = LANGUAGES.filter((language) => language !== 'en-US');

/** Texts that a dialog or the node's status asks for by their whole key, and the beginnings of those that it puts together (`action.` + value). */
function keysUsed(type: string): { whole: Set<string>; beginnings: string[] } {
  const html = dialog(type);
  const sections = new Set([...catalogue(type, 'en-US').keys()].map((key) => key.split('.')[0]));
  const inTemplate = [...html.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map(([, key]) => key ?? '');
  const inScript = [...(html + dialogCode(type) + runtime(type)).matchAll(/'([a-z][\w-]*\.[\w-]*)'/gi)]
    .map(([, key]) => key ?? '')
    .filter((key) => sections.has(key.split('.')[0]) && !key.endsWith('.svg'));
  const keys = [...inTemplate, ...inScript];
  const { category } = registration(type);
  // Node-RED itself asks for the palette's heading.
  if (category !== 'config') keys.push(`palette.label.${category.replace(/ /g, '_')}`);
  return {
    whole: new Set(keys.filter((key) => !key.endsWith('.'))),
    beginnings: keys.filter((key) => key.endsWith('.')),
  };
}

function blanks(text: string): string[] {
  return (text.match(/__\w+?__/g) ?? []).sort();
}

function tagCounts(html: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, tag = ''] of html.matchAll(/<(\w+)/g)) counts[tag] = (counts[tag] ?? 0) + 1;
  return counts;
}

function contents(html: string, tag: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}\\s*>`, 'g'))].map(
    ([, content = '']) => content,
  );
}

/** The contents of all elements of one kind, each on one line. */
function words(html: string, tag: string): string[] {
  return contents(html, tag).map((content) => content.replace(/\s+/g, ' ').trim());
}

for (const type of NODE_TYPES) {
  describe(`Catalogue of ${type}`, () => {
    it('has every text that the dialog uses', () => {
      const texts = catalogue(type, 'en-US');
      const missing = [...keysUsed(type).whole].filter((key) => !texts.has(key));
      expect(missing).to.deep.equal([]);
    });

    it('has no text that the node does not use', () => {
      const { whole, beginnings } = keysUsed(type);
      const unused = [...catalogue(type, 'en-US').keys()].filter(
        (key) => !whole.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)),
      );
      expect(unused).to.deep.equal([]);
    });

    it('has the same keys in every language', () => {
      for (const language of TRANSLATIONS) {
        expect([...catalogue(type, language).keys()], language).to.deep.equal([
          ...catalogue(type, 'en-US').keys(),
        ]);
      }
    });

    for (const language of TRANSLATIONS) {
      it(`has the same placeholders in ${language} and no sentence left in English`, () => {
        for (const [key, english] of catalogue(type, 'en-US')) {
          const text = catalogue(type, language).get(key) ?? '';
          expect(text, key).to.not.equal('');
          expect(blanks(text), key).to.deep.equal(blanks(english));
          if (/[a-z]+ [a-z]+ [a-z]+/i.test(english.replace(/\S*[/_].*/g, ''))) {
            expect(text, key).to.not.equal(english);
          }
        }
      });

      it(`has help in ${language} with every section, property, output and example`, () => {
        const [english, translated] = [help(type, 'en-US'), help(type, language)];
        expect(tagCounts(translated)).to.deep.equal(tagCounts(english));
        expect(contents(translated, 'pre')).to.deep.equal(contents(english, 'pre'));
        expect(contents(translated, 'h3')).to.not.deep.equal(contents(english, 'h3'));
        const machineWords = (html: string, inLanguage: string): string[] => {
          const texts = new Set(catalogue(type, inLanguage).values());
          return words(html, 'code')
            .filter((word) => /^[\w$.{}: -]*[_.{][\w$.{}: -]*$/.test(word) && !texts.has(word))
            .sort();
        };
        expect(machineWords(translated, language)).to.deep.equal(machineWords(english, 'en-US'));
      });

      it(`calls the fields and choices in the help in ${language} what the dialog calls them`, () => {
        const translations = catalogue(type, language);
        const named = (html: string): string[] => ['code', 'b', 'i', 'dt'].flatMap((tag) => words(html, tag));
        const inHelp = named(help(type, language));
        const inEnglish = new Set(named(help(type, 'en-US')));
        // One text may stand for a field and for a choice, which are two texts in another language.
        for (const [key, text] of catalogue(type, 'en-US'))
          if (inEnglish.has(text)) {
            const same = [...catalogue(type, 'en-US')].filter(([, other]) => other === text);
            const candidates = same.map(([other]) => (translations.get(other) ?? '').replace(/\s+/g, ' '));
            expect(
              candidates.some((candidate) => inHelp.includes(candidate)),
              key,
            ).to.equal(true);
          }
      });
    }

    it('explains inputs, outputs and details in this order', () => {
      const headings = contents(help(type, 'en-US'), 'h3').filter((heading) => heading !== 'References');
      const parts = {
        'virustotal-config': ['Details'],
        'virustotal-events': ['Outputs', 'Details'],
      };
      const expected = parts[type as keyof typeof parts] ?? ['Inputs', 'Outputs', 'Details'];
      expect(headings).to.deep.equal(expected);
    });
  });
}

describe('The help of all nodes', () => {
  const types = (type: string, language: string): string[] =>
    [...help(type, language).matchAll(/"property-type">([^<]+)</g)].flatMap(([, text = '']) =>
      text.replace(/\s+/g, ' ').split(' | '),
    );

  for (const language of TRANSLATIONS)
    it(`has one word in ${language} for each type of a property`, () => {
      const used = new Map<string, Set<string>>();
      for (const type of NODE_TYPES) {
        const translated = types(type, language);
        for (const [at, english] of types(type, 'en-US').entries())
          used.set(english, (used.get(english) ?? new Set()).add(translated[at] ?? ''));
      }
      expect(used.size).to.be.above(3);
      for (const [english, all] of used) expect([...all], english).to.have.length(1);
    });
});

describe('Help of virustotal-report-analysis', () => {
  for (const language of LANGUAGES) {
    it(`explains in ${language} every reason of a verdict`, () => {
      const explained = contents(help('virustotal-report-analysis', language), 'dt').flatMap((term) =>
        term.split(', '),
      );
      expect(explained).to.include.members(Object.keys(REASONS));
    });

    it(`names the five outputs in ${language} as the canvas does`, () => {
      const [list = ''] = contents(help('virustotal-report-analysis', language), 'ol');
      const names = [...list.matchAll(/<li>\s*([^<]*?)\s*</g)].map(([, name]) => name);
      const texts = catalogue('virustotal-report-analysis', language);
      const outputs = ['malicious', 'trusted', 'nomatch', 'missing', 'error'];
      expect(names).to.deep.equal(outputs.map((output) => texts.get(`verdict.${output}`)));
    });
  }
});

describe('The English labels', () => {
  it('are the ones that the product document names', () => {
    const config = catalogue('virustotal-config', 'en-US');
    const names = ['name', 'apiKey', 'rateLimit', 'rateLimitMs', 'cache', 'cacheSize', 'cacheTtl'];
    expect(names.map((name) => config.get(`label.${name}`))).to.deep.equal([
      'Instance Name',
      'API Key',
      'Rate Limit Requests',
      'Rate Limit (ms)',
      'Cache API Responses',
      'Response Cache Maximum Size',
      'Response Cache Time Out (sec)',
    ]);
    const action = catalogue('virustotal', 'en-US');
    expect(action.get('label.action')).to.equal('Action');
    expect(
      ['search', 'domain', 'file', 'ip', 'url'].map((kind) => action.get(`source.${kind}`)),
    ).to.deep.equal(['Search Within', 'Domain', 'File Hash', 'IP Address', 'URL']);
    const analysis = catalogue('virustotal-report-analysis', 'en-US');
    expect(analysis.get('label.malicious')).to.equal('Malicious Positives');
    expect(analysis.get('label.trusted')).to.equal('Trusted Positives');
  });

  it('use "instance" only for the config that holds the key', () => {
    for (const type of NODE_TYPES)
      for (const [key, text] of catalogue(type, 'en-US'))
        expect(text, key).to.not.match(/Node-RED instance/i);
  });
});

describe('The names in the palette', () => {
  for (const language of ['en-US', 'de', 'fr'])
    it(`have room in ${language}: Node-RED breaks at spaces, cuts a long word and moves a hyphen away from it`, () => {
      for (const type of NODE_TYPES) {
        const name = catalogue(type, language).get('label.palette') ?? '';
        expect(name, type).to.not.include('-');
        for (const word of name.split(' ')) expect(word.length, word).to.be.at.most(12);
      }
    });
});

describe('Help of virustotal', () => {
  for (const language of LANGUAGES) {
    it(`says in ${language} what to do for every error code`, () => {
      const html = help('virustotal', language);
      const terms = contents(html, 'dt');
      expect(terms).to.include.members([...ERROR_CODES]);
      const advice = new Map(terms.map((term, index) => [term, contents(html, 'dd')[index] ?? '']));
      for (const code of ERROR_CODES) expect(advice.get(code)?.length, code).to.be.above(25);
    });
  }

  it('shows switch expressions that give what the help promises', async () => {
    const expressions = (type: string): string[] =>
      contents(help(type, 'en-US'), 'code').map((code) => code.replace(/\s+/g, ' '));
    const left = 'virustotal.quota.day.allowed - virustotal.quota.day.used';
    expect(expressions('virustotal')).to.include(left);
    const msg = { virustotal: { quota: { day: { used: 12, allowed: 500 } } } };
    expect(await jsonata(left).evaluate(msg)).to.equal(488);

    const unknown = '"not-found" in analysis.reasons.code';
    expect(expressions('virustotal-report-analysis')).to.include(unknown);
    const report = { type: 'domain', resource: 'qorlane.com', verbose_msg: '' };
    for (const response_code of [0, 1]) {
      const analysis = analyzeReport({ ...report, response_code, positives: 7, total: 9 });
      expect(await jsonata(unknown).evaluate({ analysis }), `${response_code}`).to.equal(response_code === 0);
    }
  });
});
