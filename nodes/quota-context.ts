import { createHash } from 'node:crypto';
import type { Node } from 'node-red';
import type { QuotaCounts, QuotaStore } from '../src/lookup/quota-count';

const KEY = 'virustotal-quota';

/** Counts say whose they are: another key has used nothing of them. */
type Stored = QuotaCounts & { key: string };

/** Part of the settings that say which context stores there are. */
interface ContextSettings {
  contextStorage?: Record<string, string | { module?: unknown }>;
}

/**
 * Day and month counts in the config node's own context, so that they outlive a restart where Node-RED keeps context. Of several
 * stores one that keeps it is taken, even if it isn't the default.
 */
export function quotaContext(node: Node, apiKey: string, settings: unknown): QuotaStore {
  const context = node.context();
  const key = createHash('sha256').update(apiKey).digest('hex').slice(0, 16);
  const store = persistentStore((settings as ContextSettings).contextStorage);
  return {
    load: () =>
      new Promise((resolve, reject) => {
        context.get(KEY, store, (error: unknown, value: unknown) => {
          if (error) reject(error instanceof Error ? error : new Error('context'));
          else resolve(isCounts(value) && value.key === key ? value : undefined);
        });
      }),
    save: (counts) =>
      context.set(KEY, { ...counts, key } satisfies Stored, store, (error) => {
        if (error) node.warn(`The quota count could not be stored: ${String(error)}`);
      }),
  };
}

function persistentStore(stores: ContextSettings['contextStorage']): string | undefined {
  if (!stores) return undefined;
  const persists = (store: unknown): boolean =>
    typeof store === 'object' && store !== null && 'module' in store && store.module !== 'memory';
  const byDefault = stores['default'];
  if (persists(typeof byDefault === 'string' ? stores[byDefault] : byDefault)) return undefined;
  return Object.keys(stores).find((name) => persists(stores[name]));
}

function isCounts(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const { day, dayUsed, month, monthUsed, key } = value as Record<string, unknown>;
  return (
    typeof day === 'string' &&
    typeof month === 'string' &&
    typeof key === 'string' &&
    Number.isSafeInteger(dayUsed) &&
    Number.isSafeInteger(monthUsed)
  );
}
