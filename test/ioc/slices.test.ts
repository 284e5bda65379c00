import { expect } from 'chai';
import { extractIocs } from '../../src/ioc/extract';
import type { Extraction } from '../../src/ioc/extract';
import { SlicedSearches } from '../../src/ioc/slices';
import { startsLikeMail } from '../../src/mail/starts-like-mail';
import { corpus } from '../../tools/ioc-corpus/corpus';

const QUIET = 'nothing to see here, and nothing there, as on every other day of this quiet week\n';
const big = (host: string): string => `http://${host}/a ${QUIET.repeat(1000)} and hxxp://${host}[.]net/b`;

describe('A search in slices', () => {
  /** Each look at the clock finds the slice used up. */
  const slow = () => {
    let time = 0;
    const pauses: (() => void)[] = [];
    const searches = new SlicedSearches({
      now: () => (time += 100),
      pause: () => new Promise((resolve) => pauses.push(resolve)),
    });
    /** Resumes every waiter until none is left. */
    const letRun = async (): Promise<number> => {
      let turns = 0;
      for (;;) {
        for (let tick = 0; tick < 20; tick++) await Promise.resolve();
        const waiting = pauses.splice(0);
        if (waiting.length === 0) return turns;
        expect(waiting, 'searches in one turn of the event loop').to.have.length(1);
        waiting[0]?.();
        turns++;
      }
    };
    return { searches, letRun };
  };
  const values = ({ iocs }: Extraction): string[] => iocs.map(({ value }) => value);

  it('returns the result for a small value at once', () => {
    const found = slow().searches.extract({ a: 'baddomain.com', b: ['10.0.0.1'] });
    expect(found).to.deep.equal(extractIocs({ a: 'baddomain.com', b: ['10.0.0.1'] }));
  });

  it('yields to the event loop repeatedly and finds the same indicators', async () => {
    const everything = Object.values(corpus)
      .flat()
      .map(([value]) => value)
      // Which are parsed, and have more found in them.
      .filter((value) => !startsLikeMail(String(value)));
    const texts = everything.filter((value) => typeof value === 'string');
    const table = `url,ip\n${'http://baddomain.com/a,45.77.12.34\n'.repeat(2000)}`;
    const lines = '{"ip":"45.77.12.34","host":"a.zip"}\n'.repeat(3000);
    for (const value of [texts.join('\n'), everything, new Map([['a', everything]]), table, lines]) {
      const { searches, letRun } = slow();
      const finding = searches.extract(value, { hosts: true });
      expect(finding).to.be.instanceOf(Promise);
      expect(await letRun()).to.be.above(2);
      expect(await finding).to.deep.equal(extractIocs(value, { hosts: true }));
    }
  });

  /** Slices that a search takes where each piece of work uses one up. */
  const slicesOf = async (value: string): Promise<number> => {
    const { searches, letRun } = slow();
    const finding = searches.extract(value);
    const slices = await letRun();
    expect(await finding).to.deep.equal(extractIocs(value));
    return slices;
  };

  it('yields within a word without an end', async () => {
    for (const letters of ['a', 'ab1', '\u00e9', 'abcdefg-']) {
      const word = letters.repeat(1_000_000 / letters.length);
      // It is read in parts of 64 Ki characters.
      expect(await slicesOf(`${word} baddomain.com`)).to.be.at.least(15);
    }
  });

  it('yields while a part of a mail is decoded', async () => {
    // A part of a mail: a whole one is parsed, see test/mail/.
    const header = 'Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n';
    const line = '=42=61=64 =C3=A4=C3=B6 for nobody=\r\n';
    const body = line.repeat(30_000);
    const encoded = body.replaceAll('=\r\n', '').length;
    const decoded = 'Bad äö for nobody'.length * 30_000;
    // In parts of 16 Ki characters, as what comes of it is searched then.
    expect(await slicesOf(`${header}${body}\r\nhttp://baddomain.com/=41`)).to.be.at.least(
      Math.floor(encoded / 16_384) + Math.floor(decoded / 16_384),
    );
  });

  it('finds the same indicators in a long word as in a short one, wherever it is cut', () => {
    const hash = 'd131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f89';
    for (let length = 65_400; length < 66_000; length += 23) {
      expect(values(extractIocs('ab'.repeat(length)))).to.deep.equal([]);
      // Hex digits enough for a hash after each cut, and no letters before it.
      expect(
        values(extractIocs('ab01'.repeat(16_384) + 'ab'.repeat((length - 65_400) / 2 + 100))),
      ).to.deep.equal([]);
      expect(values(extractIocs(`${'x'.repeat(length)}-${hash}-${'z'.repeat(100)}`))).to.deep.equal([hash]);
      expect(values(extractIocs(`${'x-'.repeat(length / 2)}${hash}`))).to.deep.equal([hash]);
    }
  });

  it('runs one search after the other in order of arrival, so that a turn has no more than one slice', async () => {
    const { searches, letRun } = slow();
    const ended: string[][] = [];
    for (const host of ['one.com', 'two.com', 'three.com'])
      void Promise.resolve(searches.extract(big(host))).then((found) => ended.push(values(found)));
    await letRun();
    expect(ended.map(([first]) => first)).to.deep.equal([
      'http://one.com/a',
      'http://two.com/a',
      'http://three.com/a',
    ]);
  });

  it('lets a small value pass while a large one is searched', async () => {
    const { searches, letRun } = slow();
    const large = searches.extract(big('one.com'));
    expect(searches.extract('two.com')).to.deep.equal(extractIocs('two.com'));
    await letRun();
    expect(values(await large)).to.deep.equal(['http://one.com/a', 'http://one.com.net/b']);
  });

  it('rejects with the error of a small value and continues with the next search', async () => {
    const { searches, letRun } = slow();
    const many = Array.from({ length: 5001 }, (_, index) => `host${index}.com`).join(' ');
    const failing = Promise.resolve(searches.extract(many)).catch((error: unknown) => error);
    const next = searches.extract(big('one.com'));
    await letRun();
    expect(await failing).to.have.property('code', 'VT_INVALID_IOC');
    expect(values(await next)).to.have.length(2);
  });
});
