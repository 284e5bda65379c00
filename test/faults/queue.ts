import { inProcess, withPlace, type Place } from './in-process';

export interface QueuePlan extends Place {
  messages: number;
}

/** How the event loop did during some work. */
export interface Loop {
  ms: number;
  /** How often it came round. */
  turns: number;
  /** By perf_hooks' histogram. */
  delayP99Ms: number;
}

/** What a queue of that many waiting messages came to. */
export interface QueueFindings {
  waiting: number;
  /** One message too many, and how often it was refused within a turn of the event loop. */
  refused: number;
  /** Bytes of the whole process's heap in use while all wait. */
  heap: number;
  filling: Loop;
  /** A deploy of everything hands them over. How many wait after it, and how many it has ended. */
  handing: Loop;
  handed: number;
  lost: number;
  /** A deploy without their node drops them. */
  dropping: Loop;
  closed: number;
}

/** Messages that wait for a key in the real nodes, all at once, in a Node-RED of its own process. */
export function runQueue(messages: number): Promise<QueueFindings> {
  return withPlace((place) => {
    const plan: QueuePlan = { ...place, messages };
    return inProcess<QueueFindings>('queue-process.ts', plan);
  });
}
