/**
 * Declares a test for each scenario of a suite whose scenarios wait most of their time, for a window or for Redis to be missed. The first
 * test that runs starts all scenarios, and each test waits for its own, so that the suite takes as long as its longest scenario. Run with
 * `-g` for one title, the others run too and are not reported. A scenario prepares and cleans up what it needs, as any test does.
 */
export function sideBySide(scenarios: Readonly<Record<string, () => Promise<void>>>): void {
  let running: Map<string, Promise<void>> | undefined;
  const start = (): Map<string, Promise<void>> => {
    const started = new Map(Object.entries(scenarios).map(([title, scenario]) => [title, scenario()]));
    // A scenario may fail before its test waits for it.
    for (const each of started.values()) each.catch(() => undefined);
    return started;
  };
  for (const title of Object.keys(scenarios)) it(title, () => (running ??= start()).get(title));
}
