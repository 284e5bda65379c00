import { expect } from 'chai';
import { type ErrorDetails, VirusTotalError } from '../../src/errors';
import { afterFailure } from '../../src/lookup/retry-policy';

describe('The retry policy', () => {
  const transient = (details: ErrorDetails = {}): VirusTotalError =>
    new VirusTotalError('VT_SERVER', 'down', { status: 503, retryable: true, ...details });

  it('retries a passing failure twice and then gives up', () => {
    expect(afterFailure(transient(), 1, 1).kind).to.equal('retry');
    expect(afterFailure(transient(), 2, 1).kind).to.equal('retry');
    expect(afterFailure(transient(), 3, 1)).to.deep.equal({ kind: 'fail' });
  });

  it('waits a random time below a bound that doubles with each try (full jitter)', () => {
    const waits = (tries: number): number[] =>
      [0, 0.5, 0.999].map((random) => {
        const next = afterFailure(transient(), tries, 1, () => random);
        return next.kind === 'retry' ? Math.round(next.afterMs) : NaN;
      });
    expect(waits(1)).to.deep.equal([0, 1000, 1998]);
    expect(waits(2)).to.deep.equal([0, 2000, 3996]);
  });

  it('waits as long as the server says if that is longer', () => {
    const next = afterFailure(transient({ retryAfterMs: 30_000 }), 1, 1, () => 0.5);
    expect(next).to.deep.equal({ kind: 'retry', afterMs: 30_000 });
  });

  it('gives up at once when the server says it will be down for hours', () => {
    expect(afterFailure(transient({ retryAfterMs: 3_600_000 }), 1, 1).kind).to.equal('fail');
  });

  for (const code of ['VT_FORBIDDEN', 'VT_REQUEST', 'VT_BAD_RESPONSE', 'VT_NETWORK', 'VT_CLOSED'] as const) {
    it(`never retries ${code} when the failure is permanent`, () => {
      expect(afterFailure(new VirusTotalError(code, 'no'), 1, 1)).to.deep.equal({ kind: 'fail' });
    });
  }

  it('pauses the key for a minute after "quota", or for the time that VirusTotal gives', () => {
    const quota = (details: ErrorDetails = {}): VirusTotalError =>
      new VirusTotalError('VT_QUOTA', 'quota', { status: 429, retryable: true, ...details });
    expect(afterFailure(quota(), 0, 1)).to.deep.equal({ kind: 'pause', ms: 60_000 });
    expect(afterFailure(quota(), 7, 1)).to.deep.equal({ kind: 'pause', ms: 60_000 });
    expect(afterFailure(quota({ retryAfterMs: 7_000 }), 0, 1)).to.deep.equal({ kind: 'pause', ms: 7_000 });
    expect(afterFailure(quota(), 0, 0.01)).to.deep.equal({ kind: 'pause', ms: 600 });
  });

  it('fails every request of a key that VirusTotal refuses', () => {
    const refused = new VirusTotalError('VT_AUTH', 'wrong key', { status: 401 });
    expect(afterFailure(refused, 0, 1)).to.deep.equal({ kind: 'reject-key' });
  });
});
