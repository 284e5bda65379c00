import type { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { inBackground } from '../src/in-background';
import type { VirusTotalService } from '../src/lookup/service';
import type { FoundIoc, Indicator } from '../src/ioc/ioc';
import { FlowRuns } from './flow-runs';
import { GroupIndicators } from './group-indicators';
import { Inbox } from './inbox';
import { lastWord } from './last-word';

const NODE_GONE = 'Node gone: it was removed or disabled while the message waited';
const CONFIG_GONE =
  'Config or key changed: the VirusTotal config was removed or disabled, or has another API key, while the message waited';

const SUMMARY = 'virustotal-summary';

/** For answers that are on their way when the flows are stopped. */
const LAST_ANSWERS_MS = 2000;

/** What ends with `VT_CLOSED` at a deploy. */
interface Ended {
  messages: number;
  lookups: number;
}

const NONE_ENDED: Ended = { messages: 0, lookups: 0 };

/** One for each runtime, by its events: in a process there is one, but in tests one comes after the other. */
const handOvers = new WeakMap<EventEmitter, HandOver>();

/**
 * What the nodes of this package have to do outlives a deploy. A message that waits in a node goes on in the node of the same id, and a
 * lookup that waits in a config in the config of the same id, in its place. What no node continues with ends with `VT_CLOSED`.
 */
export class HandOver {
  readonly #RED: NodeAPI;
  readonly #runs: FlowRuns;
  readonly #types = new Set<string>();
  readonly #inboxes = new Map<string, Inbox>();
  /** Deployed, by the id of the config node. */
  readonly #services = new Map<string, VirusTotalService>();
  /** Those whose config node is closed, with lookups that wait for the next one. */
  #parked: { id: string; service: VirusTotalService }[] = [];
  /** What is to be done when the flows run. */
  #held: (() => void)[] = [];
  #onRunning: (() => void)[] = [];
  readonly #groups = new GroupIndicators();
  #resuming = false;

  /** To be called when a node type is registered: a second time means that the runtime is another. */
  static registered(RED: NodeAPI, type: string): void {
    const before = HandOver.of(RED);
    if (before.#types.has(type)) {
      before.#dispose();
      handOvers.delete(RED.events);
    }
    HandOver.of(RED).#types.add(type);
  }

  static of(RED: NodeAPI): HandOver {
    const { events } = RED as { events: EventEmitter | undefined };
    const handOver = (events && handOvers.get(events)) ?? new HandOver(RED, events);
    if (events) handOvers.set(events, handOver);
    return handOver;
  }

  private constructor(RED: NodeAPI, events: EventEmitter | undefined) {
    this.#RED = RED;
    this.#runs = new FlowRuns(events, { started: () => this.#started(), stopped: () => this.#stopped() });
  }

  get running(): boolean {
    return this.#runs.running && !this.#resuming;
  }

  whenRunning(): Promise<void> | undefined {
    return this.running ? undefined : new Promise((resolve) => this.#onRunning.push(resolve));
  }

  hold(action: () => void): void {
    this.#held.push(action);
  }

  /** The inbox of a node: that of the one with the same id before it, if there was one. */
  open(node: Node): Inbox {
    const before = this.#inboxes.get(node.id);
    if (before && before.type === node.type) {
      if (before.node !== node) before.attach(node);
      return before;
    }
    if (before) this.#end(before);
    const inbox = new Inbox(this, node);
    this.#inboxes.set(node.id, inbox);
    return inbox;
  }

  /** A config node is there. Its service goes on with what waited in the one of the same id and key. */
  configOpened(id: string, service: VirusTotalService): void {
    this.#services.set(id, service);
    this.#parked = this.#parked.filter((parked) => parked.id !== id || !service.takeOver(parked.service));
  }

  /** A config node is closed. What waits there waits for the next one of its id. */
  async configClosed(id: string, service: VirusTotalService): Promise<void> {
    if (this.#services.get(id) === service) this.#services.delete(id);
    const isNeeded = [...this.#inboxes.values()].some((inbox) => inbox.needsService?.());
    if (service.messages() === 0 && !isNeeded) return service.close();
    service.park();
    this.#parked.push({ id, service });
  }

  /** Ends the lookups that wait for a node with `VT_CLOSED`, whichever config they wait in. */
  async drop(inbox: Inbox, why: string): Promise<void> {
    await Promise.all(this.#all.map((service) => service.drop(inbox, why)));
  }

  /** The groups of messages (the id of their parts) that have a lookup which waits for its turn in the rate limit. */
  queuedGroups(): Set<string> {
    const groups = new Set<string>();
    for (const service of this.#all)
      for (const batch of service.queuedBatches())
        if ('groupId' in batch && typeof batch.groupId === 'string') groups.add(batch.groupId);
    return groups;
  }

  /** The messages of a group go out: a summary may have to name those that never arrive. */
  groupOpened(groupId: string, iocs: readonly FoundIoc[]): void {
    if (iocs.length > 1 && this.#hasSummary()) this.#groups.note(groupId, iocs);
  }

  /** The indicators of a group with these indexes; undefined when the group is not known. */
  indicatorsOf(groupId: string, indexes: readonly number[]): Indicator[] | undefined {
    return this.#groups.named(groupId, indexes);
  }

  #hasSummary(): boolean {
    for (const { type } of this.#inboxes.values()) if (type === SUMMARY) return true;
    return false;
  }

  get #all(): VirusTotalService[] {
    return [...this.#services.values(), ...this.#parked.map(({ service }) => service)];
  }

  #started(): void {
    this.#resuming = true;
    const ended: Ended[] = [...this.#inboxes.values()].map((inbox) =>
      inbox.isClosed ? this.#end(inbox) : this.#part(inbox),
    );
    for (const { service } of this.#parked.splice(0)) ended.push(this.#closeParked(service));
    for (const inbox of this.#inboxes.values()) inbox.resume();
    this.#resuming = false;
    for (const action of this.#held.splice(0)) action();
    for (const inbox of this.#inboxes.values()) inbox.beginAll();
    for (const resolve of this.#onRunning.splice(0)) resolve();
    for (const service of this.#services.values()) service.resume();
    const count = sum(ended.map((each) => each.messages));
    if (count > 0) this.#sayEnded(count, sum(ended.map((each) => each.lookups)));
  }

  /** A message can have many lookups, and a Catch node receives each. */
  #sayEnded(count: number, lookups: number): void {
    this.#RED.log.warn(
      `VirusTotal: ${counted(count, 'message')} ended with VT_CLOSED at this deploy, with ${counted(lookups, 'lookup')} in all: the ` +
        'node or its config was removed or disabled, or has another API key',
    );
  }

  #stopped(): void {
    for (const { service } of this.#parked) inBackground(service.drain(LAST_ANSWERS_MS));
    let waiting = 0;
    for (const { size } of this.#inboxes.values()) waiting += size;
    if (waiting > 0)
      this.#RED.log.warn(
        `VirusTotal: ${counted(waiting, 'message')} waited when the flows were stopped. They continue when the flows are started again, and are ` +
          'lost if Node-RED ends before that',
      );
  }

  /** The node is gone. */
  #end(inbox: Inbox): Ended {
    if (this.#inboxes.get(inbox.id) === inbox) this.#inboxes.delete(inbox.id);
    inbox.onEnd?.();
    const { size } = inbox;
    if (size === 0) return NONE_ENDED;
    const error = new VirusTotalError('VT_CLOSED', NODE_GONE);
    const open = inbox.end(lastWord(this.#RED, inbox.node, error));
    const lookups = sum(this.#all.map((service) => service.lookupsOf(inbox)));
    const rest = this.drop(inbox, NODE_GONE).then(() => new Promise(setImmediate));
    // Those that waited for something else than a lookup.
    inBackground(rest.then(() => open.forEach((receipt) => receipt.done(error))));
    return { messages: size, lookups };
  }

  /** The node may name another config by now; with another key what waits in the old one ends. */
  #part(inbox: Inbox): Ended {
    if (!inbox.service || inbox.size === 0) return NONE_ENDED;
    const now = inbox.service();
    const others = this.#all.filter((service) => !now?.sharesKeyWith(service));
    const ended = sumOf(others, inbox);
    for (const service of others) inBackground(service.drop(inbox, CONFIG_GONE));
    return ended;
  }

  /** The config is gone, or has another key. */
  #closeParked(service: VirusTotalService): Ended {
    const ended = sumOf([service]);
    inBackground(service.close(CONFIG_GONE));
    return ended;
  }

  #dispose(): void {
    this.#runs.close();
    for (const { service } of this.#parked.splice(0)) inBackground(service.close());
  }
}

function sumOf(services: readonly VirusTotalService[], inbox?: Inbox): Ended {
  return {
    messages: sum(services.map((service) => service.messages(inbox))),
    lookups: sum(services.map((service) => service.lookupsOf(inbox))),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
