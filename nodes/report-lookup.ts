import type { Node, NodeAPI, NodeMessage } from 'node-red';
import type { Extraction } from '../src/ioc/extract';
import type { FoundIoc } from '../src/ioc/ioc';
import type { IndicatorFilter } from '../src/ioc/indicator-filter';
import type { VirusTotalService } from '../src/lookup/service';
import { ArrayResult } from './array-result';
import { serviceOf } from './config-node';
import { EachResult } from './each-result';
import { HandOver } from './hand-over';
import type { Inbox } from './inbox';
import { Lookups, type Results } from './lookups';
import { MessageLookup, type LookupSetup } from './message-lookup';
import type { Received } from './received';
import { SingleResult } from './single-result';

/** What a message tells the node about its lookups. */
type Controls = NodeMessage & { priority?: unknown; refresh?: unknown };

/** Stands for a message in the service. */
interface Batch {
  /** Of its parts, for a summary that waits for the lookups. */
  groupId?: string;
}

/** How reports are asked for and go out. */
export interface ReportSetup extends LookupSetup {
  readonly RED: NodeAPI;
  readonly node: Node;
  readonly inbox: Inbox;
  /** Id of the config node. */
  readonly server: string | undefined;
  readonly emit: 'each' | 'array' | undefined;
}

/** The lookup of a message that goes out with its reports, by the service of the node's config. */
export class ReportLookup extends MessageLookup {
  readonly #setup: ReportSetup;
  /** The one whose filter let the indicators through. */
  #service: VirusTotalService | undefined;

  constructor(setup: ReportSetup, received: Received) {
    super(setup, received);
    this.#setup = setup;
  }

  ask(found: Extraction): void | Promise<void> {
    const iocs = this.take(found);
    const service = this.#service;
    if (iocs.length === 0 || !service) return;
    const { inbox, status, events } = this.#setup;
    const { priority, refresh } = this.msg as Controls;
    // The batch stands for the message, see `LookupOptions`.
    const results = this.#results(iocs);
    const { groupId } = results;
    const batch: Batch = groupId === undefined ? {} : { groupId };
    if (groupId !== undefined) HandOver.of(this.#setup.RED).groupOpened(groupId, iocs);
    const options = { priority: priorityOf(priority), refresh: refresh === true, batch, owner: inbox };
    // As a whole: thousands of errors for one message would take the room that there isn't.
    const refusal = service.refusal(iocs, options);
    if (refusal) throw refusal;
    const lookups = new Lookups(events.observe(results, iocs), status, iocs.length);
    service.request(iocs, options, lookups);
    this.#countHits(lookups.hits, iocs.length);
    return lookups.done();
  }

  protected filter(): IndicatorFilter {
    const { RED, server } = this.#setup;
    this.#service = serviceOf(RED, server);
    return this.#service.filter;
  }

  #results(iocs: readonly FoundIoc[]): Results {
    if (this.isSingle) return new SingleResult(this);
    return this.#setup.emit === 'array' ? new ArrayResult(this, iocs) : new EachResult(this, iocs);
  }

  #countHits(hits: number, lookups: number): void {
    const { RED, node } = this.#setup;
    if (!RED.log.metric()) return;
    for (let i = 0; i < lookups; i++) node.metric(i < hits ? 'cache.hit' : 'cache.miss', this.msg, 1);
  }
}

/** Of a message: 0 first .. 9 last; undefined for none. */
export function priorityOf(value: unknown): number | undefined {
  const priority = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof priority === 'number' && Number.isFinite(priority) ? priority : undefined;
}
