import { expect } from 'chai';
import { runCampaign, type Findings } from './campaign';
import type { Kind } from './campaign-plan';
import type { LimitName } from './flows';
import { PROMISES } from './promises';

const SEED = process.env['FAULTS_SEED'] ?? '1';
const KIND = (process.env['FAULTS_KIND'] ?? 'restarts') as Kind;
const LIMIT = (process.env['FAULTS_LIMIT'] ?? 'window') as LimitName;
const JITTER_MS = Number(process.env['FAULTS_JITTER'] ?? 2);
const MESSAGES = 10_000;
/** What VirusTotal and the way to it can do to a lookup. */
const VIRUSTOTALS = 'VT_AUTH VT_BAD_RESPONSE VT_FORBIDDEN VT_NETWORK VT_REQUEST VT_SERVER VT_TIMEOUT'.split(
  ' ',
);

// The seed stands in the title, so that it is printed with every failure. `FAULTS_SEED=… npm test -- -g 'random faults'` runs it again.
describe(`10,000 messages through several nodes, with random faults and deploys (FAULTS_SEED=${SEED})`, function () {
  this.timeout(600_000);

  it('keeps every promise', async () => {
    const found = await runCampaign({
      seed: SEED,
      messages: MESSAGES,
      kind: KIND,
      limit: LIMIT,
      jitterMs: JITTER_MS,
    });
    const broken = Object.entries(PROMISES).map(([promise, against]) => [promise, against(found)] as const);
    expect(broken.filter(([, complaints]) => complaints.length > 0)).to.deep.equal([]);
    expectWork(found);
  });
});

/** The campaign met failures of many kinds and still gave reports: without them, keeping a promise says little. */
function expectWork(found: Findings): void {
  expect(found.taken).to.equal(MESSAGES);
  expect(found.ends).to.include.all.keys('report', 'unknown', 'nothing', 'VT_INVALID_IOC', 'VT_CLOSED');
  // Which of the others end a lookup depends on what the tries after the first one meet with: seven kinds are possible.
  const codes = Object.keys(found.ends).map((end) => end.replace('report of ', ''));
  const failures = new Set(codes.filter((code) => VIRUSTOTALS.includes(code)));
  expect(failures.size, [...failures].join(', ')).to.be.at.least(5);
  expect(found.ends['report']).to.be.above(MESSAGES / 2);
  expect(found.starts).to.be.above(1000);
  expect(found.deploys).to.be.above(10);
}
