import { VirusTotalError } from '../errors';

/** Lookups that may wait for each message that may wait: one message of a search can have thousands. */
export const LOOKUPS_A_MESSAGE = 10;

/** Counts the messages and the lookups that wait and refuses one too many. A message with many lookups counts once. */
export class WaitingRoom {
  /** Messages that have lookups waiting or under way, with how many. */
  readonly #batches = new Map<object, number>();
  /** Those of them that have requests under way, with how many: they no longer wait. */
  readonly #underWay = new Map<object, number>();
  /** Messages that may wait. */
  seats: number;
  #lookups = 0;
  #requests = 0;

  constructor(seats: number) {
    this.seats = seats;
  }

  /** Lookups that wait or are under way. */
  get lookups(): number {
    return this.#lookups;
  }

  /** Why a lookup of another message would be refused: a `VT_QUEUE_FULL` that says whether messages or lookups are too many. */
  get refusal(): VirusTotalError | undefined {
    if (this.#batches.size - this.#underWay.size >= this.seats)
      return full(`${this.seats} messages wait for VirusTotal already`, 'Send fewer');
    return this.#lookupRefusal;
  }

  /**
   * Counts a lookup in, until it leaves.
   * @throws VirusTotalError `VT_QUEUE_FULL`
   */
  admit(batch: object): void {
    const before = this.#batches.get(batch) ?? 0;
    const refusal = before === 0 ? this.refusal : this.#lookupRefusal;
    if (refusal) throw refusal;
    this.#batches.set(batch, before + 1);
    this.#lookups++;
  }

  /** A lookup has its answer or error. */
  leave(batch: object): void {
    this.#lookups--;
    if (!lower(this.#batches, batch)) return;
    this.#requests -= this.#underWay.get(batch) ?? 0;
    this.#underWay.delete(batch);
  }

  /** A request for the message goes out. */
  sent(batch: object): void {
    if (!this.#batches.has(batch)) return;
    this.#underWay.set(batch, (this.#underWay.get(batch) ?? 0) + 1);
    this.#requests++;
  }

  /** A request for the message has ended, or goes through the queue again. */
  back(batch: object): void {
    if (!this.#underWay.has(batch)) return;
    lower(this.#underWay, batch);
    this.#requests--;
  }

  get #lookupRefusal(): VirusTotalError | undefined {
    const most = LOOKUPS_A_MESSAGE * this.seats;
    if (this.#lookups - this.#requests < most) return undefined;
    return full(
      `${most} lookups of ${this.#batches.size} ${this.#batches.size === 1 ? 'message' : 'messages'} wait for VirusTotal already, ${LOOKUPS_A_MESSAGE} for each of ` +
        `the ${this.seats} messages that may wait`,
      'Send fewer indicators at once',
    );
  }
}

function full(why: string, wayOut: string): VirusTotalError {
  return new VirusTotalError(
    'VT_QUEUE_FULL',
    `Queue full: ${why}, and this one is refused. ${wayOut}, or raise the queue's size in the VirusTotal config`,
    { retryable: true },
  );
}

/** @returns whether that was the last */
function lower(counts: Map<object, number>, of: object): boolean {
  const left = (counts.get(of) ?? 1) - 1;
  if (left > 0) counts.set(of, left);
  else counts.delete(of);
  return left === 0;
}
