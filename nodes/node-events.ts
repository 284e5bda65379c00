import type { Node, NodeAPI } from 'node-red';
import type { Analysis } from '../src/analysis/analysis';
import type { VirusTotalError } from '../src/errors';
import type { FoundIoc, SkippedIoc } from '../src/ioc/ioc';
import type { LookupResult } from '../src/lookup/service';
import { EventHub, type Place } from './event-hub';
import type { LookupMetadata } from './lookup-metadata';
import type { Results } from './lookups';

/** Of what was not sent for one reason, an event lists the first. */
const LISTED = 10;

/** Tells what a node does with its messages. */
export class NodeEvents {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #server: string | undefined;
  readonly #hub: EventHub;
  readonly #told = new WeakSet<Error>();
  #place: Place | undefined;

  /** @param server id of the config node */
  constructor(RED: NodeAPI, node: Node, server: string | undefined) {
    this.#RED = RED;
    this.#node = node;
    this.#server = server;
    this.#hub = EventHub.of(RED);
  }

  /** The results of lookups, each told as it comes; the same object while nothing has subscribed. */
  observe(results: Results, iocs: readonly FoundIoc[]): Results {
    if (!this.#hub.isActive) return results;
    if (!this.#hub.wants('lookup', this.#server) && !this.#hub.wants('refused', this.#server)) return results;
    return new ObservedResults(results, this, iocs);
  }

  /** One event for each reason. */
  skipped(skipped: readonly SkippedIoc[]): void {
    if (!this.#hub.isActive || !this.#hub.wants('skipped', this.#server)) return;
    const byReason = new Map<string, { count: number; values: string[] }>();
    for (const { value, reason } of skipped) {
      const entry = byReason.get(reason) ?? { count: 0, values: [] };
      byReason.set(reason, entry);
      entry.count += 1;
      if (entry.values.length < LISTED) entry.values.push(value);
    }
    for (const [reason, { count, values }] of byReason)
      this.#hub.publish('skipped', this.#where(), { reason, count, values: values.join(', ') });
  }

  /** A Report Analysis node has judged a report. */
  judged(analysis: Analysis): void {
    if (!this.#hub.isActive || !this.#hub.wants('verdict', this.#server)) return;
    const { verdict, type, resource, positives, total, rule, confidence, reasons } = analysis;
    const known = { type, value: resource, positives, total, rule, confidence };
    this.#hub.publish('verdict', this.#where(), {
      verdict,
      ...Object.fromEntries(
        Object.entries(known).filter(([, value]) => value !== null && value !== undefined),
      ),
      reasons: reasons.map(({ code }) => code).join(', '),
    });
  }

  /** A message has ended with this error; nothing is told twice. */
  failed(error: VirusTotalError, { type, resource }: Pick<LookupMetadata, 'type' | 'resource'>): void {
    if (this.#hub.isActive && !this.#told.has(error)) this.refused(error, { type, value: resource });
  }

  /** Something goes to VirusTotal that is not a lookup. */
  submitted(action: string, { type, value }: Pick<FoundIoc, 'type' | 'value'>): void {
    if (this.#hub.isActive) this.#hub.publish('submitted', this.#where(), { action, type, value });
  }

  /** @internal for the results of lookups */
  found({ type, value }: FoundIoc, { report, cached }: LookupResult, ms: number): void {
    const { response_code: responseCode, positives, total } = report;
    const fields: Record<string, string | number | boolean> = { type, value, cached, ms, responseCode };
    if (positives !== undefined) fields['positives'] = positives;
    if (total !== undefined) fields['total'] = total;
    this.#hub.publish('lookup', this.#where(), fields);
  }

  /** @internal for the results of lookups */
  refused(
    error: VirusTotalError,
    indicator: { type?: string | undefined; value?: string | undefined },
  ): void {
    this.#told.add(error);
    const { code, message, status } = error;
    const { type, value } = indicator;
    this.#hub.publish('refused', this.#where(), {
      ...(type === undefined ? {} : { type }),
      ...(value === undefined ? {} : { value }),
      ...{ code, message },
      ...(status === undefined ? {} : { status }),
    });
  }

  #where(): Place {
    this.#place ??= { config: this.#config(), node: this.#describe() };
    return this.#place;
  }

  #config(): Place['config'] {
    if (!this.#server) return undefined;
    const config = this.#RED.nodes.getNode(this.#server) as Node | null;
    return { id: this.#server, name: config?.name };
  }

  #describe(): Place['node'] {
    const { id, name = '', z: flowId = '' } = this.#node as Node & { z?: string };
    let flow = '';
    this.#RED.nodes.eachNode((def) => {
      const { label } = def as { label?: unknown };
      if (def.id === flowId && typeof label === 'string') flow = label;
    });
    return { id, name, flow, flowId };
  }
}

/** Passes the results on, and tells of each. */
class ObservedResults implements Results {
  readonly #results: Results;
  readonly #events: NodeEvents;
  readonly #iocs: readonly FoundIoc[];
  readonly #startedAt = performance.now();

  constructor(results: Results, events: NodeEvents, iocs: readonly FoundIoc[]) {
    this.#results = results;
    this.#events = events;
    this.#iocs = iocs;
  }

  get groupId(): string | undefined {
    return this.#results.groupId;
  }

  found(index: number, found: LookupResult): void {
    this.#events.found(this.#iocs[index] as FoundIoc, found, Math.round(performance.now() - this.#startedAt));
    this.#results.found(index, found);
  }

  failed(index: number, error: VirusTotalError): void {
    this.#events.refused(error, this.#iocs[index] as FoundIoc);
    this.#results.failed(index, error);
  }

  end(): void | Promise<void> {
    return this.#results.end();
  }
}
