import { subscribe } from 'node:diagnostics_channel';
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { machineMs } from './machine-clock';

/** A request for a report, by the machine's clock. */
export interface Started {
  name: string;
  /** When it was made: whether it may go was decided before. */
  made: number;
  /** When it was put on a connection. */
  at: number;
}

/** Of undici's request, what is used here. */
interface CreatedRequest {
  path: string;
  aborted: boolean;
  addHeader(name: string, value: string): unknown;
  /** Called when it is put on a connection: so in undici 7, ... */
  onConnect?: (...args: unknown[]) => unknown;
  /** ... and so in undici 8. */
  onRequestStart?: (...args: unknown[]) => unknown;
}

/** The header by which a request is known again when it arrives. */
export const START_HEADER = 'x-start';

/**
 * Writes each start of a request for a report of this process into a file, where it outlives a process that is killed. The time is
 * taken just before the product is told that the request leaves: what the machine does from then on belongs to the way to VirusTotal.
 *
 * @param life name of this process in the campaign
 */
export function recordStarts(life: string, file: string): void {
  const out = openSync(file, 'a');
  let count = 0;
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: CreatedRequest };
    // Questions about the quota cost nothing.
    if (request.path.includes('/users/')) return;
    const name = `${life}.${++count}`;
    const made = machineMs();
    request.addHeader(START_HEADER, name);
    const method = request.onRequestStart ? 'onRequestStart' : 'onConnect';
    const onConnection = request[method]?.bind(request);
    if (!onConnection)
      throw new Error('This undici tells in neither way that a request is put on a connection');
    request[method] = (...args) => {
      const at = machineMs();
      const result = onConnection(...args);
      // One that was given up while it waited for a connection goes nowhere.
      if (!request.aborted) writeSync(out, `${name} ${made} ${at}\n`);
      return result;
    };
  });
}

/** @returns all starts that were written, in the order of time */
export function readStarts(file: string): Started[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => line.split(' ') as [string, string, string])
    .map(([name, made, at]) => ({ name, made: Number(made), at: Number(at) }))
    .sort((a, b) => a.at - b.at);
}
