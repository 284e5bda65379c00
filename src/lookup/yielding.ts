/** The event loop is given back after this many ms of work. */
const SLICE_MS = 5;

/** Does `each` for all items, and what it sets off, without holding up the event loop, however many there are. */
export async function forEachYielding<T>(items: Iterable<T>, each: (item: T) => void): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (const item of items) {
    each(item);
    // Whoever waited for the item goes on now; else all of a slice would go on together, after its end.
    await Promise.resolve();
    if (performance.now() < sliceEnd) continue;
    await new Promise(setImmediate);
    sliceEnd = performance.now() + SLICE_MS;
  }
}
