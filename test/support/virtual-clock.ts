import FakeTimers, { type Clock } from '@sinonjs/fake-timers';

/** What `VirtualVirusTotal` and the program under test go by: both clocks and all waits, in no time at all. */
export type VirtualClock = Clock;

/** No process asks for the time in its first millisecond; the cache takes 0 for no time at all. */
export const UPTIME_MS = 1000;

/**
 * Puts a clock that the test moves in the place of wall clock, monotonic clock and timers. `setSystemTime` sets the wall clock
 * alone, as NTP does; `jump` is a machine that sleeps, with a monotonic clock that goes on.
 */
export function startVirtualClock(at = '2026-03-10T09:00:00Z'): VirtualClock {
  const clock = FakeTimers.install({
    now: Date.parse(at) - UPTIME_MS,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  clock.tick(UPTIME_MS);
  return clock;
}

// Taken before any test puts a false clock in its place.
const { setImmediate } = globalThis;

/** Lets everything go on that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass for those too who set their timers only after some turns. */
export async function pass(clock: VirtualClock, ms: number): Promise<void> {
  await settle();
  await clock.tickAsync(ms);
  await settle();
}
