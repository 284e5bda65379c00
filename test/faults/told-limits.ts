import type { RedisAnswer } from '../support/redis-line';
import type { InForce } from './over-limit';
import type { Started } from './starts';

/** When Redis had been told of a limit by an instance, by the machine's clock. */
interface Told {
  text: string;
  from: number;
  to: number;
}

/** A limit as an instance reports it: the number of requests, the window in ms, and the transit time of a request. */
const LIMIT = /^(\d+):([\d.]+):([\d.]+)$/;

/** What one instance tells Redis of its limits, and when it is told itself who may go, as it is seen on its line. */
export class ToldLimits {
  readonly told: Told[] = [];
  readonly #decisions: { askedAt: number; answeredAt: number }[] = [];
  readonly #heartbeats: { askedAt: number; answeredAt: number }[] = [];

  readonly note = ({ command, reply, replaced, askedAt, answeredAt }: RedisAnswer): void => {
    // An error: the command has done nothing, as one that Redis doesn't know yet.
    const { script, args } = command;
    if (script === undefined || reply[0] === 0x2d) return;
    const { limits = [], droppedLimits = [] } = limitsIn(args);
    if (script === 'vtHeartbeat') for (const [text] of limits) this.#set(text, answeredAt);
    for (const [text] of script === 'vtDeregister' ? limits : droppedLimits) {
      const open = this.#last(text);
      if (open?.to === Infinity) open.to = askedAt;
    }
    if (script === 'vtReserve') this.#decisions.push({ askedAt, answeredAt });
    if (script === 'vtHeartbeat' && !replaced) this.#heartbeats.push({ askedAt, answeredAt });
  };

  /** One that was removed applies until its window is over: told again until then it never ended. */
  #set(text: string, from: number): void {
    const last = this.#last(text);
    if (last && last.to > from - windowMsOf(text)) last.to = Infinity;
    else this.told.push({ text, from, to: Infinity });
  }

  #last(text: string): Told | undefined {
    return this.told.findLast((each) => each.text === text);
  }

  /** How long before it was put on a connection Redis may have decided on a request, in ms: the answer takes its way too. */
  decidedBefore({ made, at }: Started): number {
    return at - (this.#decisions.findLast(({ answeredAt }) => answeredAt <= made)?.askedAt ?? -Infinity);
  }

  /** From when on the instance knows what Redis knew at a time, also without Redis. */
  knowsFrom(at: number): number {
    return this.#heartbeats.find(({ askedAt }) => askedAt >= at)?.answeredAt ?? Infinity;
  }
}

type Limits = [text: string, beyondMs: number][];

function limitsIn([json = '{}']: readonly string[]): { limits?: Limits; droppedLimits?: Limits } {
  return JSON.parse(json) as { limits?: Limits; droppedLimits?: Limits };
}

function windowMsOf(text: string): number {
  return Number(LIMIT.exec(text)?.[2]);
}

/** The limits of instances that share a key over Redis apply to all of them, from the time when each has received them. */
export function toldLimits(instances: ReadonlyMap<string, ToldLimits>): InForce[] {
  const all = [...instances].flatMap(([name, { told }]) => told.map((each) => ({ name, ...each })));
  const nameOf = (start: Started): string => start.name.split('.')[0] ?? '';
  return all.map(({ name, text, from, to }) => {
    const [, count, ms, way] = LIMIT.exec(text) ?? [];
    const known = Math.max(...[...instances.values()].map((limits) => limits.knowsFrom(from)));
    return {
      of: `limit ${text} of ${name}`,
      count: Number(count),
      ms: Number(ms),
      longestWayMs: () => Number(way),
      decidedBefore: (start) => instances.get(nameOf(start))?.decidedBefore(start) ?? Infinity,
      holds: (first, last) => first.made > known && last.at < to,
    };
  });
}
