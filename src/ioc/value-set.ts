/** More are looked up by their hash. */
const FEW = 8;

/** A set that mostly has one or two values: to compare these is quicker than to make a Set, or a list. */
export class ValueSet<T = string> {
  #first: T | undefined;
  #second: T | undefined;
  #others: T[] | undefined;
  #many: Set<T> | undefined;

  has(value: T): boolean {
    if (this.#many !== undefined) return this.#many.has(value);
    return value === this.#first || value === this.#second || this.#others?.includes(value) === true;
  }

  /** @returns whether it is new */
  add(value: T): boolean {
    if (this.#many !== undefined) {
      const { size } = this.#many;
      return this.#many.add(value).size > size;
    }
    if (this.has(value)) return false;
    if (this.#first === undefined) this.#first = value;
    else if (this.#second === undefined) this.#second = value;
    else this.#addOther(this.#first, this.#second, value);
    return true;
  }

  #addOther(first: T, second: T, value: T): void {
    const others = (this.#others ??= []);
    if (others.push(value) > FEW) this.#many = new Set([first, second, ...others]);
  }
}
