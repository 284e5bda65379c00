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
    if (this.#many !== undefined) {
      const { size } = this.#many;
      return this.#many.add(value).size > size;
    }
    if (this.#few.includes(value)) return false;
    if (this.#few.push(value) > FEW) this.#many = new Set(this.#few);
    return true;
  }
}
