import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { NodeAPI } from 'node-red';
import { analyzeReport } from '../src/analysis/analyze';
import { VirusTotalApi } from '../src/api/client';
import { ERROR_CODES, oneLine, quote, VirusTotalError } from '../src/errors';
import { extractIocs } from '../src/ioc/extract';
import type { IocType } from '../src/ioc/ioc';
import { IndicatorFilter } from '../src/ioc/indicator-filter';
import { resolveOptions } from '../src/lookup/options';
import { describeRedisError } from '../src/lookup/redis/redis-problem';
import { HandOver } from '../nodes/hand-over';
import { StatusLine } from '../nodes/status-line';
import { onInput } from '../nodes/on-input';
import { serve, type LocalServer } from './api/local-server';
import { STAND_IN_KEY } from '../tools/fake-virustotal/stand-in';

/** Written out once more, as ranges: what a terminal obeys, what turns or hides text, what is no character. */
const HARMFUL =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- that is the point
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/;

const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '\x1b[31m',
          '\x1b]8;;http://evil.example\x07',
          '\r\n',
          '\n',
          '\0',
          '\x7f',
          '\x85',
          '\x9b2J',
          '\t',
        ],
        ...[
          '\u202e',
          '\u2066',
          '\u200b',
          '\u200d',
          '\ufeff',
          '\u2028',
          '\u2029',
          '\u00ad',
          '\ud800',
          '\udfff',
        ],
        ...[
          '\u3164',
          '\ufe0f',
          '\u{e0041}',
          '\uffff',
          '"',
          '\\',
          '`',
          '${x}',
          '.com',
          'http://',
          '😀',
          'é',
          ' ',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

function expectReadable(text: unknown, most = 2_001): void {
  expect(text).to.be.a('string');
  expect(text).to.not.match(HARMFUL);
  expect((text as string).length).to.be.at.most(most);
}

async function messageOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('Text from outside', () => {
  it('becomes one short line of visible characters', () => {
    expect(oneLine(' a\r\n\tb\u2028c ')).to.equal('a b c');
    expect(oneLine('a\u202eb\u001b[31m\ud800')).to.equal('a\\u202eb\\u001b[31m\\ud800');
    expect(oneLine('exam\u200bple.com')).to.equal('exam\\u200bple.com');
    expect(oneLine('x'.repeat(300), 200)).to.equal(`${'x'.repeat(200)}…`);
    expect(oneLine('😀'.repeat(3), 3)).to.equal('😀…');
    expect(oneLine('déjà vu 検体 😀')).to.equal('déjà vu 検体 😀');
    expect(quote('a"b\n\u202e')).to.equal('"a\\"b\\n\\u202e"');
  });

  it('is quoted, and a value of another type is named', () => {
    const values = ['30 s', 1.5, true, 10n, null, undefined, [1], { toString: null }, () => 1];
    expect(values.map(quote)).to.deep.equal([
      ...['"30 s"', '1.5', 'true', '10', 'null', 'nothing'],
      ...['an array', 'an object', 'a function'],
    ]);
  });

  it('is harmless, and cleaning it twice changes nothing more', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 60 }), (text, most) => {
        expectReadable(oneLine(text, most), most + 1);
        expectReadable(quote(text));
        expect(oneLine(oneLine(text))).to.equal(oneLine(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('Hostile text stays readable', () => {
  it('in the reason why something is no indicator', () => {
    const filter = new IndicatorFilter();
    const kinds = fc.constantFrom<IocType>('domain', 'url', 'ip', 'file');
    let reasons = 0;
    fc.assert(
      fc.property(nasty, kinds, (text, type) => {
        try {
          filter.validate(type, text);
        } catch (error) {
          reasons++;
          expect(error).to.be.instanceOf(VirusTotalError);
          expectReadable((error as Error).message);
        }
        for (const { reason } of extractIocs(`http://10.0.0.1/${text} ${text}.local`).skipped)
          expectReadable(reason);
      }),
      { numRuns: 300 },
    );
    expect(reasons).to.be.above(50);
  });

  it('in what is wrong with an option', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        for (const work of [
          () => new IndicatorFilter({ allowList: `!${text}` }),
          () => extractIocs('', { allowList: `!${text}` }),
          () => resolveOptions({ apiKey: 'k', apiVersion: text as 'v3' }),
          () => resolveOptions({ apiKey: 'k', cacheTtl: text as unknown as number }),
          () => new VirusTotalApi({ apiKey: 'k', apiVersion: text as 'v3' }),
          () => analyzeReport({}, { malicious: `x${text}` as unknown as number }),
          () => new VirusTotalApi({ apiKey: 'k', timeout: text as unknown as number }),
        ]) {
          const message = await messageOf(work);
          if (message !== undefined) expectReadable(message);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('in the reasons of an analysis', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const report of [
          { response_code: 0, verbose_msg: text },
          { response_code: text, verbose_msg: text },
          { response_code: -1, error: { code: text, message: text } },
          { response_code: -1, error: text },
          { response_code: 1, positives: text, total: text, scan_date: text },
          {
            response_code: 1,
            positives: 9,
            total: 9,
            scan_date: text,
            scans: { [text]: { detected: true, result: text } },
          },
        ]) {
          for (const { text: reason } of analyzeReport(report, { maxAgeDays: 3 }).reasons)
            expectReadable(reason);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('in a problem of Redis', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const message of [text, `NOPERM ${text}`, `ERR ${text}`])
          for (const code of [text, `CERT${text}`, undefined]) {
            const trouble = describeRedisError({ message, code }, `host${text}:1`);
            expectReadable(trouble.text);
            expectReadable(trouble.code);
          }
      }),
    );
  });

  it('in the error and the status of a message that fails with it', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        for (const thrown of [text, new Error(text), Object.assign(new Error(text), { code: text })]) {
          const { error, status } = await failing(thrown);
          expectReadable(error.message);
          expectReadable(status);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** What a node tells when its work throws that. */
function failing(thrown: unknown): Promise<{ error: Error; status: string }> {
  return new Promise((resolve) => {
    let status = '';
    const node = {
      status: (shown: { text: string }) => (status = shown.text),
      on: (event: string, listener: (msg: object, send: unknown, done: (error: Error) => void) => void) =>
        event === 'input' && listener({}, undefined, (error) => resolve({ error, status })),
    } as never;
    const inbox = HandOver.of({} as NodeAPI).open(node);
    const line = new StatusLine(node);
    onInput(inbox, {
      receive: () => {
        throw thrown as Error;
      },
      failed: (error) => line.failed(error),
    });
  });
}

describe('Errors from hostile answers of VirusTotal stay readable', () => {
  let server: LocalServer;
  let answer: { status: number; headers: Record<string, string>; body: string };

  before(async () => {
    server = await serve((_request, response) =>
      response.writeHead(answer.status, answer.headers).end(answer.body),
    );
  });
  after(() => server.close());

  for (const apiVersion of ['v2', 'v3'] as const) {
    it(`with API ${apiVersion}`, async () => {
      const api = new VirusTotalApi({ apiKey: STAND_IN_KEY, apiVersion, apiUrl: server.origin });
      let errors = 0;
      await fc.assert(
        fc.asyncProperty(
          nasty,
          fc.constantFrom(200, 400, 401, 403, 404, 429, 500, 302),
          async (text, status) => {
            const error = { code: text, message: text };
            const headers: Record<string, string> = {
              'content-type': `text/html; charset=${encodeURIComponent(Buffer.from(text).toString())}`,
            };
            if (status === 302)
              headers['location'] = `http://${encodeURIComponent(Buffer.from(text).toString())}.test/`;
            for (const body of [JSON.stringify({ error }), JSON.stringify({ response_code: text }), text]) {
              answer = { status, headers, body };
              try {
                const exchange = await api.getReport({ type: 'domain', value: 'example.com' });
                if ('answer' in exchange && exchange.answer.report.response_code === 0)
                  expectReadable(exchange.answer.report.verbose_msg);
              } catch (thrown) {
                errors++;
                expect(thrown).to.be.instanceOf(VirusTotalError);
                expectReadable((thrown as Error).message);
                expectReadable(((thrown as Error).stack ?? '').split('\n    at ')[0]);
              }
            }
          },
        ),
        { numRuns: 150 },
      );
      expect(errors).to.be.above(200);
      await api.close();
    });
  }
});

describe('The code of an error', () => {
  const page = readFileSync(join(__dirname, '../docs/troubleshooting.md'), 'utf8');
  for (const code of ERROR_CODES)
    it(`is explained in docs/troubleshooting.md: ${code}`, () => {
      const [, chapter = ''] = page.split(`\n## ${code}\n`);
      expect(chapter.split('\n## ')[0]).to.match(/\*\*What happened:\*\* .+\n\n\*\*What to do:\*\* .+/);
    });
});
