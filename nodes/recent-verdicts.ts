import type { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import { OverviewTick } from './overview-tick';

/** How many are kept. */
const KEPT = 50;
/** Of one verdict. */
const MAX_REASONS = 10;

/** What is kept of a verdict: a few values, so that neither a report nor a message stays in memory with it. */
export interface RecentVerdict extends Pick<
  Analysis,
  'verdict' | 'type' | 'resource' | 'positives' | 'total'
> {
  /** Milliseconds since 1970. */
  time: number;
  reasons: string[];
  node: { id: string; name: string };
}

const kept = new WeakMap<EventEmitter, RecentVerdicts>();

/** The last verdicts of all Report Analysis nodes of a runtime, for the sidebar. They outlive a deploy. */
export class RecentVerdicts {
  readonly #ring: RecentVerdict[] = [];
  #next = 0;
  readonly #tick: OverviewTick;

  static of(RED: NodeAPI): RecentVerdicts {
    const { events } = RED as { events: EventEmitter | undefined };
    const verdicts = (events && kept.get(events)) ?? new RecentVerdicts(OverviewTick.of(RED));
    if (events) kept.set(events, verdicts);
    return verdicts;
  }

  private constructor(tick: OverviewTick) {
    this.#tick = tick;
  }

  add({ id, name = '' }: Pick<Node, 'id' | 'name'>, analysis: Analysis): void {
    const { verdict, type, resource, positives, total } = analysis;
    const reasons = analysis.reasons.slice(0, MAX_REASONS).map(({ text }) => text);
    const time = Date.now();
    this.#ring[this.#next] = { time, verdict, type, resource, positives, total, reasons, node: { id, name } };
    this.#next = (this.#next + 1) % KEPT;
    this.#tick.changed();
  }

  /** The newest one first. */
  list(): RecentVerdict[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)].reverse();
  }
}
