import type { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import { EVENTS, type EventFields, type EventKind, type EventName } from '../src/events/event';
import { KeyStateEvents } from '../src/events/key-state';
import type { VirusTotalService } from '../src/lookup/service';

/** Where something happened. */
export interface Place {
  /** The config node; undefined when a node has none. */
  config: { id: string; name?: string | undefined } | undefined;
  node?: { id: string; name: string; flow: string; flowId: string } | undefined;
}

/** An event as a listener gets it. */
export interface PublishedEvent {
  /** Milliseconds since 1970. */
  time: number;
  event: EventName;
  place: Place;
  fields: EventFields;
}

/** What a listener wants to know. */
export interface Subscription {
  kinds: ReadonlySet<EventKind>;
  /** Id of the config node; undefined: of all. */
  config?: string | undefined;
  /** Must not throw, and takes no time. */
  heard(event: PublishedEvent): void;
}

/** What is known of the key of a config node. */
interface WatchedKey {
  service: VirusTotalService;
  states: KeyStateEvents;
}

const hubs = new WeakMap<EventEmitter, EventHub>();

/**
 * Where the nodes of this package tell what happens, for whatever has subscribed to it. An event of a kind without a subscription is not
 * made.
 */
export class EventHub {
  readonly #subscriptions = new Set<Subscription>();
  /** By kind and config node, as each event asks for them. */
  readonly #chosen = new Map<EventKind, Map<string | undefined, readonly Subscription[]>>();
  /** By config node; over its deploys, so that a trouble that lasts is told once. */
  readonly #keys = new Map<string, WatchedKey>();

  static of(RED: NodeAPI): EventHub {
    const { events } = RED as { events: EventEmitter | undefined };
    const hub = (events && hubs.get(events)) ?? new EventHub();
    if (events) hubs.set(events, hub);
    return hub;
  }

  /** @returns a function that ends it */
  subscribe(subscription: Subscription): () => void {
    this.#subscriptions.add(subscription);
    this.#chosen.clear();
    return () => {
      this.#subscriptions.delete(subscription);
      this.#chosen.clear();
    };
  }

  /** Whether anything is listened for: to be asked before an event is put together. */
  get isActive(): boolean {
    return this.#subscriptions.size > 0;
  }

  wants(kind: EventKind, config: string | undefined): boolean {
    return this.#for(kind, config).length > 0;
  }

  publish(event: EventName, place: Place, fields: EventFields): void {
    const subscriptions = this.#for(EVENTS[event].kind, place.config?.id);
    if (subscriptions.length === 0) return;
    const published: PublishedEvent = { time: Date.now(), event, place, fields };
    for (const subscription of subscriptions) subscription.heard(published);
  }

  #for(kind: EventKind, config: string | undefined): readonly Subscription[] {
    let byConfig = this.#chosen.get(kind);
    if (!byConfig) {
      byConfig = new Map<string | undefined, readonly Subscription[]>();
      this.#chosen.set(kind, byConfig);
    }
    let found = byConfig.get(config);
    if (!found) {
      found = [...this.#subscriptions].filter((subscription) => isFor(subscription, kind, config));
      byConfig.set(config, found);
    }
    return found;
  }

  /** Tells what becomes of the key of a config node, until its service is closed. */
  watch(node: Pick<Node, 'id' | 'name'>, service: VirusTotalService): void {
    const before = this.#keys.get(node.id);
    const states =
      before && before.service.sharesKeyWith(service) ? before.states : new KeyStateEvents(service.stats());
    this.#keys.set(node.id, { service, states });
    const place: Place = { config: { id: node.id, name: node.name } };
    let isDue = false;
    service.onChange(() => {
      if (isDue || !this.isActive) return;
      isDue = true;
      // Many changes come together.
      setImmediate(() => {
        isDue = false;
        if (this.#keys.get(node.id)?.service !== service) return;
        for (const { event, fields } of states.next(service.stats())) this.publish(event, place, fields);
      });
    });
  }

  /** The config node is deleted. */
  forget(id: string): void {
    this.#keys.delete(id);
  }
}

function isFor({ kinds, config }: Subscription, kind: EventKind, of: string | undefined): boolean {
  return kinds.has(kind) && (config === undefined || config === of);
}
