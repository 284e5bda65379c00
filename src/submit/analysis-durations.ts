/** The first poll of an analysis comes after this, in ms. Each later one waits longer, up to `LONGEST_WAIT_MS`. */
const FIRST_WAIT_MS = 30_000;
const LONGER_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;
/** No first poll comes later, in ms. */
const LATEST_FIRST_MS = 5 * 60_000;
/** From this number of ended analyses on, a first poll that is too early is no chance. */
const ENOUGH = 2;
/** First polls in a row that came after the end: an earlier one may do. */
const HITS = 8;
/** Ages that are kept of a kind. */
const KEPT = 5;
/** Two ages this near are the same, in ms: timers and the key's queue are not exact. */
const NEAR_MS = 5_000;

/** The ages at which an analysis is polled, in ms from the submission, up to the latest for a first poll: 30, 70, 120, 180, 240, 300 s. */
const AGES = agesOfPolls();

/** What is known of the analyses of one kind. */
interface Kind {
  ended: number;
  /** Which of `AGES` the first poll is made at. */
  step: number;
  hits: number;
  /** At which age the last ones were seen to be over, in ms. */
  overAt: number[];
}

/**
 * How long VirusTotal has taken for the analyses of a key. Each poll costs a request of the quota, so a poll at an age at which no analysis of the
 * kind is over is left out, and one at an age at which most are over asks for the report at once. A kind is any word, as `file`. Of an analysis too
 * few are known of, the first poll is made after 30 s.
 */
export class AnalysisDurations {
  readonly #kinds = new Map<string, Kind>();

  /** The age for the first poll, in ms. */
  firstPollAt(kind: string): number {
    return AGES[this.#of(kind).step] ?? FIRST_WAIT_MS;
  }

  /** Whether others of the kind were over at this age, in ms. */
  isLikelyOver(kind: string, ageMs: number): boolean {
    const { overAt } = this.#of(kind);
    return overAt.length > 0 && ageMs >= Math.min(...overAt) - NEAR_MS;
  }

  /** A poll came too early. @param isFirst whether it was the first of its analysis */
  running(kind: string, ageMs: number, isFirst: boolean): void {
    const known = this.#of(kind);
    if (!isFirst || known.ended < ENOUGH) return;
    const later = AGES.findIndex((age) => age > ageMs + NEAR_MS);
    known.step = Math.max(known.step, later === -1 ? AGES.length - 1 : later);
    known.hits = 0;
  }

  /** A poll came after the end. @param isFirst whether it was the first of its analysis */
  ended(kind: string, ageMs: number, isFirst: boolean): void {
    const known = this.#of(kind);
    known.ended++;
    known.overAt = [...known.overAt, ageMs].slice(-KEPT);
    // One that waited long in the queue says nothing of an earlier one.
    if (!isFirst || known.step === 0 || ageMs >= (AGES[known.step + 1] ?? Infinity)) return;
    if (++known.hits < HITS) return;
    known.step--;
    known.hits = 0;
  }

  #of(kind: string): Kind {
    let known = this.#kinds.get(kind);
    if (known === undefined) {
      known = { ended: 0, step: 0, hits: 0, overAt: [] };
      this.#kinds.set(kind, known);
    }
    return known;
  }
}

/** The waits from one poll to the next, in ms: each is longer, up to 60 s. @param firstMs the age of the first poll, as `firstPollAt` says */
export function* waitsAfter(firstMs: number): Generator<number, never> {
  for (let wait = FIRST_WAIT_MS + LONGER_MS * (AGES.indexOf(firstMs) + 1); ; wait += LONGER_MS)
    yield Math.min(LONGEST_WAIT_MS, wait);
}

function agesOfPolls(): number[] {
  const ages: number[] = [];
  for (let age = FIRST_WAIT_MS, wait = FIRST_WAIT_MS; age <= LATEST_FIRST_MS; age += wait) {
    ages.push(age);
    wait = Math.min(LONGEST_WAIT_MS, wait + LONGER_MS);
  }
  return ages;
}
