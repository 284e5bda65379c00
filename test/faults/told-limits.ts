import type { Command } from '../support/scripted-redis';
import type { InForce } from './over-limit';
import type { Started } from './starts';

/** When Redis had been told of a limit by an instance, by the machine's clock. */
interface Told {
  text: string;
  from: number;
  to: number;
}

/** As an instance names a limit: so many, in so many ms, and how long a request may be on its way. */
const LIMIT = /^(\d+):([\d.]+):([\d.]+)$/;

/** What one instance tells Redis of its limits, and when it is told itself who may go, as it is seen on its line. */
export class ToldLimits {
  readonly told: Told[] = [];
  readonly #decisions: { askedAt: number; answeredAt: number }[] = [];

  readonly note = ({ script, args }: Command, reply: Buffer, askedAt: number, answeredAt: number): void => {
    // An error: the script has done nothing, as one that Redis doesn't know yet.
    if (reply[0] === 0x2d) return;
    const limits = args.filter((arg) => LIMIT.test(arg));
    if (script === 'vtSetLimits')
      for (const text of limits)
        if (!this.#open(text)) this.told.push({ text, from: answeredAt, to: Infinity });
    if (script === 'vtRemoveLimits')
      for (const text of limits) {
        const open = this.#open(text);
        if (open) open.to = askedAt;
      }
    if (script === 'vtReserve') this.#decisions.push({ askedAt, answeredAt });
  };

  #open(text: string): Told | undefined {
    return this.told.find((each) => each.text === text && each.to === Infinity);
  }

  /** How long before it was put on a connection Redis may have decided on a request, in ms: the answer takes its way too. */
  decidedBefore({ made, at }: Started): number {
    return at - (this.#decisions.findLast(({ answeredAt }) => answeredAt <= made)?.askedAt ?? -Infinity);
  }

  /** From when on the instance knows what Redis knew at a time. */
  knowsFrom(at: number): number {
    return this.#decisions.find(({ askedAt }) => askedAt >= at)?.answeredAt ?? Infinity;
  }
}

/** The limits of instances that share a key over Redis hold for all of them, from when each has asked since, by the instances' names. */
export function toldLimits(instances: ReadonlyMap<string, ToldLimits>): InForce[] {
  const all = [...instances].flatMap(([name, { told }]) => told.map((each) => ({ name, ...each })));
  const nameOf = (start: Started): string => start.name.split('.')[0] ?? '';
  return all.map(({ name, text, from, to }) => {
    const [, count, ms, way] = LIMIT.exec(text) ?? [];
    const knows = new Map([...instances].map(([each, limits]) => [each, limits.knowsFrom(from)]));
    return {
      of: `limit ${text} of ${name}`,
      count: Number(count),
      ms: Number(ms),
      longestWayMs: () => Number(way),
      decidedBefore: (start) => instances.get(nameOf(start))?.decidedBefore(start) ?? Infinity,
      holds: (_, last) => last.made > (knows.get(nameOf(last)) ?? Infinity) && last.at < to,
    };
  });
}
