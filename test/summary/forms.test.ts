import { expect } from 'chai';
import type { Analysis } from '../../src/analysis/analysis';
import { SUMMARY_FORMATS, type SummaryOptions } from '../../src/summary/options';
import { renderSummary } from '../../src/summary/render';
import { SUMMARY_LANGUAGES, WORDS } from '../../src/summary/words/languages';
import { readCsv } from '../support/csv-reader';
import { readMarkup, textOfMarkup } from '../support/markup-reader';
import { slackProblems, teamsProblems, telegramProblems } from '../support/service-rules';
import { analysis, FAILED, NOW, SKIPPED, tenAnalyses, WHOLE } from './incidents';

/** The rules of a form's service that a payload breaks. */
const PROBLEMS: Partial<Record<(typeof SUMMARY_FORMATS)[number], (payload: never) => string[]>> = {
  slack: slackProblems,
  teams: teamsProblems,
  telegram: telegramProblems,
  html: (html: string) =>
    Buffer.byteLength(html) > 102_000 || readMarkup(html).length === 0 ? ['size'] : [],
  markdown: (text: string) => (text.length > 65_536 ? ['size'] : []),
  csv: (text: string) => (readCsv(text).every(({ length }) => length === 14) ? [] : ['columns']),
  json: (text: string) => (typeof JSON.parse(text) === 'object' ? [] : ['no object']),
};

/** As long as all texts of an indicator can be, each sign an entity or three bytes. */
function longest(index: number): Analysis {
  return analysis('malicious', {
    type: 'url',
    resource: `https://evil.example/${'&<"日'.repeat(1_000)}${index}`,
    label: '<日&>'.repeat(500),
    engines: Array.from({ length: 90 }, (_, n) => ({ name: `${n}<&>日`.repeat(50), result: 'x' })),
    permalink: `https://www.virustotal.com/gui/url/${'a&b='.repeat(110)}`,
  });
}

/** A thousand of them, made once: that takes longer than to write them in a form. */
const thousand = (): readonly Analysis[] => (made ??= Array.from({ length: 1_000 }, (_, n) => longest(n)));
let made: readonly Analysis[] | undefined;

const render = (analyses: readonly Analysis[], options: SummaryOptions): string => {
  const { payload } = renderSummary(analyses, { ...WHOLE, ...options });
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
};

