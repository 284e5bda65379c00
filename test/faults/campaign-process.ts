// A life of Node-RED in a campaign of random faults, see campaign.ts: a process of its own. Gets its plan as JSON and sends what it found
// over IPC.
import { alive, heapInUse, leftOver } from './at-rest';
import type { LifeFindings } from './campaign';
import type { Life } from './campaign-plan';
import { EmbeddedNodeRed } from './node-red';
import { MOST_COMPLAINTS } from './ledger';
import { Run } from './run';
import { recordStarts } from './starts';

/** Messages until caches, connections and compiled code are as they stay. */
const WARM_UP = 5000;
const LONGEST_END_MS = 60_000;
const TOLD_WAITING = /VirusTotal: (\d+) messages? waited when the flows were stopped/;

async function live(life: Life): Promise<LifeFindings> {
  const { seed, name, userDir, end, startsFile } = life;
  const trouble: string[] = [];
  process.on('unhandledRejection', (reason) => trouble.push(`unhandled: ${String(reason)}`));
  process.on('warning', (warning) => trouble.push(`warning: ${warning.stack}`));

  recordStarts(name, startsFile);
  let run: Run | undefined;
  const nodeRed = await EmbeddedNodeRed.start(userDir, {
    arrived: (at: string, msg: Record<string, unknown>) => run?.arrived(at, msg),
  });
  const late: string[] = [];
  nodeRed.onLateSend((from, msg) => {
    if (late.length < MOST_COMPLAINTS)
      late.push(`${from} sent a message while the flows were stopped: ${JSON.stringify(msg).slice(0, 400)}`);
  });
  const go = async (script: string, messages: number, leaveOpen = false): Promise<Run> => {
    run = new Run(nodeRed, { ...life, script, messages });
    await run.go(leaveOpen);
    return run;
  };
  const foundBy = ({ ledger, deploys, away, did }: Run): LifeFindings => {
    const { taken, outputs, errors, ends } = ledger;
    const complaints = [...ledger.complaints, ...late.splice(0)];
    const due = ledger.due - (end === 'last' ? 0 : ledger.openEnds);
    const unfinished = end === 'last' ? ledger.unfinished : [];
    if (end !== 'last') did[`Node-RED ${end}, and started again`] = 1;
    return {
      ...{ taken, due, outputs, errors, ends, complaints, unfinished, deploys, away, did, trouble },
      ...{ ms: 0, left: [], open: ledger.open, counted: 0 },
    };
  };

  if (end !== 'last') {
    const ended = await go(`${name} ${seed}`, life.messages, true);
    if (end === 'killed') return foundBy(ended);
    // What was said of an earlier stop isn't about this one: of no message nothing is said.
    const said = nodeRed.log.length;
    await nodeRed.end();
    const found = foundBy(ended);
    const told = nodeRed.log.slice(said).map((line) => Number(TOLD_WAITING.exec(line)?.[1] ?? 0));
    const sum = told.reduce((so, each) => so + each, 0);
    if (sum !== found.open)
      found.complaints.push(
        `${found.open} messages were lost at the end of the process, the log says ${sum}`,
      );
    return found;
  }

  const before = alive();
  const warm = foundBy(await go(`warm-up ${name} ${seed}`, WARM_UP));
  await nodeRed.deploy([]);
  const leftByWarmUp = await leftOver(before, LONGEST_END_MS);
  const heapBefore = await heapInUse();

  const from = performance.now();
  const found = foundBy(await go(`${name} ${seed}`, life.messages));
  const ms = performance.now() - from;
  const counted = nodeRed.node('vt')?.service?.stats().quota.day.used ?? NaN;
  await nodeRed.deploy([]);
  const left = [...leftByWarmUp, ...(await leftOver(before, LONGEST_END_MS))];
  const heap = { before: heapBefore, after: await heapInUse() };
  return {
    ...found,
    ...{ ms, left, heap, counted },
    complaints: [...warm.complaints, ...found.complaints],
    unfinished: [...warm.unfinished, ...found.unfinished],
    away: [...warm.away, ...found.away],
  };
}

const life = JSON.parse(process.argv[2] ?? '{}') as Life;
live(life).then(
  (findings) =>
    process.send?.({ findings }, () =>
      life.end === 'killed' ? process.kill(process.pid, 'SIGKILL') : process.exit(0),
    ),
  (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
);
