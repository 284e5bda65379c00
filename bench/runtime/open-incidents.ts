import type { IncidentsCommand, Held } from './command';
import { incidentMessages, RESULTS } from './incident-messages';

interface Entry {
  receive(msg: Record<string, unknown>): void;
}
interface Sink {
  arrived?: (msg: unknown) => void;
}

/** Sends all results but the last of many incidents, and looks at what they take up while they are open. */
export async function openIncidents(
  entry: Entry,
  sink: Sink,
  { count, judged }: IncidentsCommand,
): Promise<Held> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let sent = 0; sent < count; sent++) {
    // Parsed for each, as reports are: what they take up is a part of it.
    const message = incidentMessages(judged);
    for (let index = 0; index < RESULTS - 1; index++) entry.receive(message(index));
    await new Promise(setImmediate);
  }
  // A whole incident comes out when all that was sent before it has been read.
  await new Promise<void>((resolve) => {
    sink.arrived = (msg) => {
      if ((msg as { topic?: unknown }).topic === 'last') resolve();
    };
    const message = incidentMessages(judged);
    for (let index = 0; index < RESULTS; index++) entry.receive({ ...message(index), topic: 'last' });
  });
  globalThis.gc?.();
  return { heapPerGroup: (process.memoryUsage().heapUsed - before) / count };
}
