// A very long queue in a process of its own, see queue.ts. Gets its plan as JSON and sends what it found over IPC.
import { createHash } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectGarbage } from '../support/collect-garbage';
import { EmbeddedNodeRed } from './node-red';
import type { Loop, QueueFindings, QueuePlan } from './queue';

/** A flow gets its messages from outside, some at a time. */
const AT_ONCE = 100;

async function longQueue({ messages, urls, apiKey, userDir }: QueuePlan): Promise<QueueFindings> {
  const nodeRed = await EmbeddedNodeRed.start(userDir);
  const errors: Record<string, number> = {};
  let outputs = 0;
  nodeRed.onSend((from) => (outputs += from === 'file' ? 1 : 0));
  nodeRed.onReceive((at, msg) => {
    if (at !== 'catch') return;
    const { code } = msg['error'] as { code: string };
    errors[code] = (errors[code] ?? 0) + 1;
  });
  const flows = flowsWith({
    apiUrl: urls.v3,
    rateLimitMs: 3_600_000,
    dailyQuota: 0,
    monthlyQuota: 0,
    maxQueue: messages,
    credentials: { apiKey },
  });
  await nodeRed.deploy(flows);
  const send = (n: number): void => {
    const payload = createHash('sha256').update(`queue ${n}`).digest('hex');
    nodeRed.node('file')?.receive({ payload, n });
  };

  // The one that the pace lets go at once; from then on all wait.
  send(0);
  while (outputs === 0) await new Promise(setImmediate);
  const filling = await watched(async () => {
    for (let n = 1; n <= messages; n++) {
      send(n);
      if (n % AT_ONCE === 0) await new Promise(setImmediate);
    }
  });
  const waiting = nodeRed.node('vt')?.service?.stats().waiting ?? NaN;
  send(messages + 1);
  await new Promise(setImmediate);
  const refused = errors['VT_QUEUE_FULL'] ?? 0;
  await collectGarbage();
  const heap = process.memoryUsage().heapUsed;
  const handing = await watched(() => nodeRed.deploy(flows, 'full'));
  const handed = nodeRed.node('vt')?.service?.stats().waiting ?? NaN;
  const lost = errors['VT_CLOSED'] ?? 0;
  const dropping = await watched(async () => {
    await nodeRed.deploy(
      flows.filter(({ id }) => id !== 'file'),
      'full',
    );
    while ((errors['VT_CLOSED'] ?? 0) < messages) await new Promise(setImmediate);
  });
  const closed = errors['VT_CLOSED'] ?? 0;
  return { waiting, refused, heap, filling, handing, handed, lost, dropping, closed };
}

function flowsWith(config: Record<string, unknown>): Parameters<EmbeddedNodeRed['deploy']>[0] {
  const placed = { z: 'tab', x: 100, y: 40, wires: [['end']] };
  return [
    { id: 'tab', type: 'tab', label: 'queue' },
    { id: 'vt', type: 'virustotal-config', ...config },
    { id: 'file', type: 'virustotal', server: 'vt', action: 'file', ...placed },
    { id: 'catch', type: 'catch', scope: null, ...placed },
    { id: 'end', type: 'change', rules: [], ...placed, wires: [[]] },
  ];
}

/** How the event loop does meanwhile. */
async function watched(work: () => Promise<void>): Promise<Loop> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let turns = 0;
  let over = false;
  const count = (): void => {
    turns++;
    if (!over) setImmediate(count);
  };
  count();
  const from = performance.now();
  await work();
  over = true;
  delay.disable();
  return { ms: performance.now() - from, turns, delayP99Ms: delay.percentile(99) / 1e6 };
}

longQueue(JSON.parse(process.argv[2] ?? '{}') as QueuePlan).then(
  (findings) => process.send?.({ findings }, () => process.exit(0)),
  (error: Error) => process.send?.({ error: error.stack }, () => process.exit(1)),
);
