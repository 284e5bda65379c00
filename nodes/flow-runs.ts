import type { EventEmitter } from 'node:events';

/** What happens to the flows as a whole. */
export interface FlowEvents {
  /** All nodes are there and wired: what is sent arrives, what fails is caught. */
  started(): void;
  /** The flows have been stopped and no deploy starts them again: by hand, or because Node-RED ends. */
  stopped(): void;
}

/**
 * Knows whether the flows run, by Node-RED's own events. From `flows:stopping` to `flows:started` of a deploy a node may be there whose
 * neighbors are not yet, or no longer: what it sends to them, and what it reports to a Catch node, vanishes without a word.
 */
export class FlowRuns {
  readonly #events: EventEmitter | undefined;
  readonly #heard: FlowEvents;
  #running: boolean;
  #stopping = false;
  /** A deploy may begin before the start of the one before has ended. */
  #starts = 0;

  /** @param events Node-RED's; without them the flows count as running */
  constructor(events: EventEmitter | undefined, heard: FlowEvents) {
    this.#events = events;
    this.#heard = heard;
    this.#running = events === undefined;
    for (const [event, listener] of this.#listeners) events?.on(event, listener);
  }

  get running(): boolean {
    return this.#running;
  }

  close(): void {
    for (const [event, listener] of this.#listeners) this.#events?.off(event, listener);
  }

  readonly #listeners: [event: string, listener: (detail: unknown) => void][] = [
    ['flows:stopping', () => this.#onStopping()],
    ['flows:starting', () => this.#onStarting()],
    ['flows:started', () => this.#onStarted()],
    ['runtime-event', (detail) => this.#onRuntimeEvent(detail)],
  ];

  #onStopping(): void {
    this.#running = false;
    this.#stopping = true;
  }

  #onStarting(): void {
    this.#running = false;
    this.#stopping = false;
    this.#starts++;
  }

  #onStarted(): void {
    this.#starts = Math.max(0, this.#starts - 1);
    if (this.#stopping || this.#starts > 0) return;
    this.#running = true;
    this.#heard.started();
  }

  /** `deploy` says that the flows are about to be started again. */
  #onRuntimeEvent(detail: unknown): void {
    const { id, payload } = Object(detail) as { id?: unknown; payload?: unknown };
    const { state, deploy, error } = Object(payload) as Record<string, unknown>;
    if (id === 'runtime-state' && state === 'stop' && !deploy && !error) this.#heard.stopped();
  }
}
