import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when the condition holds; it is looked at often, but leaves the machine to what it waits for. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(10);
}
