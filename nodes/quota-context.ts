import { randomUUID } from 'node:crypto';
import type { Node } from 'node-red';
import type { QuotaStore, StoredCounts } from '../src/lookup/quota-count';
import { keyFingerprint } from '../src/api/key-fingerprint';
import { oneLine } from '../src/errors';
import { persistentStore } from './persistent-store';

const KEY = 'virustotal-quota';

/** This process by a name of its own: what it has stored itself lacks nothing that it doesn't know. */
const PROCESS = randomUUID();

/** Counts say whose they are: another key has used nothing of them. And who has stored them. */
type Stored = StoredCounts & { key: string; process?: string };

/**
 * Day and month counts in the config node's own context, so that they outlive a restart where Node-RED keeps context. Of several
 * stores one that keeps it is taken, even if it isn't the default.
 */
export function quotaContext(node: Node, apiKey: string, settings: unknown): QuotaStore {
  const context = node.context();
  const key = keyFingerprint(apiKey).slice(0, 16);
  const { name: store, delayMs = 0 } = persistentStore(settings) ?? {};
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
