import { join } from 'node:path';

interface ContextStore {
  module?: unknown;
  config?: { cache?: unknown; flushInterval?: unknown; dir?: unknown; base?: unknown };
}

/** Part of Node-RED's settings. */
interface ContextSettings {
  contextStorage?: Record<string, string | ContextStore>;
  userDir?: unknown;
}

/** A context store that outlives Node-RED. */
export interface PersistentStore {
  /** By which the context knows it; undefined: it is the default one. */
  readonly name: string | undefined;
  /** Milliseconds until it has on disk what it got. */
  readonly delayMs: number;
  /** Where it keeps its files or, if it isn't known to keep any, Node-RED's user folder; undefined: there is none. */
  readonly folder: string | undefined;
}

/** Node-RED's file store keeps what it gets in memory and writes it that often, unless its settings say otherwise. */
const FLUSH_SECONDS = 30;
/** Writing takes a while itself. */
const WRITE_MS = 1000;

/**
 * The context store to take, by Node-RED's settings, for what is to outlive it: of several one that does, even if it isn't the default.
 * @returns undefined when all are in memory, as they are by default
 */
export function persistentStore(settings: unknown): PersistentStore | undefined {
  const { contextStorage = {}, userDir } = settings as ContextSettings;
  const named = (store: string | ContextStore | undefined): string | ContextStore | undefined =>
    typeof store === 'string' ? contextStorage[store] : store;
  const found = (name: string | undefined, store: ContextStore): PersistentStore => ({
    name,
    delayMs: delayOf(store),
    folder: folderOf(store, userDir),
  });
  const byDefault = named(contextStorage['default']);
  if (persists(byDefault)) return found(undefined, byDefault);
  for (const [name, store] of Object.entries(contextStorage)) if (persists(store)) return found(name, store);
  return undefined;
}

function persists(store: string | ContextStore | undefined): store is ContextStore {
  return typeof store === 'object' && store !== null && 'module' in store && store.module !== 'memory';
}

function delayOf({ config }: ContextStore): number {
  if (config?.cache === false) return WRITE_MS;
  const seconds = Number(config?.flushInterval ?? FLUSH_SECONDS);
  return (seconds >= 0 ? seconds : FLUSH_SECONDS) * 1000 + WRITE_MS;
}

/** As Node-RED's file store finds it. That store leaves files there alone whose names begin with a dot. */
function folderOf({ module, config }: ContextStore, userDir: unknown): string | undefined {
  if (module !== 'localfilesystem') return textOf(userDir);
  const above = textOf(config?.dir) ?? textOf(userDir);
  return above && join(above, textOf(config?.base) ?? 'context');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
