import { expect } from 'chai';
import fc from 'fast-check';
import { analyzeReport } from '../../src/analysis/analyze';
import type { Analysis } from '../../src/analysis/analysis';
import { VERDICTS } from '../../src/analysis/verdict';
import { oneLine } from '../../src/errors';
import { defang } from '../../src/summary/defang';
import type { CardElement, TeamsMessage } from '../../src/summary/forms/teams';
import type { SlackMessage } from '../../src/summary/forms/slack';
import type { SummaryFormat } from '../../src/summary/options';
import { renderSummary } from '../../src/summary/render';
import { readCsv } from '../support/csv-reader';
import { readMarkup, textOfMarkup } from '../support/markup-reader';
import { slackProblems, teamsProblems, telegramProblems } from '../support/service-rules';
import { analysis, NOW } from './incidents';

/** What breaks out of one form or another. */
const SNIPPETS = [
  ...[
    '<!channel>',
    '<!here>',
    '<@U012AB3CD>',
    '@here',
    '@channel',
    '@everyone',
    '<https://evil.example|bank>',
    ':fire:',
    '&amp;',
    '&#60;',
  ],
  ...[
    '</code>',
    '<b>',
    '<a href="https://evil.example">',
    '</td></tr></table>',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
  ],
  ...[
    '```',
    '`',
    '``',
    '[x](javascript:alert(1))',
    '![x](https://evil.example/x.png)',
    '| a | b |',
    '**',
    '__',
    '~~',
    '\\',
    '# ',
    '> ',
    '- ',
    '1. ',
  ],
  ...[
    '=cmd|"/c calc"!A1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    '"',
    '""',
    ',',
    ';',
    '\r\n',
    '\n\n',
  ],
  ...[
    '{{DATE(2026-03-01T00:00:00Z, SHORT)}}',
    '{{TIME(2026-03-01T00:00:00Z)}}',
    '${title}',
    '@{triggerBody()}',
    '{{{',
    '<at>Everyone</at>',
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u200f',
    '\u200b',
    '\ufeff',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u0085',
    '\u2028',
    '\ud83d',
    '\udca9',
    '💩',
    '\u{e0001}',
  ],
  ...[
    'https://evil.example/',
    'www.evil.example',
    'tg://user?id=1',
    '/start',
    '#tag',
    '$TAG',
    'javascript:',
    '{count}',
    '__proto__',
    'العربية',
  ],
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

const hostileAnalysis: fc.Arbitrary<Analysis> = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS),
    type: fc.constantFrom('file', 'url', 'domain', 'ip', null),
    resource: hostile,
    label: hostile,
    engine: hostile,
    permalink: hostile,
    text: hostile,
    code: hostile,
  })
  .map(({ verdict, engine, text, code, ...rest }) =>
    analysis(verdict, {
      ...rest,
      engines: [{ name: engine, result: text }],
      reasons: [{ code: 'report-error', text }],
      ...(verdict === 'error' ? { error: { code, message: text } } : {}),
    }),
  );

const incidents = fc.record({
  analyses: fc.array(hostileAnalysis, { minLength: 1, maxLength: 4 }),
  title: hostile,
  failed: fc.array(fc.record({ type: fc.constant(null), value: hostile, code: hostile, message: hostile }), {
    maxLength: 2,
  }),
  skipped: fc.array(fc.record({ type: fc.constant('url' as const), value: hostile, reason: hostile }), {
    maxLength: 3,
  }),
  missing: fc.array(fc.record({ type: fc.constant('domain' as const), value: hostile }), { maxLength: 2 }),
  of: fc.array(fc.tuple(fc.constantFrom('contacted_ips', 'communicating_files'), hostile), { maxLength: 4 }),
  language: fc.constantFrom('en-US', 'de', 'fr', 'ja', 'zh-CN'),
  defang: fc.boolean(),
});

/** What is not seen, and what a form breaks its lines by. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** `count` is the number of all rows. */
type Check = (payload: unknown, expected: string[], count: number) => void;

