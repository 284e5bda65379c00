import { expect } from 'chai';

interface Result {
  type: string | null;
  value: string | null;
  count: string;
  output: number;
  reason: string;
  skipped: { type: string; value: string; reason: string }[];
}
interface Ledger {
  result(result: Result): string[];
  failed(failure: { type: string | null; value: string | null; reason: string }): string[];
  close(): { right: number; skipped: number; problems: string[] };
}
type LedgerModule = { Ledger: new (sample: object) => Ledger };

describe('The exit code of npm start', () => {
  let ledger: Ledger;
  const came = (value: string, output: number, skipped: Result['skipped'] = []): Result => ({
    type: 'domain',
    value,
    count: '9/90',
    output,
    reason: 'because',
    skipped,
  });

  beforeEach(async () => {
    const path = '../../scripts/start/ledger.mjs';
    const { Ledger } = (await import(path)) as LedgerModule;
    ledger = new Ledger({
      expected: [
        { type: 'domain', value: 'a.net', output: 1 },
        { type: 'domain', value: 'b.net', output: 2 },
      ],
      skipped: [{ type: 'ip', value: '10.0.0.1' }],
    });
  });

  it('is 0 when each indicator reached its expected output and the private ones were listed', () => {
    ledger.result(came('a.net', 1, [{ type: 'ip', value: '10.0.0.1', reason: 'private' }]));
    ledger.result(came('b.net', 2));
    expect(ledger.close()).to.deep.equal({ right: 2, skipped: 1, problems: [] });
  });

  it('is 1 for a wrong output, a missing indicator, a failed lookup, an unexpected one and a private one not listed', () => {
    ledger.result(came('a.net', 3));
    ledger.result(came('c.net', 1));
    ledger.failed({ type: 'domain', value: 'd.net', reason: 'VT_TIMEOUT' });
    expect(ledger.close()).to.deep.equal({
      right: 0,
      skipped: 0,
      problems: [
        'a.net came out of 3 No Match and not Malicious',
        'c.net came out, which the sample does not say',
        'd.net failed: VT_TIMEOUT',
        'domain b.net never came out',
        'ip 10.0.0.1 was not listed as skipped',
      ],
    });
  });
});
