import type { FoundIoc, Indicator } from '../src/ioc/ioc';

/** Of all groups together; a summary of an older one says only how many results are missing. */
const MOST_INDICATORS = 50_000;

/**
 * Which indicators the messages of a group are about, by the id of their parts: a summary that lacks results names them. The oldest groups
 * are forgotten first.
 */
export class GroupIndicators {
  readonly #groups = new Map<string, readonly Indicator[]>();
  #count = 0;

  /** Notes the indicators in the order of the messages' indexes. */
  note(groupId: string, iocs: readonly FoundIoc[]): void {
    this.#groups.set(
      groupId,
      iocs.map(({ type, value }) => ({ type, value: ownText(value) })),
    );
    this.#count += iocs.length;
    for (const [oldest, indicators] of this.#groups) {
      if (this.#count <= MOST_INDICATORS) return;
      this.#groups.delete(oldest);
      this.#count -= indicators.length;
    }
  }

  /** Those with these indexes; undefined when the group is not known. */
  named(groupId: string, indexes: readonly number[]): Indicator[] | undefined {
    const indicators = this.#groups.get(groupId);
    return indicators && indexes.flatMap((index) => indicators[index] ?? []);
  }
}

/** A text cut out of a long one keeps the whole of that in memory. */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}
