/** More are looked up by their hash. */
const FEW = 8;

/** A set of texts that mostly has one or two: to compare these is quicker than to make a Set. */
export class ValueSet {
  readonly #few: string[] = [];
  #many: Set<string> | undefined;

  has(value: string): boolean {
    return this.#many === undefined ? this.#few.includes(value) : this.#many.has(value);
  }

  /** @returns whether it is new */
  add(value: string): boolean {
    if (this.has(value)) return false;
    if (this.#many !== undefined) this.#many.add(value);
    else if (this.#few.push(value) > FEW) this.#many = new Set(this.#few);
    return true;
  }
}
