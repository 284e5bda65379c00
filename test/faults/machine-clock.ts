/** Milliseconds on the monotonic clock of the machine, which all its processes have in common. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
