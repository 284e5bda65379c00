import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { VirusTotalError } from '../src/errors';
import { dxlRequest } from '../src/dxl/request';
import type { Extraction } from '../src/ioc/extract';
import type { Indicator, IocType, SkippedIoc } from '../src/ioc/ioc';
import { IndicatorFilter } from '../src/ioc/indicator-filter';
import type { VirusTotalService } from '../src/lookup/service';
import { OPTIONS } from '../src/options';
import { ArrayResult } from './array-result';
import type { LookupMetadata } from './lookup-metadata';
import { deployedService, serviceOf } from './config-node';
import { EachResult } from './each-result';
import type { Inbox } from './inbox';
import { USUAL_PLACE } from './missing-report';
import { LookupStatus, type LookupState } from './lookup-status';
import { asError, Lookups, type Results } from './lookups';
import { MessageFanOut } from './message-fan-out';
import type { Received } from './received';
import type { Outgoing } from './outgoing';
import { ReportOutput, type OutputDef } from './report-output';
import { SingleResult } from './single-result';
import { listSkipped } from './skipped';
import { createSource, nameOfSource, type Source, type SourceDef } from './source';
import { switchOf } from './switch';

export interface LookupDef extends NodeDef, SourceDef, OutputDef {
  server?: string;
  action?: 'search' | IocType;
  hosts?: unknown;
  mailDomains?: unknown;
  quota?: unknown;
  emit?: 'each' | 'array';
  onError?: 'catch' | 'report';
  via?: 'virustotal' | 'dxl';
}

/** What a message tells the node about itself. */
type Controls = NodeMessage & { priority?: unknown; refresh?: unknown; reset?: unknown };

const ACTION = OPTIONS.virustotal;

/** What the VirusTotal node does with each message. */
export class LookupController implements Outgoing {
  readonly #RED: NodeAPI;
  readonly #node: Node;
  readonly #def: LookupDef;
  readonly #action: 'search' | IocType;
  readonly #searchOptions: { hosts: boolean; mailDomains: boolean };
  readonly #tellsQuota: boolean;
  readonly output: ReportOutput;
  readonly #source: Source;
  readonly #inbox: Inbox;
  readonly #status: LookupStatus;
  readonly #unsubscribe: () => void;

  /** @throws VirusTotalError `VT_CONFIG` for a switch that is neither yes nor no */
  constructor(RED: NodeAPI, node: Node, def: LookupDef, inbox: Inbox) {
    this.#RED = RED;
    this.#node = node;
    this.#def = def;
    this.#action = def.action ?? ACTION.action.default;
    this.#searchOptions = {
      hosts: switchOf('hosts', def.hosts, ACTION.hosts.default),
      mailDomains: switchOf('mailDomains', def.mailDomains, ACTION.mailDomains.default),
    };
    this.#tellsQuota = switchOf('quota', def.quota, ACTION.quota.default);
    this.output = new ReportOutput(RED, def.via === 'dxl' ? {} : def);
    this.#source = createSource(RED, node, def);
    this.#inbox = inbox;
    inbox.service = () => (def.via === 'dxl' ? undefined : this.#deployedService());
    this.#status = this.#openStatus();
    this.#unsubscribe = this.#deployedService()?.onChange(() => this.#status.refresh()) ?? (() => undefined);
    if (def.via === 'dxl') return;
    this.#showConfigProblem();
    // The key may have a problem already.
    this.#status.refresh();
  }

