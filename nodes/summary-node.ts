import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { oneLine, quote, VirusTotalError } from '../src/errors';
import { numberOf, OPTIONS, rangeText } from '../src/options';
import type { Arrival } from '../src/summary/arrival';
import { collect, type Collected } from '../src/summary/incident-group';
import { IncidentGroups, type EndReason, type GroupOwner } from '../src/summary/incident-groups';
import { incidentOf } from '../src/summary/incident';
import { renderSummary, type SummaryOptions } from '../src/summary/render';
import { HandOver } from './hand-over';
import type { Inbox } from './inbox';
import { onInput, type MessageHandler } from './on-input';
import { OpenIncident } from './open-incident';
import type { Received } from './received';
import { rejectAllMessages } from './reject-all';
import { runtimeLanguage } from './runtime-language';
import { createSource, type Source } from './source';
import { outerGroupOf, readArrival, type Control } from './summary-arrival';
import { SummaryStatus } from './summary-status';
import { switchOf } from './switch';

export interface SummaryDef extends NodeDef {
  format?: string;
  timeout?: number | string;
  maxItems?: number | string;
  defang?: boolean | string;
  language?: string;
  title?: string;
  titleType?: string;
}

const SUMMARY = OPTIONS['virustotal-summary'];
/** Incidents that wait for results, and about how much memory they may take. */
const MAX_GROUPS = 1000;
const MAX_BYTES = 64 * 1024 * 1024;
/** A flow with too many of them would write a line for each message. */
const WARN_EVERY_MS = 60_000;

interface Setup {
  rendering: SummaryOptions;
  timeoutMs: number;
  title: Source;
}

/** What waits in a summary node, also while the node is closed for a deploy. */
const groupsOf = new WeakMap<Inbox, IncidentGroups<OpenIncident>>();

/** Sets up a summary node that has just been created. */
export function openSummary(RED: NodeAPI, node: Node, def: SummaryDef): void {
  const inbox = HandOver.of(RED).open(node);
  const groups = groupsOf.get(inbox) ?? new IncidentGroups<OpenIncident>();
  groupsOf.set(inbox, groups);
  let setup: Setup;
  try {
    setup = readSetup(RED, node, def);
  } catch (problem) {
    dropAll(groups, problem as VirusTotalError);
    rejectAllMessages(inbox, problem as VirusTotalError);
    return;
  }
  const collector = new IncidentCollector(node, groups, setup);
  onInput(inbox, collector);
  node.on('close', (removed: boolean, done: () => void) => {
    collector.close(removed);
    done();
  });
}

/** @throws VirusTotalError `VT_CONFIG` */
function readSetup(RED: NodeAPI, node: Node, def: SummaryDef): Setup {
  const { defang, title = SUMMARY.title.default } = def;
  const titleType = choiceIn(
    'titleType',
    SUMMARY.titleType.choices,
    def.titleType || SUMMARY.titleType.default,
  );
  return {
    rendering: {
      format: choiceIn('format', SUMMARY.format.choices, def.format || SUMMARY.format.default),
      maxItems: numberIn('maxItems', def.maxItems),
      // Unless a flow says it, each form has a default of its own.
      ...(defang === undefined || defang === ''
        ? {}
        : { defang: switchOf('defang', defang, SUMMARY.defang.default) }),
      language: def.language || runtimeLanguage(RED),
    },
    timeoutMs: numberIn('timeout', def.timeout) * 1000,
    title: title.trim() === '' ? () => '' : createSource(RED, node, { source: title, sourceType: titleType }),
  };
}

/** @throws VirusTotalError `VT_CONFIG` for a value that is none of the choices */
function choiceIn<T extends string>(name: string, choices: readonly T[], value: string): T {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw misconfigured(
    `Not valid: ${name} is ${quote(String(value))}; it must be one of ${choices.join(', ')}`,
  );
}

/** @throws VirusTotalError `VT_CONFIG` for a number out of range */
function numberIn(name: 'timeout' | 'maxItems', value: unknown): number {
  const number = numberOf(SUMMARY[name], value);
  if (number !== undefined) return number;
  throw misconfigured(
    `Not valid: ${name} is ${quote(String(value))}; it must be ${rangeText(SUMMARY[name])}`,
  );
}

function misconfigured(message: string): VirusTotalError {
  return new VirusTotalError('VT_CONFIG', message);
}

/** The messages end with the error; what had come of their incidents goes with them. */
function dropAll(groups: IncidentGroups<OpenIncident>, error: VirusTotalError, id?: string): void {
  for (const { first, collected } of groups.drop(id)) {
    Object.assign(first.msg, { incident: incidentOf(collected) });
    first.fail(error);
  }
}

/** Collects the messages of each incident, and sends one in their place. */
class IncidentCollector implements MessageHandler, GroupOwner<OpenIncident> {
  readonly limits: GroupOwner<OpenIncident>['limits'];
  readonly #node: Node;
  readonly #groups: IncidentGroups<OpenIncident>;
  readonly #setup: Setup;
  readonly #status: SummaryStatus;
  #warnedAt = -Infinity;

  constructor(node: Node, groups: IncidentGroups<OpenIncident>, setup: Setup) {
    this.#node = node;
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
      title = Promise.reject(thrown as Error);
    }
    if (!(title instanceof Promise)) return this.#send(first, collected, title);
    title
      .catch((thrown: unknown) => {
        this.#node.warn(`Sent without its title: ${(thrown as Error).message}`);
      })
      .then((value: unknown) => this.#send(first, collected, value))
      .catch((thrown: unknown) => first.fail(thrown as Error));
  }

  isQueued(_id: string): boolean {
    return false;
  }

  close(removed: boolean): void {
    this.#groups.detach();
    this.#status.close();
    // Nobody will send them: the error that each message ends with has what had come.
    if (removed)
      for (const { first, collected } of this.#groups.peek())
        Object.assign(first.msg, { incident: incidentOf(collected) });
  }

  #send(first: OpenIncident, collected: Collected, title: unknown): void {
    const { analyses, ...rest } = collected;
    const { rendering } = this.#setup;
    const text = typeof title === 'string' || typeof title === 'number' ? String(title) : '';
    try {
      const summary = renderSummary(analyses, { ...rendering, ...rest, title: text });
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

  #warnOfLimit(): void {
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#node.warn(
      `Too many open incidents: more than ${MAX_GROUPS}, or more than ${MAX_BYTES / 1024 / 1024} MiB. The oldest are sent incomplete`,
    );
  }
}
