import { setTimeout as sleep } from 'node:timers/promises';
import { collectGarbage } from '../support/collect-garbage';

/** What keeps this process alive, sorted: timers and sockets by their names. */
export function alive(): string[] {
  return process.getActiveResourcesInfo().toSorted();
}

/** Waits until nothing more is alive than before, for so long at most. @returns what is left over */
export async function leftOver(before: readonly string[], longestMs: number): Promise<string[]> {
  const until = performance.now() + longestMs;
  let left = beyond(before);
  while (left.length > 0 && performance.now() < until) {
    await sleep(5);
    left = beyond(before);
  }
  return left;
}

function beyond(before: readonly string[]): string[] {
  const known = [...before];
  return alive().filter((name) => {
    const at = known.indexOf(name);
    if (at < 0) return true;
    known.splice(at, 1);
    return false;
  });
}

/** Bytes of heap that are in use, garbage aside. */
export async function heapInUse(): Promise<number> {
  let least = Infinity;
  // Finalizers let go of more in later turns: it is enough when a round brings nothing any more.
  for (let round = 0; round < 20; round++) {
    await sleep(10);
    await collectGarbage();
    const { heapUsed } = process.memoryUsage();
    if (round > 3 && heapUsed > least - 10_000) break;
    least = Math.min(least, heapUsed);
  }
  return least;
}
