import type { Node, NodeAPI, NodeDef } from 'node-red';
import { quote, VirusTotalError } from '../src/errors';
import { EVENT_KINDS, EVENTS, type EventKind } from '../src/events/event';
import { EventQueue } from '../src/events/event-queue';
import { OPTIONS } from '../src/options';
import { EventHub, type Place, type PublishedEvent } from './event-hub';
import { HandOver } from './hand-over';
import { StatusLine } from './status-line';
import { statusText } from './status-text';

export interface EventsDef extends NodeDef {
  server?: string;
  kinds?: string | string[];
}

/** Events that wait for the flow. What makes them never waits: when there are more, the rest is dropped and counted. */
const MAX_WAITING = 10_000;

const KINDS = OPTIONS['virustotal-events'].kinds;

type Queue = EventQueue<PublishedEvent>;

/** Sets up an events node that has just been created. What happens during a deploy is sent by the node of the same id after it. */
export function openEvents(RED: NodeAPI, node: Node, def: EventsDef): void {
  const inbox = HandOver.of(RED).open(node);
  const line = new StatusLine(node);
  let kinds: ReadonlySet<EventKind>;
  try {
    kinds = readKinds(def.kinds);
  } catch (problem) {
    line.failed(problem as VirusTotalError);
    node.error((problem as VirusTotalError).message);
    return;
  }
  const kept = inbox.kept as { queue: Queue; unsubscribe: () => void } | undefined;
  kept?.unsubscribe();
  const queue = kept?.queue ?? new EventQueue<PublishedEvent>(MAX_WAITING);
  const unsubscribe = EventHub.of(RED).subscribe({
    kinds,
    ...(def.server ? { config: def.server } : {}),
    heard: (event) => queue.add(event),
  });
  inbox.kept = { queue, unsubscribe };
  const attach = (): void =>
    queue.attach({
      item: (event) => node.send(messageOf(event)),
      dropped: (count) => {
        node.send(droppedMessage(count));
        line.status({ fill: 'yellow', shape: 'ring', text: statusText('eventsDropped', { count }) });
      },
    });
  const ready = HandOver.of(RED).whenRunning();
  let isClosed = false;
  if (ready) ready.then(() => isClosed || attach()).catch((error: unknown) => node.error(String(error)));
  else attach();
  node.on('close', (removed: boolean, done: () => void) => {
    isClosed = true;
    queue.detach();
    if (removed) unsubscribe();
    done();
  });
}

/** @throws VirusTotalError `VT_CONFIG` */
function readKinds(given: unknown): ReadonlySet<EventKind> {
  const list: unknown[] = Array.isArray(given)
    ? given
    : (typeof given === 'string' && given !== '' ? given : KINDS.default).split(',');
  const names = list.map((each) => String(each).trim()).filter(Boolean);
  if (names.includes(KINDS.default)) return new Set(EVENT_KINDS);
  const kinds = names.flatMap((name) => EVENT_KINDS.find((kind) => kind === name) ?? []);
  const unknown = names.find((name) => !(EVENT_KINDS as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new VirusTotalError(
      'VT_CONFIG',
      `Not valid: kinds has ${quote(unknown)}; it must be all, or some of ${EVENT_KINDS.join(', ')}`,
    );
  return new Set(kinds);
}

/** Where an event happened, as a part of its message: the same for all events of a node. */
const places = new WeakMap<Place, Readonly<Record<string, string>>>();

/** The event as a flat object. */
function messageOf({ time, event, place, fields }: PublishedEvent): { topic: string; payload: object } {
  const { kind, severity } = EVENTS[event];
  const payload = { time: isoTime(time), event, kind, severity };
  return { topic: event, payload: Object.assign(payload, placeFields(place), fields) };
}

function placeFields(place: Place): Readonly<Record<string, string>> {
  let fields = places.get(place);
  if (fields) return fields;
  const { config, node } = place;
  fields = {
    ...(config ? { config: config.name || config.id, configId: config.id } : {}),
    ...(node
      ? { node: node.name || node.id, nodeId: node.id, flow: node.flow || node.flowId, flowId: node.flowId }
      : {}),
  };
  places.set(place, fields);
  return fields;
}

let last = { time: NaN, text: '' };

/** Many events share a millisecond. */
function isoTime(time: number): string {
  if (time !== last.time) last = { time, text: new Date(time).toISOString() };
  return last.text;
}

/** A log that lacks events says so. */
function droppedMessage(count: number): { topic: string; payload: object } {
  const time = new Date().toISOString();
  return { topic: 'dropped', payload: { time, event: 'dropped', kind: 'dropped', severity: 4, count } };
}
