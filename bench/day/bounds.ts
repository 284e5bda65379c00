import type { Alert } from './alerts';

/** What the same lookups could buy at most, whoever makes them. */
export interface Bounds {
  /** By looking up everything as it arrives, each thing once, by a value that gives its verdict. */
  asItArrives: number;
  /** No choice of things, even with the day known in advance, gives more. */
  atMost: number;
}

export function boundsOf(alerts: readonly Alert[], lookups: number): Bounds {
  return { asItArrives: asItArrives(alerts, lookups), atMost: atMost(alerts, lookups) };
}

function asItArrives(alerts: readonly Alert[], lookups: number): number {
  const known = new Set<unknown>();
  let whole = 0;
  for (const { entities } of alerts) {
    for (const entity of entities) if (known.size < lookups) known.add(entity);
    if (entities.every((entity) => known.has(entity))) whole++;
  }
  return whole;
}

/**
 * An alert needs at least the rarest of its things. So it is counted with that one alone, which makes the groups disjoint, and the largest
 * groups together are as many alerts as that number of lookups can complete.
 */
function atMost(alerts: readonly Alert[], lookups: number): number {
  const seen = new Map<unknown, number>();
  for (const { entities } of alerts)
    for (const entity of entities) seen.set(entity, (seen.get(entity) ?? 0) + 1);
  const groups = new Map<unknown, number>();
  for (const { entities } of alerts) {
    const [first, ...others] = entities;
    const rarest = others.reduce<unknown>(
      (best, entity) => ((seen.get(entity) ?? 0) < (seen.get(best) ?? 0) ? entity : best),
      first,
    );
    groups.set(rarest, (groups.get(rarest) ?? 0) + 1);
  }
  return [...groups.values()]
    .sort((a, b) => b - a)
    .slice(0, lookups)
    .reduce((sum, size) => sum + size, 0);
}
