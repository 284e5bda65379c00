import { randomUUID } from 'node:crypto';
import type { Node } from 'node-red';
import { inBackground } from '../src/in-background';
import { isObject, isStrings } from '../src/report/narrow';
import type { PendingAnalysis } from '../src/submit/result';
import { KeptValue } from './kept-value';

/** A submission whose report is still to come, as it is kept for a restart. */
export interface JournalEntry {
  pending: PendingAnalysis;
  /** `_msgid` of the message that submitted it. */
  msgid?: string;
}

type Entries = Record<string, JournalEntry>;

/** The submissions of a node whose report is still to come, kept for a restart. */
export class SubmitJournal {
  readonly #kept: KeptValue<Entries>;
  readonly #entries = new Map<string, JournalEntry>();
  /** Those of a process before this one, which nothing here works on yet. */
  readonly #left = new Map<string, JournalEntry>();
  readonly #loading: Promise<void>;
  #isLoaded = false;

  constructor(node: Node, settings: unknown) {
    this.#kept = new KeptValue(node, settings, { key: 'virustotal-submit-pending', read: entriesIn });
    this.#loading = this.#kept.load().then((entries) => {
      for (const [id, entry] of Object.entries(entries)) this.#left.set(id, entry);
      this.#isLoaded = true;
    });
  }

  /** Resolves when what was kept is read: from then on an entry is written as soon as there is one. */
  get loading(): Promise<void> {
    return this.#loading;
  }

  attach(node: Node): void {
    this.#kept.attach(node);
  }

  forget(): void {
    this.#kept.forget();
  }

  /** What a process before this one has left. Each comes once. */
  async takeLeft(): Promise<[id: string, entry: JournalEntry][]> {
    await this.#loading;
    const left = [...this.#left];
    this.#left.clear();
    for (const [id, entry] of left) this.#entries.set(id, entry);
    return left;
  }

  /** Nothing works on it for now: it is taken again later. */
  leave(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#left.set(id, entry);
  }

  newId(): string {
    return randomUUID();
  }

  write(id: string, entry: JournalEntry): void {
    this.#entries.set(id, entry);
    this.#save();
  }

  delete(id: string): void {
    if (this.#entries.delete(id)) this.#save();
  }

  /** Not before what was kept is read: it would be lost. */
  #save(): void {
    if (this.#isLoaded) this.#kept.save(Object.fromEntries([...this.#left, ...this.#entries]));
    else inBackground(this.#loading.then(() => this.#save()));
  }
}

const TYPES = ['file', 'url', 'domain', 'ip'];
const KINDS = ['file', 'url', 'rescan'];

function entriesIn(stored: unknown): Entries {
  const entries: Entries = {};
  for (const [id, entry] of Object.entries(isObject(stored) ? stored : {})) {
    const { pending, msgid } = isObject(entry) ? entry : {};
    if (!isPending(pending)) continue;
    entries[id] = { pending, ...(typeof msgid === 'string' ? { msgid } : {}) };
  }
  return entries;
}

function isPending(value: unknown): value is PendingAnalysis {
  if (!isObject(value) || !isObject(value['target'])) return false;
  const { analysisId, since, private: isPrivate } = value;
  const { kind, type, value: indicator } = value['target'];
  const words = [kind, type, indicator];
  return (
    (analysisId === undefined || typeof analysisId === 'string') &&
    typeof since === 'number' &&
    typeof isPrivate === 'boolean' &&
    isStrings(words) &&
    KINDS.includes(words[0] as string) &&
    TYPES.includes(words[1] as string)
  );
}