  /** Throws or rejects with what ends the whole message; an indicator of a search that fails ends by itself. */
  receive(received: Received): void | Promise<void> {
    const { msg } = received;
    if ((msg as Controls).reset === true) return this.#reset();
    const metadata: LookupMetadata = { action: this.#action, found: 0, cached: false, skipped: [] };
    if (this.#action !== 'search') metadata.type = this.#action;
    const placementError = this.output.placementError(msg);
    if (placementError) return this.#failed(received, metadata, placementError);
    try {
      const value = this.#source(msg);
      const done =
        value instanceof Promise
          ? value.then((got) => this.#whenRunning(received, () => this.#lookUp(received, metadata, got)))
          : this.#lookUp(received, metadata, value);
      return done?.catch((error: unknown) => this.#failed(received, metadata, error));
    } catch (error) {
      this.#failed(received, metadata, error);
    }
  }

  /** What waits goes on in the node that a deploy puts in its place, which shows it too. */
  close(): void {
    this.#unsubscribe();
    this.#status.close();
  }

  /** Puts `msg.virustotal` into a message that is about to go out. */
  addMetadata(msg: NodeMessage, metadata: LookupMetadata): NodeMessage {
    const quota = this.#tellsQuota ? this.#deployedService()?.stats().quota : undefined;
    if (quota) metadata.quota = quota;
    return Object.assign(msg, { virustotal: metadata });
  }

  /** Whether a failure goes on as a report. A closed or reset node has nobody to report to. */
  sendsErrorReports({ code }: VirusTotalError): boolean {
    return this.#def.onError === 'report' && code !== 'VT_CLOSED';
  }

  /** The message property that the indicators come from; undefined when they come from another source. */
  get sourceProperty(): string | undefined {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    return sourceType === 'msg' ? source : undefined;
  }

  /** Where an indicator stood, seen from the message or context. */
  pathOf(path: string): string {
    const { source = 'payload', sourceType = 'msg' } = this.#def;
    if (sourceType === 'jsonata' || sourceType === 'str') return path;
    return path === '' || path.startsWith('[') ? source + path : `${source}.${path}`;
  }

  /** A lookup of another node for the same indicator goes on. */
  #reset(): Promise<void> {
    return this.#inbox.drop('Dropped by msg.reset: the lookup had not ended yet');
  }

  #openStatus(): LookupStatus {
    const { kept } = this.#inbox;
    const state = (): LookupState | undefined => this.#lookupState();
    // One that can't ask says so, and not what becomes of what waited.
    if (!(kept instanceof LookupStatus) || !this.#inbox.service?.())
      return (this.#inbox.kept = new LookupStatus(this.#node, state));
    kept.moveTo(this.#node, state);
    return kept;
  }

  #lookupState(): LookupState | undefined {
    const service = this.#deployedService();
    return service && { ...service.stats(), averageIntervalMs: service.averageIntervalMs };
  }

  #showConfigProblem(): void {
    try {
      serviceOf(this.#RED, this.#def.server);
    } catch (problem) {
      this.#status.messageFailed(asError(problem));
    }
  }

  #deployedService(): VirusTotalService | undefined {
    return deployedService(this.#RED, this.#def.server);
  }

  /** A failure of the whole message: to a Catch node, or on as a report that says so. */
  #failed({ msg, send }: Received, metadata: LookupMetadata, thrown: unknown): void {
    const error = asError(thrown);
    this.#status.messageFailed(error);
    this.addMetadata(msg, metadata);
    if (!this.sendsErrorReports(error) || this.output.placementError(msg)) throw error;
    const single = this.#asPartOfOne(msg);
    this.output.put(single, this.output.failure(metadata, error));
    send(single);
  }

  /** The only message that a search makes of one has parts all the same: a join node behind it may wait for them. */
  #asPartOfOne(msg: NodeMessage): NodeMessage {
    return this.#action !== 'search' || this.#def.emit === 'array' ? msg : this.#copies(msg, 1).copy(0);
  }

  #copies(msg: NodeMessage, count: number): MessageFanOut {
    return new MessageFanOut(this.#RED, msg, this.output.property, count);
  }

  /** Work that waited for something else goes on: after a deploy, and only if a node still has the message. */
  async #whenRunning(received: Received, work: () => void | Promise<void>): Promise<void> {
    await received.whenRunning();
    if (!received.ended) await work();
  }

  /** @throws VirusTotalError `VT_CONFIG` when there is none to ask, though there should be */
  #service(): VirusTotalService | undefined {
    return this.#def.via === 'dxl' ? undefined : serviceOf(this.#RED, this.#def.server);
  }

  #lookUp(received: Received, metadata: LookupMetadata, value: unknown): void | Promise<void> {
    const service = this.#service();
    const filter = service?.filter ?? this.#deployedService()?.filter ?? new IndicatorFilter();
    if (this.#action === 'search') return this.#search(received, metadata, value, filter, service);

    metadata.resource = shortText(value);
    const checked = this.#check(filter, this.#action, value);
    if ('skipped' in checked) {
      metadata.resource = checked.skipped.value;
      Object.assign(metadata, listSkipped([checked.skipped]));
      return this.#sendWithoutReport(received, metadata);
    }
    const { indicator } = checked;
    metadata.resource = indicator.value;
    metadata.found = 1;
    this.addMetadata(received.msg, metadata);
    if (!service) return this.#sendDxlRequest(received, received.msg, indicator);
    return this.#find(service, [indicator], received, new SingleResult(this, received, metadata));
  }

