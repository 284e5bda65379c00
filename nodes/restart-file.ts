import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Node } from 'node-red';
import type { RestartRecord } from '../src/lookup/restart-record';
import type { VirusTotalService } from '../src/lookup/service';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { oneLine } from '../src/errors';

/** This process by a name of its own. */
const PROCESS = randomUUID();

/** What the file holds. Without `requests` the process runs, or was killed. */
interface Kept {
  process: string;
  requests?: readonly number[];
  /** When that was written: ms by the wall clock, and since the machine was started. */
  at: number;
  upMs: number;
}

export interface RestartFile extends RestartRecord {
  /** There was a process before this one that had the key. */
  readonly matters: boolean;
}

/**
 * The restart record of a key as a small file in Node-RED's user folder. Context would not do: by default Node-RED keeps it in memory, and
 * otherwise writes it some time later, which a process that is killed doesn't live to see.
 * @returns undefined without a user folder
 */
export function restartFile(
  node: Pick<Node, 'warn'>,
  apiKey: string,
  settings: unknown,
): RestartFile | undefined {
  const { userDir } = settings as { userDir?: unknown };
  if (typeof userDir !== 'string' || userDir === '') return undefined;
  const key = keyFingerprint(apiKey).slice(0, 16);
  const file = join(userDir, `.virustotal-requests-${key}.json`);
  const write = (kept: Partial<Kept>): void => {
    try {
      writeDurably(
        file,
        JSON.stringify({ process: PROCESS, at: Date.now(), upMs: uptime() * 1000, ...kept }),
      );
    } catch (error) {
      const why = oneLine(String(error));
      node.warn(
        `The last requests could not be stored: ${why}. After a restart Node-RED may exceed the rate limit once`,
      );
    }
  };
  let matters = false;
  return {
    get matters() {
      return matters;
    },
    previous: () => {
      const kept = read(file);
      if (kept === undefined || (kept !== 'unreadable' && kept.process === PROCESS)) return undefined;
      matters = true;
      return kept !== 'unreadable' && kept.requests ? notTooOld(kept as Required<Kept>) : 'killed';
    },
    begin: () => write({}),
    end: (requests) => write(requests ? { requests } : {}),
  };
}

/** Says in the log why the first lookup waits, where it does. */
export function tellOfWait(node: Pick<Node, 'log'>, service: VirusTotalService): void {
  const seconds = Math.ceil(service.stats().nextStartMs / 1000);
  if (seconds > 0)
    node.log(
      `The first lookup waits ${seconds} s for the rate limit: the Node-RED before this one may have used it just before it ended`,
    );
}

/** Either the old content or the new one is there, whenever the process is killed. */
function writeDurably(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

function read(file: string): Kept | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
  try {
    const { process, requests, at, upMs } = JSON.parse(text) as Record<string, unknown>;
    if (typeof process !== 'string' || typeof at !== 'number' || typeof upMs !== 'number')
      return 'unreadable';
    const isList = Array.isArray(requests) && requests.every((each) => Number.isFinite(each));
    return { process, at, upMs, ...(isList ? { requests: requests as number[] } : {}) };
  } catch {
    return 'unreadable';
  }
}

/** If the wall clock was set forward meanwhile, less time went by than it says. */
function notTooOld({ requests, at, upMs }: Required<Kept>): number[] {
  const byMachine = uptime() * 1000 - upMs;
  const tooMuch = byMachine < 0 ? 0 : Math.max(0, Date.now() - at - byMachine);
  return requests.map((each) => each + tooMuch);
}
