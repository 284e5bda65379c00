import { expect } from 'chai';
import { emptyAnalysis } from '../../src/analysis/analysis';
import type { Verdict } from '../../src/analysis/verdict';
import { Digest, lastEntries, readDayTime } from '../../src/watch/digest';
import { isReported } from '../../src/watch/report-rule';
import type { VerdictChange } from '../../src/watch/watched';

const change = (from: Verdict, to: Verdict, value = 'shop.example'): VerdictChange => ({
  indicator: { type: 'domain', value },
  analysis: { ...emptyAnalysis('domain', value), verdict: to },
  previous: { verdict: from, positives: null, since: '2026-03-10T09:00:00.000Z' },
});

describe('The digest of a watch', () => {
  const at = (time: string): number => new Date(`2026-03-10T${time}`).getTime();

  it('is due at the next such time after its first change, and not without one', () => {
    const digest = new Digest(undefined, { hours: 7, minutes: 30 });
    expect(digest.dueAt).to.equal(Infinity);
    digest.add(change('trusted', 'malicious'), at('06:00'));
    digest.add(change('trusted', 'malicious', 'b.example'), at('23:00'));
    expect(digest.dueAt).to.equal(at('07:30'));
    expect(digest.take()).to.have.length(2);
    expect(digest.dueAt).to.equal(Infinity);
    digest.add(change('trusted', 'malicious'), at('07:30'));
    expect(digest.dueAt).to.equal(new Date('2026-03-11T07:30').getTime());
  });

  it('is sent after a restart that it waited over', () => {
    const digest = new Digest(undefined, { hours: 7, minutes: 30 });
    digest.add(change('trusted', 'malicious'), at('06:00'));
    const again = new Digest(
      { digest: JSON.parse(JSON.stringify(digest.stored)) as unknown },
      { hours: 7, minutes: 30 },
    );
    expect(again.dueAt).to.equal(at('07:30'));
    expect(again.take()).to.deep.equal([change('trusted', 'malicious')]);
  });

  it('has the last verdict of an indicator that changed twice', () => {
    const changes = [
      change('trusted', 'malicious'),
      change('malicious', 'no-match'),
      change('trusted', 'malicious', 'b.example'),
    ];
    expect(lastEntries(changes)).to.deep.equal(changes.slice(1));
  });

  it('takes hours and minutes of a day and nothing else', () => {
    expect(readDayTime('07:30')).to.deep.equal({ hours: 7, minutes: 30 });
    expect(readDayTime(' 0:05 ')).to.deep.equal({ hours: 0, minutes: 5 });
    for (const text of ['', '24:00', '7', '7:5', '07:60', 'noon', '07:30:00'])
      expect(readDayTime(text), text).to.equal(undefined);
  });
});

describe('The changes that a watch reports', () => {
  const cases: [Verdict, Verdict, string][] = [
    ['trusted', 'malicious', 'any worse malicious'],
    ['no-match', 'malicious', 'any worse malicious'],
    ['trusted', 'no-match', 'any worse'],
    ['malicious', 'no-match', 'any'],
    ['malicious', 'trusted', 'any'],
    ['no-match', 'trusted', 'any'],
  ];
  for (const [from, to, rules] of cases)
    it(`from ${from} to ${to}: ${rules}`, () => {
      const reported = (['any', 'worse', 'malicious'] as const).filter((rule) =>
        isReported(rule, change(from, to)),
      );
      expect(reported.join(' ')).to.equal(rules);
    });
});
