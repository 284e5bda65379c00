// A campaign of random faults in a process of its own, see campaign.ts. Gets its plan as JSON and sends what it found over IPC.
import { alive, heapInUse, leftOver } from './at-rest';
import type { Findings, Plan } from './campaign';
import { EmbeddedNodeRed } from './node-red';
import { Run } from './run';
import { overLimit, Starts } from './starts';

/** Messages until caches, connections and compiled code are as they stay. */
const WARM_UP = 5000;
const LONGEST_END_MS = 60_000;

async function campaign({
  seed,
  messages,
  limit,
  urls,
  apiKey,
  userDir,
}: Plan): Promise<Omit<Findings, 'accepted'>> {
  const trouble: string[] = [];
  process.on('unhandledRejection', (reason) => trouble.push(`unhandled: ${String(reason)}`));
  process.on('warning', (warning) => trouble.push(`warning: ${warning.stack}`));

  let run: Run;
  const nodeRed = await EmbeddedNodeRed.start(userDir, {
    arrived: (at: string, msg: Record<string, unknown>) => run.arrived(at, msg),
  });
  const before = alive();
  const starts = new Starts();
  const go = async (script: string, count: number): Promise<Run> => {
    run = new Run(nodeRed, { seed, script, messages: count, limit, urls, apiKey });
    await run.go();
    return run;
  };

  const warm = await go(`warm-up ${seed}`, WARM_UP);
  await nodeRed.deploy([]);
  const leftByWarmUp = await leftOver(before, LONGEST_END_MS);
  const heapBefore = await heapInUse();

  const from = performance.now();
  const { ledger, deploys, away: awayThen } = await go(seed, messages);
  const away = [...warm.away, ...awayThen];
  const ms = performance.now() - from;
  const counted = nodeRed.node('vt')?.service?.stats().quota.day.used ?? NaN;
  await nodeRed.deploy([]);
  const left = await leftOver(before, LONGEST_END_MS);
  const heapAfter = await heapInUse();

  const complaints = [...warm.ledger.complaints, ...ledger.complaints];
  const unfinished = [...warm.ledger.unfinished, ...ledger.unfinished];
  const { taken, due, outputs, errors, ends } = ledger;
  return {
    ...{ taken, due, outputs, errors, ends, deploys, ms, heapBefore, heapAfter, counted },
    complaints,
    unfinished,
    trouble,
    left: [...leftByWarmUp, ...left],
    starts: starts.times.length,
    overLimit: overLimit(limit, starts.times, away),
    away,
  };
}

campaign(JSON.parse(process.argv[2] ?? '{}') as Plan).then(
  (findings) => process.send?.({ findings }, () => process.exit(0)),
  (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
);