/** Renders hostile incidents; `expected` has the indicators as a person is to read them. */
function fuzz(format: SummaryFormat, check: Check): void {
  fc.assert(
    fc.property(incidents, ({ analyses, ...rest }) => {
      const origins = rest.of.map(([relation, of], index) => ({
        value: String(analyses[index]?.resource),
        relation,
        of,
      }));
      const options = { ...rest, origins, now: () => NOW, maxItems: 20 };
      const { payload, incident } = renderSummary(analyses, { ...options, format });
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      expect(text.replaceAll(/[\r\n]/g, ''), 'unseen').to.not.match(UNSEEN);
      const most = format === 'csv' || format === 'json' ? 2_048 : 200;
      const shown = analyses.map(({ type, resource }) => {
        const value = oneLine(oneLine(resource ?? '', 2_048), most);
        return options.defang ? defang(type, value) : value;
      });
      check(
        payload,
        shown.filter(Boolean),
        incident.analyses.length + rest.failed.length + rest.missing.length,
      );
    }),
    { numRuns: 100 },
  );
}

const PAGE = /^https:\/\/(www\.)?virustotal\.com\/\S*$/;

describe('text from outside does not break out of', () => {
  it('text: each row stays on its lines', () => {
    fuzz('text', (payload, expected) => {
      const lines = (payload as string).split('\n').map((line) => line.trim());
      for (const value of expected) expect(lines.some((line) => line.endsWith(value))).to.be.true;
    });
  });

  it('Slack mrkdwn: no mention, no link but to VirusTotal, no emphasis', () => {
    fuzz('slack', (payload, expected) => {
      expect(slackProblems(payload)).to.deep.equal([]);
      const { text, blocks } = payload as SlackMessage;
      const texts = blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []));
      const codes: string[] = [];
      for (const each of [text, ...texts]) {
        const rest = each
          .replace(/<([^|<>]*)\|[^<>|]*>/g, (_, page: string) => {
            expect(page).to.match(PAGE);
            return '';
          })
          .replace(/`([^`]*)`/g, (_, code: string) => {
            codes.push(code.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
            return '';
          });
        expect(each.replace(/<https:[^<>]*>/g, ''), 'angles').to.not.match(/[<>]|@(?!\])|&(?!amp;|lt;|gt;)/);
        expect(rest, 'markup').to.not.match(/[`_~]|:\w+:|^&gt;|:\/\/|www\./m);
        expect(rest.replace(/\*[^*\n]+\*/g, ''), 'emphasis').to.not.include('*');
      }
      for (const value of expected)
        expect(codes).to.include(value.replaceAll('`', "'").replaceAll('@', '[@]'));
    });
  });

  it('an Adaptive Card: no function, no expression, no link but to VirusTotal', () => {
    fuzz('teams', (payload, expected) => {
      expect(teamsProblems(payload)).to.deep.equal([]);
      const { body, fallbackText } = (payload as TeamsMessage).attachments[0].content;
      const texts: string[] = [];
      const walk = (element: CardElement): void => {
        if (element.type === 'Container') return element.items.forEach(walk);
        if (element.type === 'TextBlock') return void texts.push(element.text);
        texts.push(element.inlines.map(({ text }) => text).join(''));
        for (const { text } of element.inlines) expect(text).to.not.match(/\{\{|\$\{|@\{/);
      };
      body.forEach(walk);
      expect(fallbackText).to.not.match(/[{}[\]<>]/);
      for (const value of expected) expect(texts).to.include(value);
    });
  });

  it('the HTML of Telegram: no tag, mention, hashtag, command or address outside code', () => {
    fuzz('telegram', (payload, expected, count) => {
      const html = payload as string;
      expect(telegramProblems(html)).to.deep.equal([]);
      const codes: string[] = [];
      let outside = '';
      let inCode = false;
      for (const token of readMarkup(html)) {
        if (token.kind === 'text') {
          if (inCode) codes.push(token.text);
          else outside += token.text;
        } else inCode = token.kind === 'open' && token.name === 'code';
      }
      expect(outside).to.not.match(/[@#$<>&`]|:\/\/|www\.|\s\/\w|[a-z]\.[a-z]/);
      // Long ones may have no place among 4,096 characters.
      const rows = html.match(/^(🔴|🟠|⚪|🟢|⚫) /gmu) ?? [];
      const shown = rows.length > count ? expected : expected.slice(0, 0);
      for (const value of shown) expect(codes).to.include(value);
    });
  });

  it('Markdown: nothing but words outside code', () => {
    fuzz('markdown', (payload, expected) => {
      const codes: string[] = [];
      const rest = (payload as string)
        // CommonMark: a code span ends at the next run of as many backticks, and loses one blank at each end where both have one.
        .replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, (_, _fence: string, code: string) => {
          codes.push(/^ .*[^ ].* $/.test(code) ? code.slice(1, -1) : code);
          return '';
        })
        .replace(/\[[^[\]()]*\]\(([^()\s]*)\)/g, (_, page: string) => {
          expect(page).to.match(PAGE);
          return '';
        })
        .replace(/\*\*[^*\n]+\*\*/g, '');
      expect(rest).to.not.match(/[`*_<>[\]|~@$\\&]|:\/\/|www\.|(?<!^#?)#/);
      for (const value of expected) expect(codes).to.include(value);
    });
  });

  it('the HTML of a mail: no tag, no attribute, no link but to VirusTotal', () => {
    fuzz('html', (payload, expected) => {
      const tokens = readMarkup(payload as string);
      const allowed = ['html', 'head', 'meta', 'title', 'body', 'table', 'tr', 'td', 'span', 'br', 'b', 'a'];
      for (const token of tokens) {
        if (token.kind === 'text') continue;
        expect(allowed).to.include(token.name);
        if (token.kind !== 'close' && token.attributes.href !== undefined)
          expect(token.attributes.href).to.match(PAGE);
      }
      const lines = textOfMarkup(tokens).split('\n');
      for (const value of expected) expect(lines).to.include(value);
    });
  });

  it('CSV: no cell is a formula, and each has its column', () => {
    fuzz('csv', (payload, expected) => {
      const [head, ...rows] = readCsv(payload as string);
      for (const cells of rows) {
        expect(cells.length).to.equal(head?.length);
        for (const cell of cells) expect(cell).to.not.match(/^\s*[=+\-@\t\r＝＋－＠]/);
      }
      const values = rows.map((cells) => (cells[4] ?? '').replace(/^'(?=[=+\-@＝＋－＠])/, ''));
      for (const value of expected) expect(values).to.include(value);
    });
  });

  it('JSON: it is the same text again', () => {
    fuzz('json', (payload, expected) => {
      const { rows } = JSON.parse(payload as string) as { rows: Record<string, Record<string, string[][]>> };
      const values = Object.values(rows)
        .flatMap((kinds) => Object.values(kinds).flat())
        .map(([value]) => value);
      for (const value of expected) expect(values).to.include(value);
    });
  });
});

describe('what comes in place of an analysis', () => {
  it('makes a row of what is there, whatever its fields hold', () => {
    const odd = fc.record({
      verdict: fc.constantFrom(...VERDICTS),
      ...Object.fromEntries(
        [
          'type',
          'resource',
          'positives',
          'total',
          'reasons',
          'engines',
          'label',
          'scanDate',
          'permalink',
          'error',
        ].map((name) => [name, fc.oneof(fc.anything(), fc.constant('2026-03-01 12:00:00'))]),
      ),
    });
    const withoutText = { verdict: 'error' as const, type: { toString: null }, resource: '' };
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 3 }), fc.anything(), (analyses, anything) => {
        for (const format of [
          'text',
          'slack',
          'teams',
          'telegram',
          'html',
          'csv',
          'json',
          'markdown',
          'object',
        ] as const) {
          const lists = {
            failed: [anything, { type: anything, value: anything, code: anything }],
            skipped: [anything, { value: anything }],
          };
          const { payload } = renderSummary(analyses as never, {
            ...(lists as object),
            format,
            defang: true,
          });
          expect(payload).to.be.ok;
        }
      }),
      { numRuns: 100, examples: [[[withoutText], []]] },
    );
  });

  it('is a real analysis of a hostile report, too', () => {
    const report = {
      response_code: 1,
      type: 'domain',
      resource: '<!channel>',
      positives: 9,
      total: 70,
      threat_label: '<!here>',
      permalink: 'javascript:alert(1)',
      scans: { '<@U1>': { detected: true, result: '=1' } },
    };
    const { payload } = renderSummary([analyzeReport(report)], { format: 'slack' });
    expect(JSON.stringify(payload)).to.not.match(/<!|<@|javascript/);
  });
});
