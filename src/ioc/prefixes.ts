/** Texts that another text may begin with. That is a binary search, whose time grows with the logarithm of their number. */
export class Prefixes {
  readonly #added: string[] = [];
  #sorted: readonly string[] | undefined;

  add(prefix: string): void {
    this.#added.push(prefix);
    this.#sorted = undefined;
  }

  get isEmpty(): boolean {
    return this.#added.length === 0;
  }

  hasPrefixOf(text: string): boolean {
    if (this.#added.length === 0) return false;
    const sorted = (this.#sorted ??= withoutExtensions(this.#added));
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? '') <= text) low = middle + 1;
      else high = middle;
    }
    // Between a prefix and the text there are only texts with that prefix, and of those none is kept.
    const nearest = sorted[low - 1];
    return nearest !== undefined && text.startsWith(nearest);
  }
}

/** Sorted, without those that begin with another one. */
function withoutExtensions(prefixes: readonly string[]): readonly string[] {
  const kept: string[] = [];
  // Not toSorted with localeCompare: the order is that of `<=`.
  for (const prefix of [...prefixes].sort()) {
    const last = kept.at(-1);
    if (last === undefined || !prefix.startsWith(last)) kept.push(prefix);
  }
  return kept;
}
