import { createHash } from 'node:crypto';
import type { Node } from 'node-red';
import type { Indicator } from '../src/ioc/ioc';
import { isStrings } from '../src/report/narrow';
import { KeptValue } from './kept-value';

/** Comments and votes that a node remembers; of more it forgets the oldest. */
const MAX_REMEMBERED = 5000;

/** What a node has commented and voted on: it does neither twice for the same indicator. Kept over deploys and restarts. */
export class DoneActs {
  readonly #kept: KeptValue<string[]>;
  readonly #loading: Promise<void>;
  readonly #done = new Set<string>();
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(node: Node, settings: unknown) {
    this.#kept = new KeptValue(node, settings, {
      key: 'virustotal-submit-done',
      read: (stored) => (isStrings(stored) ? stored : []),
    });
    this.#loading = this.#kept.load().then((keys) => {
      for (const key of keys) this.#done.add(key);
    });
  }

  attach(node: Node): void {
    this.#kept.attach(node);
  }

  forget(): void {
    this.#kept.forget();
  }

  /**
   * Does it, unless it has been done. A second message waits until it is known what came of the first.
   * @param act gets what it is to call when it leaves
   * @param counts whether what it failed with may mean that it was done
   * @returns undefined when it has been done before
   */
  async once<T>(
    kind: 'comment' | 'vote',
    { type, value }: Indicator,
    { act, counts }: { act: (leaves: () => void) => Promise<T>; counts: (error: unknown) => boolean },
  ): Promise<T | undefined> {
    await this.#loading;
    const key = createHash('sha256').update(`${kind} ${type} ${value}`).digest('base64url').slice(0, 16);
    while (this.#underWay.has(key)) await this.#underWay.get(key);
    if (this.#done.has(key)) return undefined;
    // From the moment when it leaves: if Node-RED is killed before the answer comes, it may have been done.
    const doing = act(() => this.#remember(key));
    this.#underWay.set(
      key,
      doing.then(
        () => this.#remember(key),
        (error: unknown) => {
          if (counts(error)) this.#remember(key);
          else this.#forgetAct(key);
        },
      ),
    );
    try {
      return await doing;
    } finally {
      await this.#underWay.get(key);
      this.#underWay.delete(key);
    }
  }

  #remember(key: string): void {
    if (this.#done.has(key)) return;
    this.#done.add(key);
    for (const oldest of this.#done) {
      if (this.#done.size <= MAX_REMEMBERED) break;
      this.#done.delete(oldest);
    }
    this.#kept.save([...this.#done]);
  }

  #forgetAct(key: string): void {
    if (this.#done.delete(key)) this.#kept.save([...this.#done]);
  }
}
