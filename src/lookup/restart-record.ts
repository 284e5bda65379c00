/**
 * What a process leaves to the next one, so that a restart doesn't forget the rate limit of a key. What is told here has to outlive a
 * process that is killed the moment after. None of these throws.
 */
export interface RestartRecord {
  /**
   * Of the process before this one: wall clock times, in ms, at which its last requests arrived at VirusTotal at the latest; `killed` when it
   * didn't come to tell; undefined when there was none, or it was this one.
   */
  previous(): readonly number[] | 'killed' | undefined;
  /** From now on this process may make requests. */
  begin(): void;
  /** It makes no more. @param requests wall clock times, in ms; undefined: too many to tell, which is as if it were killed */
  end(requests: readonly number[] | undefined): void;
}

/** Of requests that go faster than that a restart lets a window pass. */
const MAX_REQUESTS = 10_000;

/** The wall clock can be set, the monotonic one ends with the process: times are told in one and kept in the other. */
export function toWallClock(times: readonly number[]): number[] | undefined {
  const offset = Date.now() - performance.now();
  return times.length > MAX_REQUESTS ? undefined : times.map((at) => Math.ceil(at + offset));
}

/** @param transitMs none is on its way for longer: what lies further ahead was told before the clock was set back */
export function fromWallClock(times: readonly number[], transitMs: number): number[] {
  const offset = Date.now() - performance.now();
  return times.map((at) => Math.min(at - offset, performance.now() + transitMs));
}
