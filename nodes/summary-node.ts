import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { oneLine, VirusTotalError } from '../src/errors';
import type { Arrival } from '../src/summary/arrival';
import { collect, type Collected } from '../src/summary/incident-group';
import { IncidentGroups, type EndReason, type GroupOwner } from '../src/summary/incident-groups';
import { incidentOf } from '../src/summary/incident';
import { renderSummary } from '../src/summary/render';
import { HandOver } from './hand-over';
import type { Inbox } from './inbox';
import { onInput, type MessageHandler } from './on-input';
import { OpenIncident } from './open-incident';
import type { Received } from './received';
import { rejectAllMessages } from './reject-all';
import { outerGroupOf, readArrival, type Control } from './summary-arrival';
import { readSetup, type SummaryDef, type SummarySetup } from './summary-setup';
import { SummaryStatus } from './summary-status';

/** Incidents that wait for results, and about how much memory they may take. */
const MAX_GROUPS = 1000;
const MAX_BYTES = 64 * 1024 * 1024;
/** A flow with too many of them would write a line for each message. */
const WARN_EVERY_MS = 60_000;

/** What waits in a summary node, also while the node is closed for a deploy. */
const groupsOf = new WeakMap<Inbox, IncidentGroups<OpenIncident>>();

/** Sets up a summary node that has just been created. */
export function openSummary(RED: NodeAPI, node: Node, def: SummaryDef): void {
  const handOver = HandOver.of(RED);
  const inbox = handOver.open(node);
  const groups = groupsOf.get(inbox) ?? new IncidentGroups<OpenIncident>();
  groupsOf.set(inbox, groups);
  let setup: SummarySetup;
  try {
    setup = readSetup(RED, node, def);
  } catch (problem) {
    dropAll(groups, problem as VirusTotalError);
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  const collector = new IncidentCollector({ node, handOver, groups }, setup);
  onInput(inbox, collector);
  node.on('close', (removed: boolean, done: () => void) => {
    collector.close(removed);
    done();
  });
}

/** The messages end with the error; what had come of their incidents goes with them. */
function dropAll(groups: IncidentGroups<OpenIncident>, error: VirusTotalError, id?: string): void {
  for (const { first, collected } of groups.drop(id)) {
    Object.assign(first.msg, { incident: incidentOf(collected) });
    first.fail(error);
  }
}

/** Where a node is, and what waits there. */
interface Place {
  node: Node;
  handOver: HandOver;
  groups: IncidentGroups<OpenIncident>;
}

/** Collects the messages of each incident, and sends one in their place. */
class IncidentCollector implements MessageHandler, GroupOwner<OpenIncident> {
  readonly limits: GroupOwner<OpenIncident>['limits'];
  readonly #node: Node;
  readonly #handOver: HandOver;
  readonly #groups: IncidentGroups<OpenIncident>;
  readonly #setup: SummarySetup;
  readonly #status: SummaryStatus;
  #warnedAt = -Infinity;

  constructor({ node, handOver, groups }: Place, setup: SummarySetup) {
    this.#node = node;
    this.#handOver = handOver;
    this.#groups = groups;
    this.#setup = setup;
    this.limits = { timeoutMs: setup.timeoutMs, maxGroups: MAX_GROUPS, maxBytes: MAX_BYTES };
    this.#status = new SummaryStatus(node, () => groups.progress);
    groups.attach(this);
    this.#status.changed();
  }

  receive(received: Received): void | Promise<void> {
    const { msg } = received;
    const read = readArrival(msg);
    if ('does' in read) return this.#control(read);
    if ('error' in read) {
      this.#node.warn(`Left out of the summaries, as it is no failure of a lookup: ${read.error}`);
      return;
    }
    const arrival = this.#ofRetry(read, msg);
    const { group } = arrival;
    const open = new OpenIncident(received, {
      ...(group && { groupId: group.id }),
      fromCatch: arrival.failed !== undefined,
    });
    if (!group) {
      this.ended(open, collect([arrival], true));
      return open.ended;
    }
    const outcome = this.#groups.add({ ...arrival, group }, open);
    this.#status.changed();
    if (outcome === 'opened') return open.ended;
    if (outcome === 'late' || outcome === 'duplicate') this.#sayPast(arrival, outcome);
  }

  failed(error: Error): void {
    this.#status.failed(error);
  }

  ended(first: OpenIncident, collected: Collected, why: EndReason = 'complete'): void {
    if (why === 'full') this.#warnOfLimit();
    let title: unknown;
    try {
      title = this.#setup.title(first.msg);
    } catch (thrown) {
      this.#sayNoTitle(thrown);
    }
    if (!(title instanceof Promise)) return this.#send(first, collected, title);
    title
      .catch((thrown: unknown) => this.#sayNoTitle(thrown))
      .then((value: unknown) => this.#send(first, collected, value))
      .catch((thrown: unknown) => first.fail(thrown as Error));
  }

  queuedGroups(): ReadonlySet<string> {
    return this.#handOver.queuedGroups();
  }

  close(removed: boolean): void {
    this.#groups.detach();
    this.#status.close();
    // No node will send them: the error that ends each message carries the results so far.
    if (removed)
      for (const { first, collected } of this.#groups.peek())
        Object.assign(first.msg, { incident: incidentOf(collected) });
  }

  #send(first: OpenIncident, collected: Collected, title: unknown): void {
    const { analyses, lacking = [], ...rest } = collected;
    const missing = first.groupId === undefined ? [] : this.#handOver.indicatorsOf(first.groupId, lacking);
    const { rendering } = this.#setup;
    const text = typeof title === 'string' || typeof title === 'number' ? String(title) : '';
    try {
      const summary = renderSummary(analyses, { ...rendering, ...rest, missing, title: text });
      this.#status.sent(summary.incident);
      first.send(summary);
    } catch (thrown) {
      first.fail(thrown as Error);
    }
  }

  /** A lookup that is tried again is a search of its own, within the group that still waits for it. */
  #ofRetry(arrival: Arrival, msg: NodeMessage): Arrival {
    const { group } = arrival;
    if (!group?.isUnique || group.count !== 1) return arrival;
    const outer = outerGroupOf(msg);
    if (outer?.index === undefined || !this.#groups.lacks(outer.id, outer.index)) return arrival;
    return { ...arrival, group: outer };
  }

  #control({ does, group }: Control): void {
    if (does === 'complete') this.#groups.complete(group?.id);
    else
      dropAll(
        this.#groups,
        new VirusTotalError(
          'VT_CLOSED',
          'Dropped by msg.reset: the summary of the incident was not sent yet',
        ),
        group?.id,
      );
    this.#status.changed();
  }

  #sayPast({ analyses, failed }: Arrival, outcome: 'late' | 'duplicate'): void {
    const [first] = analyses;
    const what = oneLine(String(failed?.value ?? first?.resource ?? 'a lookup'), 100);
    const verdict = failed ? failed.code : String(first?.verdict);
    this.#node.debug(
      outcome === 'late'
        ? `Late: ${what} (${verdict}) came after the summary of its incident was sent`
        : `Twice: ${what} (${verdict}) had come before and counts once`,
    );
  }

  #sayNoTitle(thrown: unknown): void {
    this.#node.warn(`Sent without its title: ${(thrown as Error).message}`);
  }

  #warnOfLimit(): void {
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#node.warn(
      `Too many open incidents: more than ${MAX_GROUPS}, or more than ${MAX_BYTES / 1024 / 1024} MiB. The oldest are sent incomplete`,
    );
  }
}
