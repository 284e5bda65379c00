import FakeTimers from '@sinonjs/fake-timers';
import { Seeded } from '../../tools/fake-virustotal/seeded';
import { alertsOf, type Alert } from './alerts';
import { boundsOf, type Bounds } from './bounds';
import type { SideKind } from './side';
import { DayOfVirusTotal } from './virustotal';
import { World } from './world';

export interface DayOptions {
  readonly seed: number;
  readonly alerts: number;
  readonly lookups: number;
  readonly keptSeconds: number;
}

/** What a day's allowance bought. */
export interface DayResult {
  /** Alerts with a verdict on each of their files, links and hosts. */
  readonly whole: number;
  /** Where the lookups went. */
  readonly lookups: LookupUse;
  /** Requests after the allowance was used up. */
  readonly refused: number;
  readonly bounds: Bounds;
}

export interface LookupUse {
  /** Of something that the alert was about, for the first time. */
  first: number;
  /** Of the same thing by another of its hashes. */
  otherHash: number;
  /** Of the same value once more. */
  again: number;
  /** Of something that gives no verdict on anything: a wrapped link, an id, a part of something. */
  noVerdict: number;
}

const HOUR_MS = 3_600_000;
/** A change to a flow, all flows deployed. */
const REDEPLOYS_MS = [2.1, 8.4, 9.2, 11.7, 15.3, 20.9].map((hour) => hour * HOUR_MS);
const RESTARTS_MS = [6.6, 13.5].map((hour) => hour * HOUR_MS);
const INTERVAL_MS = 15_000;

/** Taken before the clock is replaced. */
const { setImmediate } = globalThis;

/** Plays the day for one side, in virtual time. */
export async function playDay(kind: SideKind, options: DayOptions): Promise<DayResult> {
  const alerts = dayOf(options);
  const vt = new DayOfVirusTotal(options.lookups, sha256ByHash(alerts));
  const clock = FakeTimers.install({
    now: Date.parse('2026-03-10T00:00:01Z'),
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  try {
    const judged = alerts.map(() => new Set<string>());
    const side = kind.open({
      vt,
      intervalMs: INTERVAL_MS,
      keptSeconds: options.keptSeconds,
      judged: (alert, value) => judged[alert]?.add(value),
    });
    let nowMs = 0;
    for (const { atMs, happens } of events(alerts, side)) {
      await clock.tickAsync(atMs - nowMs);
      nowMs = atMs;
      await happens();
      await settle();
    }
    await clock.tickAsync(24 * HOUR_MS - nowMs - 2_000);
    await settle();
    await side.close();
    const whole = alerts.filter(({ entities }, index) =>
      entities.every(({ values }) => values.some((value) => judged[index]?.has(value))),
    ).length;
    const bounds = boundsOf(alerts, options.lookups);
    return { whole, lookups: useOf(vt.asked, alerts), refused: vt.refused, bounds };
  } finally {
    clock.uninstall();
  }
}

function dayOf({ seed, alerts }: DayOptions): Alert[] {
  const seeded = new Seeded(`day ${seed}`);
  return alertsOf(new World(seeded), seeded, alerts);
}

interface Event {
  atMs: number;
  happens: () => void | Promise<void>;
}

function events(alerts: readonly Alert[], side: ReturnType<SideKind['open']>): Event[] {
  return [
    ...alerts.map(({ atMs, payload }, index) => ({ atMs, happens: () => side.receive(index, payload) })),
    ...REDEPLOYS_MS.map((atMs) => ({ atMs, happens: () => side.redeploy() })),
    ...RESTARTS_MS.map((atMs) => ({ atMs, happens: () => side.restart() })),
  ].sort((a, b) => a.atMs - b.atMs);
}

function sha256ByHash(alerts: readonly Alert[]): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const { entities } of alerts)
    for (const { kind, values } of entities)
      if (kind === 'file')
        for (const value of values) hashes.set(value, values.find(({ length }) => length === 64) ?? '');
  return hashes;
}

function useOf(asked: readonly string[], alerts: readonly Alert[]): LookupUse {
  const entityOf = new Map(
    alerts.flatMap(({ entities }) =>
      entities.flatMap((entity) => entity.values.map((value) => [value, entity] as const)),
    ),
  );
  const use: LookupUse = { first: 0, otherHash: 0, again: 0, noVerdict: 0 };
  const seen = new Set<unknown>();
  for (const value of asked) {
    const entity = entityOf.get(value);
    if (!entity) use.noVerdict++;
    else if (seen.has(value)) use.again++;
    else if (seen.has(entity)) use.otherHash++;
    else use.first++;
    seen.add(value).add(entity);
  }
  return use;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
