import type { Node } from 'node-red';
import type { QuotaCounts, QuotaStore } from '../src/lookup/quota-count';

const KEY = 'virustotal-quota';

/** Part of the settings that say which context stores there are. */
interface ContextSettings {
  contextStorage?: Record<string, string | { module?: unknown }>;
}

/**
 * Day and month counts in the config node's own context, so that they outlive a restart where Node-RED keeps context. Of several
 * stores one that keeps it is taken, even if it isn't the default.
 */
export function quotaContext(node: Node, settings: unknown): QuotaStore {
  const context = node.context();
  const store = persistentStore((settings as ContextSettings).contextStorage);
  return {
    load: () =>
      new Promise((resolve, reject) => {
        context.get(KEY, store, (error: unknown, value: unknown) => {
          if (error) reject(error instanceof Error ? error : new Error('context'));
          else resolve(isCounts(value) ? value : undefined);
        });
      }),
    save: (counts) =>
      context.set(KEY, counts, store, (error) => {
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

function isCounts(value: unknown): value is QuotaCounts {
  if (typeof value !== 'object' || value === null) return false;
  const { day, dayUsed, month, monthUsed } = value as Record<string, unknown>;
  return (
    typeof day === 'string' &&
    typeof month === 'string' &&
    Number.isSafeInteger(dayUsed) &&
    Number.isSafeInteger(monthUsed)
  );
}
