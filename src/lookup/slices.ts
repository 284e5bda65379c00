/** The event loop is given back after this many ms of work. */
const SLICE_MS = 5;

/** Does `each` for all items without holding up the event loop, however many there are. */
export async function inSlices<T>(items: Iterable<T>, each: (item: T) => void): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (const item of items) {
    each(item);
    if (performance.now() < sliceEnd) continue;
    await new Promise(setImmediate);
    sliceEnd = performance.now() + SLICE_MS;
  }
}
