// npm run soak: campaigns of random faults one after the other, each with a seed of its own, and a queue of 100,000.
//   SOAK_TOTAL=200000     messages of all campaigns: no campaign begins after that
//   SOAK_MINUTES=…        how long instead: no campaign begins after that
//   SOAK_SEED=…           the first seed; default: the time. The nth campaign's is SEED-n
//   SOAK_MESSAGES=20000   of a campaign
// `FAULTS_SEED=SEED-n FAULTS_KIND=… FAULTS_LIMIT=… FAULTS_JITTER=… npm test -- -g 'random faults'` repeats a campaign as a test.
import { runCampaign, sums, type Findings } from './campaign';
import type { Kind } from './campaign-plan';
import type { LimitName } from './flows';
import { PROMISES } from './promises';
import { runQueue, type Loop } from './queue';

const MINUTES = process.env['SOAK_MINUTES'];
const TOTAL = Number(process.env['SOAK_TOTAL'] ?? (MINUTES === undefined ? 200_000 : Infinity));
const MESSAGES = Number(process.env['SOAK_MESSAGES'] ?? 20_000);
const SEED = process.env['SOAK_SEED'] ?? Date.now().toString(36);
const LIMITS: readonly LimitName[] = ['mixed', 'window', 'spacing', 'none'];
const KINDS: readonly Kind[] = ['restarts', 'instances', 'odd-replies', 'plain', 'odd-instances'];
/** What the way to VirusTotal takes at most, in ms. Three of them beside four limits: all pairs come up. */
const JITTERS: readonly number[] = [2, 0, 15];
const WAITING = 100_000;
/** Of what is broken in a campaign. */
const MOST_LINES = 10;

interface Sum {
  campaigns: number;
  messages: number;
  requests: number;
  deploys: number;
  broken: number;
  ends: Record<string, number>;
  did: Record<string, number>;
  tooSlow: number;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function soak(): Promise<void> {
  const sum: Sum = {
    ...{ campaigns: 0, messages: 0, requests: 0, deploys: 0, broken: 0, tooSlow: 0 },
    ...{ ends: {}, did: {} },
  };
  const until = performance.now() + (MINUTES === undefined ? Infinity : Number(MINUTES) * 60_000);
  for (let n = 1; performance.now() < until && sum.messages < TOTAL; n++) {
    const seed = `${SEED}-${n}`;
    const limit = LIMITS[(n - 1) % LIMITS.length] as LimitName;
    const kind = KINDS[(n - 1) % KINDS.length] as Kind;
    const jitterMs = JITTERS[(n - 1) % JITTERS.length] as number;
    const messages = Math.min(MESSAGES, TOTAL - sum.messages);
    const found = await runCampaign({ seed, messages, kind, limit, jitterMs });
    const broken = Object.entries(PROMISES).flatMap(([promise, against]) =>
      against(found).map((complaint) => `${promise}: ${complaint}`),
    );
    print(
      `${broken.length === 0 ? 'kept  ' : 'BROKEN'} FAULTS_SEED=${seed} FAULTS_KIND=${kind} FAULTS_LIMIT=${limit} FAULTS_JITTER=${jitterMs}: ` +
        `${found.taken} messages, ${found.starts} requests, ${found.deploys} deploys`,
    );
    for (const { heap, ms } of found.lives)
      if (heap) print(`       in ${seconds(ms)}, heap ${mb(heap.before)} to ${mb(heap.after)}`);
    for (const complaint of broken.slice(0, MOST_LINES)) print(`       ${complaint}`);
    if (broken.length > MOST_LINES) print(`       and ${broken.length - MOST_LINES} more`);
    add(sum, found, broken.length);
  }
  const waiting = await runQueue(WAITING);
  print(
    `queue of ${WAITING.toLocaleString('en')}: heap ${mb(waiting.heap)}, ${waiting.closed} ended by a deploy without their node`,
  );
  print(`  while they are queued: ${loop(waiting.filling)}`);
  print(`  while they are handed over by a deploy: ${loop(waiting.handing)}`);
  print(`  while they are dropped: ${loop(waiting.dropping)}`);
  const { campaigns, messages, requests, deploys, broken, ends, did, tooSlow } = sum;
  print(
    `${campaigns} campaigns: ${messages} messages, ${requests} requests, ${deploys} deploys; promises broken: ${broken}`,
  );
  print(`ends: ${JSON.stringify(ends)}`);
  for (const [what, times] of Object.entries(did).sort(([, a], [, b]) => b - a))
    print(`${String(times).padStart(7)} ${what}`);
  print(
    `${String(tooSlow).padStart(7)} arrivals beyond a limit because the machine or the line was too slow`,
  );
  if (broken > 0 || waiting.closed !== WAITING || waiting.refused !== 1) process.exitCode = 1;
}

function add(sum: Sum, found: Findings, broken: number): void {
  sum.campaigns++;
  sum.messages += found.taken;
  sum.requests += found.starts;
  sum.deploys += found.deploys;
  sum.broken += broken;
  sum.tooSlow += found.overAtServer.tooSlow;
  sum.ends = sums([sum.ends, found.ends]);
  sum.did = sums([sum.did, found.did]);
}

function loop({ ms, delayP99Ms }: Loop): string {
  return `${seconds(ms)}, event loop delay p99 ${delayP99Ms.toFixed(1)} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

void soak();
