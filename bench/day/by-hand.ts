import { PacedQueue } from './paced-queue';
import type { Setting, Side, SideKind } from './side';
import { byUsualExpressions } from './usual-expressions';

interface Item {
  alert: number;
  value: string;
}

/** Function node, context cache, delay node, http request node. */
class ByHand implements Side {
  /** Flow context: it outlives a deploy and, in a persistent store, a restart. */
  readonly #kept = new Map<string, number>();
  readonly #queue: PacedQueue<Item>;
  readonly #setting: Setting;
  readonly #find: (payload: unknown) => string[];

  constructor(setting: Setting, find: (payload: unknown) => string[]) {
    this.#setting = setting;
    this.#find = find;
    this.#queue = new PacedQueue(setting.intervalMs, (item) => this.#request(item));
  }

  receive(alert: number, payload: unknown): void {
    for (const value of this.#find(payload)) {
      const until = this.#kept.get(value) ?? 0;
      if (until > Date.now()) this.#setting.judged(alert, value);
      else this.#queue.add({ alert, value });
    }
  }

  redeploy(): void {
    this.#queue.clear();
  }

  restart(): Promise<void> {
    this.#queue.clear();
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.restart();
  }

  #request({ alert, value }: Item): void {
    const { vt, keptSeconds, judged } = this.#setting;
    if (vt.take(value) === 'refused') return;
    this.#kept.set(value, Date.now() + keptSeconds * 1000);
    judged(alert, value);
  }
}

export const byHand: SideKind = {
  name: '(a) by hand',
  does: 'function node with the usual expressions (defanged spelling, SafeLinks, no private addresses), cache in persistent flow context, delay node of 15 s, http request node',
  open: (setting) => new ByHand(setting, byUsualExpressions),
};

/** One trick more, for those whose alerts are of one file each: a file that has none of the longest kind is lost beside one that has. */
export const byHandLongest: SideKind = {
  name: "(a') by hand, longest hash",
  does: 'the same, and of all hashes in an alert only those of the longest kind',
  open: (setting) => new ByHand(setting, longestHashes),
};

function longestHashes(payload: unknown): string[] {
  const found = byUsualExpressions(payload);
  const hashes = found.filter((value) => /^[0-9a-f]{32,64}$/.test(value));
  const longest = Math.max(...hashes.map(({ length }) => length));
  return found.filter((value) => !hashes.includes(value) || value.length === longest);
}