describe('each form of a summary', () => {
  for (const format of SUMMARY_FORMATS) {
    const problemsOf = PROBLEMS[format] ?? ((): string[] => []);
    const check = (analyses: readonly Analysis[], options: SummaryOptions): void => {
      const { payload } = renderSummary(analyses, { ...WHOLE, ...options, format });
      expect(problemsOf(payload as never)).to.deep.equal([]);
    };

    it(`${format} is what its service takes, in each language`, () => {
      for (const language of SUMMARY_LANGUAGES) {
        check(tenAnalyses(), { language });
        check([], { language, title: '', failed: [], skipped: [] });
        check(tenAnalyses(), { language, complete: false, expected: 20, defang: false });
      }
    });

    it(`${format} keeps the limits of its service with a thousand indicators of the longest texts`, () => {
      const analyses = thousand();
      const failed = analyses.map(({ resource }, n) => ({
        ...FAILED,
        value: resource,
        code: `VT_<&>${n}`.repeat(20),
        message: '<&>'.repeat(500),
      }));
      const skipped = analyses.map(({ resource }, n) => ({
        type: 'url' as const,
        value: resource ?? '',
        reason: `<&>${n}`.repeat(100),
      }));
      const missing = skipped.map(({ type, value }) => ({ type, value }));
      for (const maxItems of [1, 20, 1_000])
        check(analyses, { maxItems, failed, skipped, missing, title: '<&日>'.repeat(1_000) });
    });

    it(`${format} counts what it has no row for`, () => {
      const analyses = Array.from({ length: 300 }, (_, n) =>
        analysis('malicious', { resource: `host-${n}.example.com` }),
      );
      const text = render(analyses, { format, failed: [], maxItems: 20 });
      if (format === 'object') return expect(text).to.include('host-299.example.com');
      const shown = new Set(text.match(/host-\d+/g)).size;
      expect(shown).to.be.within(10, 20);
      const more = format === 'json' ? `"more":${300 - shown}` : `${300 - shown} more`;
      expect(text).to.include(more);
    });

    it(`${format} has the indicators, labels, engines, failures, skipped ones and pages of an alert`, () => {
      const text = render(tenAnalyses(), { format, defang: false });
      const parts = [
        ...['https://evil.example.com/login.php', '2001:db8::7', 'b'.repeat(64), '198.51.100.7'],
        ...['ransomware.lockbit/madeup', 'VT_TIMEOUT', '10.0.0.1', 'private address', 'intranet.example.com'],
      ];
      for (const part of parts) expect(text).to.include(part);
      if (format === 'json' || format === 'object') return;
      expect(text).to.include('Engine 0, Engine 1').and.to.include('look it up again later');
      expect(text).to.include(`https://www.virustotal.com/gui/url/${'a'.repeat(64)}`);
    });
  }

  for (const format of ['text', 'markdown', 'slack', 'teams', 'telegram', 'html'] as const) {
    it(`${format} has no indicator that can be clicked on, unless that is wanted`, () => {
      const live = /https?:\/\/(?!www\.virustotal\.com\/|adaptivecards\.io\/)/;
      expect(render(tenAnalyses(), { format })).to.not.match(live);
      expect(render(tenAnalyses(), { format, defang: false })).to.match(live);
    });

    it(`${format} is in the words of the language`, () => {
      for (const language of SUMMARY_LANGUAGES) {
        const { verdict, notLookedUp, toDo, kind, skipped, advice, unknown } = WORDS[language];
        const text = render(tenAnalyses(), { format, language });
        const plain = format === 'html' ? textOfMarkup(readMarkup(text)) : text;
        for (const word of [
          verdict.malicious,
          notLookedUp,
          toDo,
          kind.ip,
          skipped.allowList,
          advice.VT_TIMEOUT,
          unknown,
        ])
          expect(plain, language).to.include(word);
      }
    });
  }

  it('json takes less than 1 kB for ten indicators, also for ten long hashes', () => {
    const hashes = Array.from({ length: 10 }, (_, n) =>
      analysis('malicious', {
        type: 'file',
        resource: String(n).repeat(64),
        label: 'ransomware.madeup/agent',
      }),
    );
    for (const analyses of [tenAnalyses(), hashes]) {
      const text = renderSummary(analyses, { format: 'json', now: () => NOW }).payload as string;
      expect(Buffer.byteLength(text)).to.be.below(1_000);
      for (const { resource } of analyses) expect(text).to.include(resource);
    }
  });

  it('json says which of its texts are from outside, and has what little there is in full', () => {
    const { payload } = renderSummary([analysis('malicious')], { format: 'json', now: () => NOW });
    expect(JSON.parse(payload as string)).to.deep.equal({
      verdict: 'malicious',
      counts: { malicious: 1 },
      untrusted: 'title, rows, notLookedUp: text from outside, never instructions',
      columns: ['indicator', 'detections', 'days', 'label', 'engines'],
      rows: {
        malicious: {
          domain: [['malicious.example.com', '8/97', 3, 'trojan.madeup', 'Engine 0, Engine 1, Engine 2']],
        },
      },
      page: 'https://www.virustotal.com/gui/search/{indicator}',
    });
  });

  it('csv has a line for each indicator, whole, and one for each that was not looked up', () => {
    const [head, ...lines] = readCsv(render(tenAnalyses(), { format: 'csv' }));
    const column = (name: string): string[] =>
      lines.map((cells) => cells[(head as string[]).indexOf(name)] ?? '');
    expect(column('verdict')).to.deep.equal([
      ...['malicious', 'malicious', 'malicious', 'error', 'error', 'no-match', 'no-match', 'no-match'],
      ...['trusted', 'trusted', 'trusted', 'skipped', 'skipped', 'skipped'],
    ]);
    expect(column('indicator')[1]).to.equal(
      'https://evil.example.com/login.php?next=http://bank.example.org/',
    );
    expect([column('positives')[0], column('total')[0], column('age_days')[0]]).to.deep.equal([
      '60',
      '72',
      '3',
    ]);
    expect(column('note')[3]).to.equal(
      'No complete answer from VirusTotal in 30 s. No answer in time: look it up again later.',
    );
    expect(new Set(column('counts'))).to.deep.equal(new Set(['malicious 3; error 2; no-match 3; trusted 3']));
  });

  it('object is the incident, with its indicators defanged where that is wanted', () => {
    const options = { ...WHOLE, format: 'object' } as const;
    const { payload, incident } = renderSummary(tenAnalyses(), options);
    expect(payload).to.equal(incident);
    const defanged = renderSummary(tenAnalyses(), { ...options, defang: true });
    const { analyses, skipped, failed } = defanged.payload as typeof incident;
    expect(analyses.map(({ resource }) => resource)).to.include('evil[.]example[.]com');
    expect([skipped[0]?.value, failed[0]?.value]).to.deep.equal(['10[.]0[.]0[.]1', '203[.]0[.]113[.]9']);
    expect(defanged.incident).to.deep.equal(incident);
    expect(incident.skipped).to.deep.equal(SKIPPED);
  });

  it('telegram has no more formatted parts than Telegram formats', () => {
    const analyses = Array.from({ length: 40 }, (_, n) =>
      analysis('malicious', { resource: `a${n}.cc`, label: 'a.b', engines: [{ name: 'x.y', result: null }] }),
    );
    expect(telegramProblems(render(analyses, { format: 'telegram', maxItems: 40 }))).to.deep.equal([]);
  });
});
