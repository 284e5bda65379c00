import type { NodeAPI, NodeMessage } from 'node-red';
import type { Indicator } from '../src/ioc/ioc';
import type { VirusTotalService } from '../src/lookup/service';
import { readAnswer } from '../src/related/answer';
import { askRelations } from '../src/related/ask';
import { collect } from '../src/related/collect';
import { RelationPlan, type RelationResult } from '../src/related/plan';
import { pathOf, type Question } from '../src/related/question';
import { nodesIn, SeenIndicators, withNode } from '../src/related/trail';
import type { Refusals } from '../src/related/unanswered';
import { serviceOf } from './config-node';
import type { Inbox } from './inbox';
import { asError } from './lookups';
import type { NodeEvents } from './node-events';
import type { Received } from './received';
import type { RelatedMetadata, RelatedOutput } from './related-output';
import type { RelatedSetup } from './related-setup';
import { relatedSubject, type RelatedSubject } from './related-subject';
import type { StatusLine } from './status-line';
import { statusText } from './status-text';

/** What all messages of a related node have in common. */
export interface RelatedNode {
  readonly RED: NodeAPI;
  readonly inbox: Inbox;
  readonly setup: RelatedSetup;
  readonly line: StatusLine;
  readonly events: NodeEvents;
  readonly output: RelatedOutput;
}

/** What a message tells the node. */
type Controls = NodeMessage & { priority?: unknown; refresh?: unknown; pivot?: unknown };

/** To look around is never urgent: alerts go first, and the reserve of the day's quota stays. */
const PRIORITY = 9;

/** The relations that a key was refused, until its config is deployed again: the next key may have them. */
const refusedBy = new WeakMap<VirusTotalService, Refusals>();

/** Looks up the relations of the indicator of one message, and sends what it finds. */
export class RelatedLookup {
  readonly #node: RelatedNode;
  readonly #received: Received;
  readonly #depth: number;
  readonly #msg: Controls;
  readonly #metadata: RelatedMetadata = {
    action: 'related',
    found: 0,
    cached: false,
    skipped: [],
    requests: 0,
  };
  /** Of this message, to the queue. */
  readonly #batch = {};

  /** @param depth how many related nodes the message has been through */
  constructor(node: RelatedNode, received: Received, depth: number) {
    this.#node = node;
    this.#received = received;
    this.#depth = depth;
    this.#msg = received.msg;
  }

  /** @throws VirusTotalError as a rejection, when there is nothing to send */
  async run(): Promise<void> {
    try {
      const value: unknown = await this.#node.setup.source(this.#msg);
      await this.#received.whenRunning();
      if (this.#received.ended) return;
      const subject = await relatedSubject(value, this.#msg, this.#service().filter);
      const results = await this.#resultsOf(subject);
      if (!this.#received.ended) this.#send(subject, results);
    } catch (thrown) {
      const error = asError(thrown);
      this.#node.events.failed(error, this.#metadata);
      Object.assign(this.#msg, { virustotal: this.#metadata });
      throw error;
    }
  }

  /** Sends the message on without a request, as it is at the last level already. */
  passOn(): void {
    const { maxDepth } = this.#node.setup;
    const reason = `Not asked: the message is at depth ${this.#depth}, and maxDepth is ${maxDepth}`;
    this.#metadata.unanswered = [{ relation: '*', code: 'MAX_DEPTH', reason }];
    this.#send('nothing', []);
  }

  async #resultsOf(subject: RelatedSubject): Promise<readonly RelationResult[]> {
    if (subject === 'nothing') return [];
    if ('skipped' in subject) {
      this.#metadata.skipped.push(subject.skipped);
      return [];
    }
    const { indicator, isUnknown } = subject;
    Object.assign(this.#metadata, { type: indicator.type, resource: indicator.value });
    const chosen = this.#node.setup.relations[indicator.type];
    // What VirusTotal has no report of has no relations either.
    if (isUnknown || chosen.length === 0) return [];
    const { limit, maxRequests } = this.#node.setup;
    const plan = new RelationPlan(indicator, chosen, { limit, refused: refusedOf(this.#service()) });
    await askRelations(plan, {
      maxRequests,
      cost: this.#metadata,
      query: (question) => this.#query(question, indicator),
    });
    if (plan.unanswered.length > 0) this.#metadata.unanswered = plan.unanswered;
    if (plan.error) throw plan.error;
    return plan.results;
  }

  async #query(question: Question, indicator: Indicator) {
    const { inbox, line } = this.#node;
    line.status({ fill: 'blue', shape: 'dot', text: statusText('requesting') });
    const { priority, refresh } = this.#msg;
    const found = await this.#service().query(
      {
        indicator,
        path: pathOf(question),
        read: (body) => readAnswer(question, indicator, body),
      },
      {
        priority: priority === undefined || priority === null ? PRIORITY : Number(priority),
        refresh: refresh === true,
        batch: this.#batch,
        owner: inbox,
      },
    );
    // A deploy may have come meanwhile.
    await this.#received.whenRunning();
    return this.#received.ended ? undefined : found;
  }

  #send(subject: RelatedSubject, results: readonly RelationResult[]): void {
    const { events, inbox, line, output } = this.#node;
    const service = this.#service();
    const seen = new SeenIndicators(this.#msg.pivot);
    const of = typeof subject === 'object' && 'indicator' in subject ? subject.indicator : undefined;
    if (of) seen.add(of);
    const found = collect(of ?? { type: 'file', value: '' }, results, { filter: service.filter, seen });
    const metadata = this.#metadata;
    metadata.found = found.indicators.length;
    metadata.skipped.push(...found.skipped);
    if (metadata.skipped.length > 0) events.skipped(metadata.skipped);
    if (found.repeated > 0) metadata.repeated = found.repeated;
    metadata.quota = service.stats().quota;
    const nodes = withNode(nodesIn(this.#msg.pivot), inbox.node.id);
    output.send(
      this.#msg,
      { ...found, metadata, seen: seen.list(), nodes, depth: this.#depth + 1 },
      this.#received.send,
    );
    line.status({ fill: 'grey', shape: 'dot', text: statusText('related', { count: metadata.found }) });
  }

  /** The service of the config that is deployed now. @throws VirusTotalError `VT_CONFIG` */
  #service(): VirusTotalService {
    return serviceOf(this.#node.RED, this.#node.setup.server);
  }
}

function refusedOf(service: VirusTotalService): Refusals {
  const known = refusedBy.get(service) ?? (new Map() as Refusals);
  refusedBy.set(service, known);
  return known;
}
