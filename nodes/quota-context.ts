import { randomUUID } from 'node:crypto';
import type { Node } from 'node-red';
import type { QuotaStore, StoredCounts } from '../src/lookup/quota-count';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { oneLine } from '../src/errors';

const KEY = 'virustotal-quota';

/** This process by a name of its own: what it has stored itself lacks nothing that it doesn't know. */
const PROCESS = randomUUID();

/** Counts say whose they are: another key has used nothing of them. And who has stored them. */
type Stored = StoredCounts & { key: string; process?: string };

interface ContextStore {
  module?: unknown;
  config?: { cache?: unknown; flushInterval?: unknown };
}

/** Part of the settings that say which context stores there are. */
interface ContextSettings {
  contextStorage?: Record<string, string | ContextStore>;
}

/** Node-RED's file store keeps what it gets in memory and writes it that often, unless its settings say otherwise. */
const FLUSH_SECONDS = 30;
/** Writing takes a while itself. */
const WRITE_MS = 1000;

/**
 * Day and month counts in the config node's own context, so that they outlive a restart where Node-RED keeps context. Of several
 * stores one that keeps it is taken, even if it isn't the default.
 */
export function quotaContext(node: Node, apiKey: string, settings: unknown): QuotaStore {
  const context = node.context();
  const key = keyFingerprint(apiKey).slice(0, 16);
  const { name: store, delayMs } = persistentStore((settings as ContextSettings).contextStorage ?? {});
  return {
    delayMs,
    load: () =>
      new Promise((resolve, reject) => {
        context.get(KEY, store, (error: unknown, value: unknown) => {
          if (error) reject(error instanceof Error ? error : new Error('context'));
          else resolve(isCounts(value) && value.key === key ? countsIn(value) : undefined);
        });
      }),
    save: (counts) =>
      context.set(KEY, { ...counts, key, process: PROCESS } satisfies Stored, store, (error) => {
        if (error) node.warn(oneLine(`The quota count could not be stored: ${String(error)}`));
      }),
  };
}

/** Which store to name (undefined: the default one), and how long it takes until it has what it got on disk. */
function persistentStore(stores: Record<string, string | ContextStore>): {
  name: string | undefined;
  delayMs: number;
} {
  const named = (store: string | ContextStore | undefined): string | ContextStore | undefined =>
    typeof store === 'string' ? stores[store] : store;
  const byDefault = named(stores['default']);
  if (persists(byDefault)) return { name: undefined, delayMs: delayOf(byDefault) };
  for (const [name, store] of Object.entries(stores))
    if (persists(store)) return { name, delayMs: delayOf(store) };
  return { name: undefined, delayMs: 0 };
}

function persists(store: string | ContextStore | undefined): store is ContextStore {
  return typeof store === 'object' && store !== null && 'module' in store && store.module !== 'memory';
}

function delayOf({ config }: ContextStore): number {
  if (config?.cache === false) return WRITE_MS;
  const seconds = Number(config?.flushInterval ?? FLUSH_SECONDS);
  return (seconds >= 0 ? seconds : FLUSH_SECONDS) * 1000 + WRITE_MS;
}

function countsIn({ day, dayUsed, month, monthUsed, unsaved = 0, process }: Stored): StoredCounts {
  const counts = { day, dayUsed, month, monthUsed };
  return process === PROCESS || unsaved === 0 ? counts : { ...counts, unsaved };
}

function isCounts(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const { day, dayUsed, month, monthUsed, key, unsaved = 0 } = value as Record<string, unknown>;
  return (
    typeof day === 'string' &&
    typeof month === 'string' &&
    typeof key === 'string' &&
    Number.isSafeInteger(dayUsed) &&
    Number.isSafeInteger(monthUsed) &&
    Number.isSafeInteger(unsaved) &&
    (unsaved as number) >= 0
  );
}
