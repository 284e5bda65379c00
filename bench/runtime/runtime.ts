// The real Node-RED runtime in a process of its own, with the flows of a flow file. Driven over IPC: see RuntimeProcess.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Held, IncidentsCommand, Measured, QueueCommand, Queued, RunCommand } from './command';
import { openIncidents } from './open-incidents';
import { requestLoop } from './request-loop';
import { messages } from './workloads';
import { hashes } from '../values';

interface RuntimeNode {
  receive(msg: Record<string, unknown>): void;
  arrived?: (msg: unknown) => void;
  service?: { stats(): { waiting: number } };
}
interface Runtime {
  httpAdmin(req: IncomingMessage, res: ServerResponse): void;
  init(server: unknown, settings: Record<string, unknown>): void;
  start(): Promise<void>;
  events: { once(event: string, listener: () => void): void };
  nodes: { getNode(id: string): RuntimeNode | null };
}

const [userDir = '', flowFile = '', admin] = process.argv.slice(2);
const require_ = createRequire(__filename);

/** @returns the runtime, and the port of its admin API where there is one */
async function start(): Promise<{ RED: Runtime; port: number }> {
  const RED = require_('node-red') as Runtime;
  const server = createServer((req, res) => RED.httpAdmin(req, res));
  RED.init(server, {
    userDir,
    flowFile,
    nodesDir: __dirname,
    credentialSecret: false,
    httpAdminRoot: admin ? '/' : false,
    httpNodeRoot: false,
    disableEditor: true,
    functionTimeout: 0,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'error' } },
  });
  const started = new Promise<void>((resolve) => RED.events.once('flows:started', resolve));
  await RED.start();
  await started;
  if (!admin) return { RED, port: 0 };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { RED, port: (server.address() as AddressInfo).port };
}

/** Sends `count` messages in at one node, `inFlight` of them at a time, and waits until all have come out at the other. */
function drive(RED: Runtime, command: RunCommand): Promise<void> {
  const entry = RED.nodes.getNode(command.entry);
  const sink = RED.nodes.getNode(command.sink);
  if (!entry || !sink) throw new Error(`no node ${command.entry} or ${command.sink} in the flow`);
  const make = messages(command.workload);
  const { outOfOne = 1, inForOne = 1 } = command;
  return new Promise((resolve) => {
    let sent = 0;
    let arrived = 0;
    const send = (): void => {
      for (let index = 0; index < inForOne; index++) entry.receive(make(sent * inForOne + index));
      sent++;
    };
    sink.arrived = () => {
      arrived++;
      if (arrived === command.count * outOfOne) resolve();
      else if (arrived % outOfOne === 0 && sent < command.count) send();
    };
    while (sent < Math.min(command.inFlight, command.count)) send();
  });
}

async function measure(RED: Runtime, command: RunCommand): Promise<Measured> {
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const told = command.told && tellings(RED, command.told.sink);
  const cpu = process.cpuUsage();
  const from = performance.now();
  if (command.requestLoop) await requestLoop(command.requestLoop, command.count, command.inFlight);
  else await drive(RED, command);
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const measured = { ms, cpuMs: (user + system) / 1000, delayP99Ms: delay.percentile(99) / 1e6 };
  if (!told || !command.told) return measured;
  const expected = command.count * command.told.events;
  const toldMeanwhile = told.sent / expected;
  while (told.sent + told.dropped < expected) await new Promise((resolve) => setTimeout(resolve, 5));
  return { ...measured, toldMeanwhile, dropped: told.dropped / expected };
}

/** Counts the events that come out at a sink. */
function tellings(RED: Runtime, sink: string): { sent: number; dropped: number } {
  const counts = { sent: 0, dropped: 0 };
  const node = RED.nodes.getNode(sink);
  if (!node) throw new Error(`no node ${sink} in the flow`);
  node.arrived = (msg) => {
    const { payload } = msg as { payload: { event: string; count: number } };
    if (payload.event === 'dropped') counts.dropped += payload.count;
    else counts.sent += 1;
  };
  return counts;
}

/** Sends `count` different lookups to a node that lets one through each 15 s, and looks at what the others take up. */
async function fillQueue(RED: Runtime, { entry, config, count }: QueueCommand): Promise<Queued> {
  const node = RED.nodes.getNode(entry);
  const service = RED.nodes.getNode(config)?.service;
  if (!node || !service) throw new Error(`no node ${entry} or ${config} in the flow`);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // A flow gets its messages from outside, some at a time.
  const AT_ONCE = 100;
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    for (const payload of hashes(Math.min(AT_ONCE, count - sent), `queue ${sent}`)) node.receive({ payload });
    await new Promise(setImmediate);
  }
  // Those that the pace has let through are no longer there.
  while (service.stats().waiting < 0.99 * count) await new Promise(setImmediate);
  delay.disable();
  globalThis.gc?.();
  const heapPerMessage = (process.memoryUsage().heapUsed - before) / count;
  return { heapPerMessage, delayP99Ms: delay.percentile(99) / 1e6 };
}

async function holdIncidents(RED: Runtime, command: IncidentsCommand): Promise<Held> {
  const entry = RED.nodes.getNode(command.entry);
  const sink = RED.nodes.getNode(command.sink);
  if (!entry || !sink) throw new Error(`no node ${command.entry} or ${command.sink} in the flow`);
  return openIncidents(entry, sink, command);
}

// Ended by whoever started it, in an orderly way: a profile is written then.
process.once('disconnect', () => process.exit(0));

void start().then(({ RED, port }) => {
  process.on(
    'message',
    (command: { run?: RunCommand; queue?: QueueCommand; incidents?: IncidentsCommand }) => {
      const { run, queue, incidents } = command;
      const result: Promise<Measured | Queued | Held> = queue
        ? fillQueue(RED, queue)
        : incidents
          ? holdIncidents(RED, incidents)
          : measure(RED, run as RunCommand);
      result.then(
        (measured) => process.send?.({ result: measured }),
        (error: unknown) => process.send?.({ error: String(error) }),
      );
    },
  );
  process.send?.({ result: port });
});
