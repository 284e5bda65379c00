/** Longer than anything takes that is about to end by itself. */
const GRACE_MS = 30_000;

export const mochaHooks = {
  /** A test that failed half way may leave a server, a socket or a timer open: that must not keep the run from ending. */
  afterAll(): void {
    // With --parallel this is after each file, in a process that goes on with others and that mocha ends itself.
    if (process.env['MOCHA_WORKER_ID'] !== undefined) return;
    setTimeout(() => {
      const left = process.getActiveResourcesInfo().join(', ');
      console.error(`The tests are over, and this keeps the process from ending: ${left}`);
      // mocha has set the exit code.
      process.exit();
    }, GRACE_MS).unref();
  },
};