  #check(
    filter: IndicatorFilter,
    type: IocType,
    value: unknown,
  ): { indicator: Indicator } | { skipped: SkippedIoc } {
    try {
      return filter.validate(type, value);
    } catch (error) {
      // What is no text can't be quoted in the reason: it says where it came from.
      if (shortText(value).trim() !== '') throw error;
      const text = asError(error).message.replace(': ', `: ${nameOfSource(this.#def)} is `);
      throw new VirusTotalError('VT_INVALID_IOC', text);
    }
  }

  #search(
    received: Received,
    metadata: LookupMetadata,
    value: unknown,
    filter: IndicatorFilter,
    service: VirusTotalService | undefined,
  ): void | Promise<void> {
    if (value === undefined || value === null || value === '')
      throw new VirusTotalError(
        'VT_INVALID_IOC',
        `Nothing to search: ${nameOfSource(this.#def)} is ${value === '' ? 'empty' : 'missing'}`,
      );
    const found = filter.extract(value, this.#searchOptions);
    return found instanceof Promise
      ? found.then((late) =>
          this.#whenRunning(received, () => {
            // A deploy has changed what may be sent: it is looked for anew.
            if (this.#service() !== service) return this.#lookUp(received, metadata, value);
            return this.#lookUpAll(received, metadata, late, service);
          }),
        )
      : this.#lookUpAll(received, metadata, found, service);
  }

  #lookUpAll(
    received: Received,
    metadata: LookupMetadata,
    { iocs, skipped }: Extraction,
    service: VirusTotalService | undefined,
  ): void | Promise<void> {
    Object.assign(metadata, { found: iocs.length, ...listSkipped(skipped) });
    if (iocs.length === 0) return this.#sendWithoutReport(received, metadata);
    if (service && this.#def.emit === 'array')
      return this.#find(service, iocs, received, new ArrayResult(this, received, metadata, iocs));
    const each = new EachResult(this, received, metadata, iocs, this.#copies(received.msg, iocs.length));
    if (service) return this.#find(service, iocs, received, each);
    for (const [index, ioc] of iocs.entries()) this.#sendDxlRequest(received, each.at(index), ioc);
  }

  #find(
    service: VirusTotalService,
    indicators: readonly Indicator[],
    { msg }: Received,
    results: Results,
  ): void | Promise<void> {
    const { priority, refresh } = msg as Controls;
    // It stands for the message, see `LookupOptions`.
    const batch = {};
    const onLookup = this.#RED.log.metric()
      ? (cached: boolean) => this.#node.metric(cached ? 'cache.hit' : 'cache.miss', msg, 1)
      : undefined;
    const options = { priority: priorityOf(priority), refresh: refresh === true, batch, owner: this.#inbox };
    // As a whole: thousands of errors for one message would take the room that there isn't.
    const refusal = service.refusal(indicators, options);
    if (refusal) throw refusal;
    this.#status.begin(indicators.length);
    return new Lookups(results, this.#status).run(service, indicators, options, onLookup);
  }

  /** Nothing to ask about: the message goes on without a report, so that a flow that waits for it goes on too. */
  #sendWithoutReport({ msg, send }: Received, metadata: LookupMetadata): void {
    const place = nameOfSource(this.#def);
    if (metadata.skipped.length === 0 && place !== USUAL_PLACE) metadata.source = place;
    this.#status.noLookup(metadata.skipped.length > 0 ? 'skipped' : 'nothing');
    const single = this.addMetadata(this.#asPartOfOne(msg), metadata);
    this.output.clear(single);
    send(single);
  }

  #sendDxlRequest({ send }: Received, msg: NodeMessage, indicator: Indicator): void {
    const { topic, payload } = dxlRequest(indicator);
    send(Object.assign(msg, { dxlTopic: topic, payload }));
  }
}

function priorityOf(value: unknown): number | undefined {
  const priority = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof priority === 'number' && Number.isFinite(priority) ? priority : undefined;
}

/** For a message about a value that isn't an indicator. */
function shortText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
